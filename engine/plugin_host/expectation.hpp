// Expectations: what a plugin's code takes a fact to be. Packs declare facts, and a plugin reads them by their names
// alone; an expectation keeps a weight in pounds from being read as kilograms. docs/formats/plugin-manifest.md.
#pragma once

#include "vocabulary/vocabulary.hpp"

#include <string>
#include <vector>

namespace caveat {

struct ExpectedFact {
  std::string name;
  FactType type = FactType::kBoolean;
  std::string unit;                 ///< kQuantity: a UCUM code
  std::vector<std::string> values;  ///< kChoice, kChoices: all of them, in any order; empty: whichever are declared
  Place place;
};

/// Reads one `[expects.NAME]` table. All mistakes are reported; the result is usable only if none was added.
ExpectedFact read_expectation(const TomlEntry& entry, Diagnostics& diagnostics);

/// What the declaration has otherwise, for after "but": `it is declared as integer`. Empty when nothing.
std::string contradiction(const ExpectedFact& expected, const FactDeclaration& declared);

}  // namespace caveat
