// The value of an observation, a component or a form's answer, as a fact's.
#pragma once

#include "profile/fhir_statements.hpp"

#include <span>

namespace caveat {

/// What reading came to: a value or a reason why there is none; or nothing, when nothing was said. `problem` says why
/// something that is there is not usable.
struct FhirReading {
  std::optional<std::variant<UnknownReason, FactValue>> content;
  std::string problem;
  std::string help;
};

/// Reads values for one fact. `bindings` are those of the fact that read this resource.
class FhirValueReader {
 public:
  FhirValueReader(const Vocabulary& vocabulary, InputTree& tree, FactId fact, std::span<const BindingRef> bindings)
      : vocabulary_(vocabulary), tree_(tree), fact_(vocabulary[fact]), bindings_(bindings) {}

  /// `holder` has `valueQuantity` and its like, or `dataAbsentReason`.
  FhirReading read(const FhirView& holder) const;
  /// The set that several coded answers come to.
  FhirReading read_set(std::span<const FhirView> answers) const;
  /// A date or a number of the fact's type, from text that is written as JSON has it.
  FhirReading check(InputKind kind, std::string_view text, const std::string* unit = nullptr) const;

 private:
  FhirReading read_truth(const FhirView& value) const;
  FhirReading read_coded(const FhirView& holder) const;
  FhirReading read_quantity(const FhirView& value) const;
  std::optional<BindingRef> answer_of(std::string_view system, std::string_view code) const;
  const std::string* binding_unit() const;

  const Vocabulary& vocabulary_;
  InputTree& tree_;  // owns texts that do not stand in the source
  const FactDeclaration& fact_;
  std::span<const BindingRef> bindings_;
};

}  // namespace caveat
