// FhirBinding: how a fact is read from FHIR R4. docs/formats/fhir.md.
#pragma once

#include "vocabulary/fact_value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// The types of resource that facts are read from.
enum class FhirType : std::uint8_t {
  kPatient,
  kCondition,
  kObservation,
  kAllergyIntolerance,
  kMedicationStatement,
  kMedicationRequest,
  kQuestionnaireResponse
};

std::string_view to_string(FhirType type);  ///< `Condition`, …
std::optional<FhirType> parse_fhir_type(std::string_view name);
/// Every name, in the enumeration's order.
const std::vector<std::string>& fhir_type_names();
/// Whether a resource of the type says something by being there: conditions, allergies and medications.
bool is_listed(FhirType type);

/// What the end of a listed resource says: of a state, that it is no longer so; of history, nothing.
enum class FhirTense : std::uint8_t { kState, kHistory };

std::string_view to_string(FhirTense tense);  ///< `state`, `history`

struct FhirBinding {
  FhirType resource = FhirType::kCondition;
  std::vector<std::string> codes;  ///< each `system|code`: one, or those of the value set
  std::string value_set;           ///< the value set's address, where the codes are those of one
  std::string component;           ///< Observation: `system|code` of the component that holds the value
  std::string element;             ///< Patient: `birthDate` or `gender`
  std::string questionnaire;       ///< QuestionnaireResponse: canonical address, with or without `|version`
  std::string link_id;             ///< QuestionnaireResponse: the item
  std::string value;               ///< `system|code` of the coded answer that `meaning` stands for; empty: no coded one
  std::optional<FactValue> meaning;  ///< the value that the presence, or the coded answer, gives
  bool means_unknown = false;        ///< the coded answer says that it is not known
  std::string unit;                  ///< UCUM code in which numbers are taken; empty: the fact's
  FhirTense tense = FhirTense::kState;
  bool complete = false;  ///< absence from the list means no
  bool partial = false;   ///< tells of one kind or place of what the fact asks: its end or refutation says nothing
  std::string cite;

  friend bool operator==(const FhirBinding&, const FhirBinding&) = default;

  /// Whether what is not so can be concluded too: presence means `true`, and of all that the fact asks.
  [[nodiscard]] bool has_opposite() const;
};

/// Splits `system|code` at its last bar; nothing where a part is missing or holds white space at its ends.
struct CodeParts {
  std::string_view system, code;
};
std::optional<CodeParts> split_code(std::string_view code);

}  // namespace caveat
