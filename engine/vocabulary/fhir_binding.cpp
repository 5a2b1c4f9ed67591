#include "vocabulary/fhir_binding.hpp"

#include <algorithm>

namespace caveat {

const std::vector<std::string>& fhir_type_names() {
  static const std::vector<std::string> names = {"Patient",
                                                 "Condition",
                                                 "Observation",
                                                 "AllergyIntolerance",
                                                 "MedicationStatement",
                                                 "MedicationRequest",
                                                 "QuestionnaireResponse"};
  return names;
}

std::string_view to_string(FhirType type) { return fhir_type_names()[static_cast<std::size_t>(type)]; }

std::optional<FhirType> parse_fhir_type(std::string_view name) {
  const auto& names = fhir_type_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<FhirType>(found - names.begin());
}

bool is_listed(FhirType type) {
  return type == FhirType::kCondition || type == FhirType::kAllergyIntolerance ||
         type == FhirType::kMedicationStatement || type == FhirType::kMedicationRequest;
}

std::string_view to_string(FhirTense tense) { return tense == FhirTense::kState ? "state" : "history"; }

bool FhirBinding::has_opposite() const { return meaning == FactValue(true) && !partial; }

std::optional<CodeParts> split_code(std::string_view code) {
  const std::size_t bar = code.rfind('|');
  if (bar == std::string_view::npos) return std::nullopt;
  const CodeParts parts{code.substr(0, bar), code.substr(bar + 1)};
  const auto sound = [](std::string_view part) {
    return !part.empty() && part.front() != ' ' && part.back() != ' ' &&
           part.find_first_of("\t\r\n") == std::string_view::npos;
  };
  if (!sound(parts.system) || !sound(parts.code) || parts.system.find(' ') != std::string_view::npos)
    return std::nullopt;
  return parts;
}

}  // namespace caveat
