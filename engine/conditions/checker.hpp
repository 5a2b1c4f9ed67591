// Syntax to a typed tree: names, types, overloads, implicit conversions; and what can be told without a patient.
#pragma once

#include "conditions/expression.hpp"

#include <functional>

namespace caveat {

/// A define as the checker sees it: its tree, or null when it has a mistake (which was reported).
using DefineLookup = std::function<std::optional<ExpressionPtr>(const std::string& name, std::size_t at)>;

struct CheckerInputs {
  const Vocabulary& vocabulary;
  Diagnostics& diagnostics;
  DefineLookup define;                           ///< nothing when there is none of that name
  const std::vector<std::string>& define_names;  ///< for help
};

/// The typed tree, constants folded; null when a mistake was reported. `source` outlives the tree.
ExpressionPtr check(const Syntax& tree, const ExpressionSource& source, const CheckerInputs& inputs);

/// As a condition: of type Boolean, converting a null literal. Reports another type.
ExpressionPtr check_boolean(ExpressionPtr tree, Diagnostics& diagnostics);

}  // namespace caveat
