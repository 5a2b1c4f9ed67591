#include "vocabulary/value_set.hpp"

#include "base/quote.hpp"
#include "base/table_reader.hpp"
#include "vocabulary/fhir_binding.hpp"

#include <algorithm>
#include <set>

namespace caveat {

namespace {

void read_codes(TableReader& table, ValueSet& set, Diagnostics& diagnostics) {
  const TomlValue* value = table.value("codes", true);
  if (value == nullptr) return;
  set.codes = table.strings("codes");
  if (set.codes.empty() && value->elements().empty()) {
    diagnostics.error("empty-value", value->place(), "`codes` is empty", "write every code that belongs to the set");
  }
  std::set<std::string> seen;
  for (const std::string& code : set.codes) {
    if (!check_code(code, value->place(), diagnostics)) continue;
    if (seen.insert(code).second) continue;
    diagnostics.error("duplicate-value", value->place(), in_backticks(code) + " is listed a second time");
  }
}

void read_value_set(const TomlValue& element, std::vector<ValueSet>& sets, Diagnostics& diagnostics) {
  if (!element.is(TomlType::kTable)) {
    diagnostics.error("wrong-type", element.place(), "a value set must be a table", "write `[[value_set]]`");
    return;
  }
  TableReader table(element, element.place(), "the value set", diagnostics);
  ValueSet set;
  set.place = element.place();
  set.url = table.string("url", true);
  set.cite = table.string("cite", true);
  read_codes(table, set, diagnostics);
  table.refuse_others();
  const auto same = [&](const ValueSet& other) { return other.url == set.url; };
  if (std::any_of(sets.begin(), sets.end(), same)) {
    diagnostics.error("duplicate-id", element.place(), "a second value set with the url " + in_backticks(set.url));
    return;
  }
  sets.push_back(std::move(set));
}

}  // namespace

bool check_code(std::string_view code, const Place& place, Diagnostics& diagnostics) {
  if (split_code(code)) return true;
  diagnostics.error("bad-code", place, in_backticks(code) + " is not a code with its system",
                    "write `system|code`, for example `http://snomed.info/sct|77386006`");
  return false;
}

void read_value_sets(const TomlValue& tables, std::vector<ValueSet>& sets, Diagnostics& diagnostics) {
  if (!tables.is(TomlType::kArray)) {
    diagnostics.error("wrong-type", tables.place(), "`value_set` must be a list of tables", "write `[[value_set]]`");
    return;
  }
  for (const TomlValue& element : tables.elements()) read_value_set(element, sets, diagnostics);
}

}  // namespace caveat
