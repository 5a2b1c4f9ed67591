// Rule and Pack: loaded, checked, immutable.
#pragma once

#include "conditions/program.hpp"
#include "rules/kinds.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caveat {

struct Source {
  std::string id;
  std::string title;
  std::string url;  ///< may be empty
};

/// What a rule cites: a source and, mostly, its section (`article#who-may-not-be-suitable`).
struct Citation {
  std::uint32_t source = 0;  ///< index into the pack's sources
  std::string section;
};

struct Rule {
  std::string id;       ///< `open-wound`
  std::string full_id;  ///< `microneedling/open-wound`
  const KindSchema* kind = nullptr;
  std::optional<ConditionId> condition;  ///< absent: always met
  Severity severity = Severity::kInfo;
  Text title;
  Text says;
  std::vector<FieldValue> fields;  ///< in the order of kind->fields
  std::vector<Citation> citations;
  std::string defer_to;  ///< the rule's own, else the pack's
  Place place;
};

/// The fact that the rule shows: its first field that names one. Fills `{label}` and `{value}` in its texts.
std::optional<FactId> shown_fact(const Rule& rule);

}  // namespace caveat
