// FhirRecord: all sources of a record together, as resources of one patient, each once.
#pragma once

#include "profile/fhir_part.hpp"

#include <deque>
#include <string>
#include <vector>

namespace caveat {

struct FhirRecord {
  std::deque<FhirPart> parts;                                ///< one a source; nothing moves
  std::vector<FhirResource*> resources;                      ///< that tell of the patient, in the order given
  std::vector<FhirResource*> patients;                       ///< none or one
  std::string patient;                                       ///< its id; empty when nothing says it
  std::map<std::string, FhirView, std::less<>> medications;  ///< what statements and requests refer to, by name

  /// Reads every source, then settles which patient they speak of and which version of each resource counts. False
  /// when the record as a whole cannot be used: each part's report says why.
  bool read(const std::vector<FhirSource>& sources, const Vocabulary& vocabulary, const ProfileOptions& options);

  /// `Condition/123`; else the address of its entry; else the type and its place among the source's.
  [[nodiscard]] std::string name(const FhirResource& resource) const;
  [[nodiscard]] InputReport& report(const FhirResource& resource) { return parts[resource.part].report; }
  /// The Medication that a reference leads to, contained or of its own. Empty when it leads nowhere.
  [[nodiscard]] FhirView find_medication(const FhirResource& from, std::string_view reference) const;
  /// Whether the sources surely hold every resource that the binding reads, so that absence says something.
  [[nodiscard]] bool complete_for(const FhirBinding& binding) const;
};

}  // namespace caveat
