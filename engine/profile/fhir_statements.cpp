#include "profile/fhir_statements.hpp"

#include "base/quote.hpp"

#include <algorithm>

namespace caveat {

std::vector<FhirStatement> FhirStatements::read() {
  for (FhirResource* patient : record_.patients) read_one(*patient);
  for (FhirResource* resource : record_.resources) read_one(*resource);
  return std::move(statements_);
}

void FhirStatements::read_one(FhirResource& resource) {
  if (!safe_to_process(resource)) {
    record_.parts[resource.part].uncoded.emplace(resource.type);
    for (const BindingRef ref : resource.bindings) {
      FhirStatement statement = of(resource, ref.fact, FhirStatement::Kind::kAnswer);
      statement.content = UnknownReason::kInvalid;
      add(std::move(statement));
    }
    return;
  }
  if (resource.type == "Patient") return read_patient(resource, *this);
  if (resource.type == "Observation") return read_observation(resource, *this);
  if (resource.type == "QuestionnaireResponse") return read_questionnaire(resource, *this);
  read_listed(resource, *this);
}

// FHIR 4.0.1: what a modifier extension or implicit rules say may turn the meaning of all else, and a reader that does
// not know them must not go on (2.4.1, 2.27.2.4). A subset leaves out what may turn it too.
bool FhirStatements::safe_to_process(const FhirResource& resource) {
  const FhirView& view = resource.view;
  if (view["modifierExtension"] || view["implicitRules"]) {
    unusable(resource, view.offset(), "says that it means something else than it seems to",
             "its `modifierExtension` or `implicitRules` are not understood");
    return false;
  }
  bool subset = false;
  view["meta"]["tag"].for_each([&](const FhirView& tag) { subset = subset || tag.text("code") == "SUBSETTED"; });
  if (subset) {
    unusable(resource, view.offset(), "is only a part of the resource",
             "ask for it without `_summary` and `_elements`");
  }
  return !subset;
}

void FhirStatements::unusable(const FhirResource& resource, std::size_t offset, const std::string& why,
                              const std::string& help) {
  constexpr std::size_t kToldMax = 100;
  if (reported_ == &resource) return;
  reported_ = &resource;
  InputReport& report = record_.report(resource);
  if (report.warnings() == kToldMax) {
    report.warning("record-unusable", offset, "more resources than these cannot be used", help);
  } else if (report.warnings() < kToldMax) {
    report.warning("record-unusable", offset, in_backticks(record_.name(resource)) + " " + why, help);
  }
}

FhirStatement FhirStatements::of(const FhirResource& resource, FactId fact, FhirStatement::Kind kind) const {
  FhirStatement out;
  out.fact = fact;
  out.kind = kind;
  out.type = parse_fhir_type(resource.type).value_or(FhirType::kPatient);
  out.content = UnknownReason::kNotKnown;
  out.source = record_.name(resource);
  return out;
}

std::optional<FhirMoment> moment_of(const FhirView& date, bool& bad) {
  if (!date) return std::nullopt;
  auto moment = parse_moment(date.text());
  bad = bad || !moment;
  return moment;
}

}  // namespace caveat
