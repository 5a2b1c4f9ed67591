// FhirPart: one source of a record, read: what of it may concern a fact is kept as trees, the rest is counted.
#pragma once

#include <caveat/options.hpp>

#include "profile/fhir_view.hpp"
#include "profile/input_report.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace caveat {

/// A resource that may concern a fact.
struct FhirResource {
  FhirView view;
  std::string_view type;
  std::string_view full_url;         ///< of its entry in a Bundle; may be empty
  std::vector<BindingRef> bindings;  ///< that name one of its codes, or its questionnaire, or its type
  std::size_t ordinal = 0;           ///< among the source's of its type, from 1: names it where it has no id
  bool deleted = false;              ///< an entry that says that the resource is gone; then `type` is `Condition/1`
  std::size_t part = 0;
};

struct FhirPart {
  enum class State : std::uint8_t { kGiven, kEmpty, kFailed, kAbsent };

  explicit FhirPart(const FhirSource& from)
      : source(&from), report(without_byte_order_mark(from.text.value_or(std::string_view())), from.name) {}

  const FhirSource* source;
  State state = State::kAbsent;
  InputTree tree;
  InputReport report;
  std::vector<FhirResource> resources;
  std::map<std::string, std::size_t, std::less<>> others;  ///< types that no fact is read from, and how many
  std::map<std::string, std::size_t, std::less<>> types;   ///< of all resources
  std::set<std::string, std::less<>> uncoded;              ///< types of which one could not be told by a code
  std::string self;                                        ///< the search that a Bundle says it answers
  bool list = false;                                       ///< a Bundle or a list, not one resource
  bool history = false;                                    ///< a Bundle of versions, the newest first
  bool incomplete = false;  ///< more pages, an error among the entries, fewer entries than the total
};

/// Reads one source. What cannot be used is reported; false when nothing of it may be used: the text is not JSON, goes
/// beyond a limit, holds a key twice, or is no FHIR.
bool read_fhir_part(FhirPart& part, const Vocabulary& vocabulary, const ProfileOptions& options);

/// Whether a JSON text is FHIR's: an object with a `resourceType`, or a list that begins with one.
bool looks_like_fhir(std::string_view text);

}  // namespace caveat
