#include "evaluation/fhir_requirements.hpp"

#include "base/json_writer.hpp"

#include <algorithm>

namespace caveat {

namespace {

// One DataRequirement: a type of resource, and where in it which codes are looked for.
struct Requirement {
  FhirType type = FhirType::kCondition;
  std::string path;                ///< `code`, `component.code`, `medication`; empty: no codes
  std::vector<std::string> codes;  ///< each `system|code`
  std::string must_support;
};

std::string path_of(const FhirBinding& binding) {
  switch (binding.resource) {
    case FhirType::kPatient:
    case FhirType::kQuestionnaireResponse: return {};
    case FhirType::kMedicationRequest:
    case FhirType::kMedicationStatement: return "medication";
    default: return binding.component.empty() ? "code" : "component.code";
  }
}

std::vector<Requirement> requirements_of(const FactDeclaration& fact) {
  std::vector<Requirement> out;
  for (const FhirBinding& binding : fact.fhir) {
    Requirement wanted;
    wanted.type = binding.resource;
    wanted.path = path_of(binding);
    wanted.must_support = binding.element;
    if (binding.resource == FhirType::kQuestionnaireResponse) wanted.must_support = "item";
    auto found = std::find_if(out.begin(), out.end(), [&](const Requirement& each) {
      return each.type == wanted.type && each.path == wanted.path && each.must_support == wanted.must_support;
    });
    if (found == out.end()) found = out.insert(out.end(), std::move(wanted));
    const std::vector<std::string> component = {binding.component};
    for (const std::string& code : binding.component.empty() ? binding.codes : component) {
      if (std::find(found->codes.begin(), found->codes.end(), code) == found->codes.end()) found->codes.push_back(code);
    }
  }
  return out;
}

// The element that says when it was so.
std::string_view date_path(FhirType type) {
  switch (type) {
    case FhirType::kObservation:
    case FhirType::kMedicationStatement: return "effective";
    case FhirType::kMedicationRequest: return "authoredOn";
    case FhirType::kQuestionnaireResponse: return "authored";
    case FhirType::kCondition:
    case FhirType::kAllergyIntolerance: return "recordedDate";
    case FhirType::kPatient: break;
  }
  return {};
}

std::string_view ucum_of(Precision unit) {
  switch (unit) {
    case Precision::kYear: return "a";
    case Precision::kMonth: return "mo";
    case Precision::kWeek: return "wk";
    default: return "d";
  }
}

void write_coding(JsonWriter& json, std::string_view code) {
  const auto parts = split_code(code);
  if (!parts) return;
  json.begin_object();
  json.member("system", parts->system);
  json.member("code", parts->code);
  json.end_object();
}

void write_code_filter(JsonWriter& json, const Requirement& requirement) {
  json.key("codeFilter");
  json.begin_array();
  json.begin_object();
  json.member("path", std::string_view(requirement.path));
  json.key("code");
  json.begin_array();
  for (const std::string& code : requirement.codes) write_coding(json, code);
  json.end_array();
  json.end_object();
  json.end_array();
}

void write_date_filter(JsonWriter& json, std::string_view path, const Period& valid_for) {
  json.key("dateFilter");
  json.begin_array();
  json.begin_object();
  json.member("path", path);
  json.key("valueDuration");
  json.begin_object();
  json.member("value", valid_for.amount);
  json.member("unit", to_string(valid_for.unit));
  json.member("system", "http://unitsofmeasure.org");
  json.member("code", ucum_of(valid_for.unit));
  json.end_object();
  json.end_object();
  json.end_array();
}

void write_requirement(JsonWriter& json, const Requirement& requirement, const std::optional<Period>& valid_for) {
  json.begin_object();
  json.member("type", to_string(requirement.type));
  if (!requirement.must_support.empty()) {
    json.key("mustSupport");
    json.begin_array();
    json.value(std::string_view(requirement.must_support));
    json.end_array();
  }
  if (!requirement.codes.empty()) write_code_filter(json, requirement);
  const std::string_view path = date_path(requirement.type);
  if (valid_for && !path.empty()) write_date_filter(json, path, *valid_for);
  json.end_object();
}

}  // namespace

bool has_requirements(const EvaluationData& data) {
  return std::any_of(data.questions.begin(), data.questions.end(),
                     [&](const Question& question) { return !data.vocabulary()[question.fact].fhir.empty(); });
}

void write_requirements(const EvaluationData& data, JsonWriter& json) {
  const auto& valid_for = data.pack().valid_for;
  json.begin_array();
  for (const Question& question : data.questions) {
    const std::optional<Period> period =
        question.fact < valid_for.size() ? valid_for[question.fact] : std::optional<Period>();
    for (const Requirement& requirement : requirements_of(data.vocabulary()[question.fact]))
      write_requirement(json, requirement, period);
  }
  json.end_array();
}

}  // namespace caveat
