// From everything that a record says of a fact to the answers that count. docs/formats/fhir.md, 4.
#pragma once

#include "profile/fhir_statements.hpp"

#include <vector>

namespace caveat {

/// Answers by FactId, ascending; facts of which nothing is said are left out. What remains side by side is settled at
/// the evaluation's time, as of any profile: values that disagree make the fact conflicting.
std::vector<FactAnswers> settle(std::vector<FhirStatement> statements, const FhirRecord& record,
                                const Vocabulary& vocabulary);

}  // namespace caveat
