// Comparisons of a fact with a literal: `age < 18`, `skin_type in {'I', 'II'}`, `concerns contains 'marks'`. Three
// things come from them: fast paths, the boundaries at which an outcome can turn, and mistakes that show without a
// patient.
#pragma once

#include "conditions/expression.hpp"

namespace caveat {

struct FactComparison {
  enum class Op : std::uint8_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kIn, kContains };
  FactId fact = 0;
  Op op = Op::kEqual;
  const Value* literal = nullptr;  ///< never null; kIn: a List or an Interval; borrowed from the tree
  const Expression* literal_node = nullptr;
  bool converted = false;  ///< the fact's own value is converted first
};

/// The comparison that a node is, the fact brought to the left; nothing when it is another thing.
std::optional<FactComparison> fact_comparison(const Expression& node);

/// The literal a node came down to; nullptr when it is no literal.
const Value* literal_of(const Expression& node);
/// The fact that a node is, seen through implicit conversions and defines; nothing when it is no bare fact.
std::optional<FactId> bare_fact(const Expression& node);
/// A node without the defines around it.
const Expression& without_defines(const Expression& node);

/// The part because of which a node is null whatever the answers are; nullptr when there is none.
const Expression* always_null(const Expression& node, const Vocabulary& vocabulary);

/// Reports literals that are not among a choice's values (`unknown-value`), and comparisons that a fact's declared
/// range decides already (`constant-comparison`, a warning).
void check_fact_comparisons(const Expression& node, const Vocabulary& vocabulary, Diagnostics& diagnostics);

/// Adds what the tree compares `fact` with to `boundaries`.
void collect_boundaries(const Expression& node, FactId fact, const Vocabulary& vocabulary, FactBoundaries& boundaries);

}  // namespace caveat
