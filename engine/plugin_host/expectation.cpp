#include "plugin_host/expectation.hpp"

#include "base/quote.hpp"
#include "base/table_reader.hpp"

#include <algorithm>
#include <set>

namespace caveat {

namespace {

bool has_values(FactType type) { return type == FactType::kChoice || type == FactType::kChoices; }

void read_type(TableReader& table, ExpectedFact& fact, Diagnostics& diagnostics) {
  const std::string name = table.string("type", true);
  if (const auto type = parse_fact_type(name)) {
    fact.type = *type;
  } else if (!name.empty()) {
    diagnostics.error("unknown-value", table.value("type")->place(), in_backticks(name) + " is no type of a fact",
                      "boolean, integer, decimal, quantity, choice, choices or date");
  }
}

void read_unit(TableReader& table, ExpectedFact& fact, Diagnostics& diagnostics) {
  fact.unit = table.string("unit", fact.type == FactType::kQuantity);
  const TomlValue* value = table.value("unit");
  if (value == nullptr) return;
  if (fact.type != FactType::kQuantity) {
    diagnostics.error("unknown-key", value->place(), "`unit` belongs to facts of type `quantity`");
  } else if (!fact.unit.empty() && !is_unit(fact.unit)) {
    diagnostics.error("unknown-unit", value->place(), in_backticks(fact.unit) + " is not a UCUM unit");
  }
}

void read_values(TableReader& table, ExpectedFact& fact, Diagnostics& diagnostics) {
  fact.values = table.strings("values");
  const TomlValue* value = table.value("values");
  if (value == nullptr) return;
  if (!has_values(fact.type)) {
    diagnostics.error("unknown-key", value->place(), "`values` belongs to facts of type `choice` or `choices`");
  } else if (std::set(fact.values.begin(), fact.values.end()).size() != fact.values.size()) {
    diagnostics.error("duplicate", value->place(), "a value stands twice");
  }
}

}  // namespace

ExpectedFact read_expectation(const TomlEntry& entry, Diagnostics& diagnostics) {
  ExpectedFact fact;
  fact.name = entry.key;
  fact.place = entry.key_place;
  TableReader table(entry.value, entry.key_place, "the expectation of " + in_backticks(entry.key), diagnostics);
  read_type(table, fact, diagnostics);
  read_unit(table, fact, diagnostics);
  read_values(table, fact, diagnostics);
  table.refuse_others();
  return fact;
}

std::string contradiction(const ExpectedFact& expected, const FactDeclaration& declared) {
  if (declared.type != expected.type) {
    return "expects " + std::string(to_string(expected.type)) + ", and it is declared as " +
           std::string(to_string(declared.type));
  }
  if (declared.unit != expected.unit) {
    return "expects " + in_backticks(expected.unit) + ", and it is declared in " + in_backticks(declared.unit);
  }
  const std::set known(expected.values.begin(), expected.values.end());
  if (known.empty() || known == std::set(declared.values.begin(), declared.values.end())) return {};
  return "expects the values " + backticked_list(expected.values) + ", and it is declared with " +
         backticked_list(declared.values);
}

}  // namespace caveat
