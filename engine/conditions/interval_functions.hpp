// Edges of interval operands, and three-valued comparison of them.
#pragma once

#include "conditions/expression.hpp"
#include "conditions/value_functions.hpp"

namespace caveat {

/// First and last point of an operand; a point is its own edges. Null where unknown.
struct Edges {
  Value first, last;
};

inline Edges edges(const Arguments& in, std::size_t index) {
  const Value& value = in.values[index];
  const auto* interval = value.get<Interval>();
  if (!interval) return {value, value};
  const Type& type = in.node.operands[index]->type;
  const Type point = type.element ? *type.element : point_type(*interval);
  return {start_of(*interval, point), end_of(*interval, point)};
}

inline Edges edges_of(const Value& value, const Type& point) {
  const auto* interval = value.get<Interval>();
  if (!interval) return {value, value};
  return {start_of(*interval, point), end_of(*interval, point)};
}

/// CQL's comparison at the node's precision; null when an operand is, or when it is uncertain.
class Comparing {
 public:
  explicit Comparing(std::optional<Precision> precision) : precision_(precision) {}
  [[nodiscard]] std::optional<bool> less(const Value& a, const Value& b) const {
    return holds(a, b, [](std::strong_ordering ordering) { return ordering < 0; });
  }
  [[nodiscard]] std::optional<bool> at_most(const Value& a, const Value& b) const {
    return holds(a, b, [](std::strong_ordering ordering) { return ordering <= 0; });
  }
  [[nodiscard]] std::optional<bool> same(const Value& a, const Value& b) const {
    return holds(a, b, [](std::strong_ordering ordering) { return ordering == 0; });
  }

 private:
  template <class Holds>
  std::optional<bool> holds(const Value& a, const Value& b, Holds predicate) const {
    if (a.is_null() || b.is_null()) return std::nullopt;
    const auto ordering = order(a, b, precision_);
    if (!ordering) return std::nullopt;
    return predicate(*ordering);
  }

  std::optional<Precision> precision_;
};

}  // namespace caveat
