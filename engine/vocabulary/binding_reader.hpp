// Reads the FHIR bindings of one fact.
#pragma once

#include "vocabulary/vocabulary.hpp"

#include <span>
#include <vector>

namespace caveat {

/// Reads a fact's `fhir` list. `fact` is read but for its bindings. All mistakes are reported: a key that the resource
/// does not have, a meaning that the fact cannot have, a code without a system or a citation, two bindings that
/// contradict each other.
std::vector<FhirBinding> read_bindings(const TomlValue& list, const FactDeclaration& fact, std::span<ValueSet> sets,
                                       Diagnostics& diagnostics);

}  // namespace caveat
