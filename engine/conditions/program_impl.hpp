// What a Program holds. Shared by program.cpp (use) and program_builder.cpp (making).
#pragma once

#include "conditions/expression.hpp"
#include "conditions/fast_path.hpp"

#include <deque>

namespace caveat {

struct CompiledCondition {
  NodeId root = 0;
  std::vector<FactId> reads;
  std::vector<AtomId> atoms;
};

struct Program::Impl {
  explicit Impl(const Vocabulary& declared) : vocabulary(&declared) {}

  const Vocabulary* vocabulary;
  std::deque<ExpressionSource> sources;  ///< trees point into it
  std::vector<Node> nodes;
  std::vector<Atom> atoms;
  std::vector<FastAtom> fast;              ///< by AtomId
  std::vector<ExpressionPtr> expressions;  ///< by AtomId
  std::vector<CompiledCondition> conditions;
  std::vector<std::vector<AtomId>> atoms_by_fact;
};

/// Kleene's value of a node: what Program::truth gives.
Tri truth_of(const std::vector<Node>& nodes, NodeId id, std::span<const AtomValue> atoms);

}  // namespace caveat
