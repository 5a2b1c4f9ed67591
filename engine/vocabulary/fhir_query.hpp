// The searches that get what facts are read from, and what a search that was made can be trusted to have got.
#pragma once

#include "vocabulary/vocabulary.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// A FHIR search or read, and what it is for.
struct FhirQuery {
  FhirType resource = FhirType::kPatient;
  std::string query;           ///< `Condition?patient=ID&code=SYSTEM|CODE,…`, `Patient/ID`
  std::vector<FactId> serves;  ///< facts that are read from what it gets, ascending
};

/// One query for each type of resource that the facts are read from, in FhirType's order; questionnaires have one each.
/// `patient` stands where the patient's id belongs: an id, or a token such as `{{context.patientId}}`, as it is.
/// Deterministic: codes stand in the order of declaration, each once.
std::vector<FhirQuery> fhir_queries(const Vocabulary& vocabulary, std::span<const FactId> facts,
                                    std::string_view patient);

/// Whether a search surely got every resource that the binding reads: it asked for the type, and for all of the
/// binding's codes or without a filter. A parameter that is not known narrows it: then no.
bool covers(std::string_view query, const FhirBinding& binding);

/// Whether a search asks for the type of resource that the binding reads, and for one of its codes or without a filter
/// on codes: whether its failure may have lost something.
bool asks_for(std::string_view query, const FhirBinding& binding);

}  // namespace caveat
