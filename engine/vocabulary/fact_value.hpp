// What a fact's value may be.
#pragma once

#include "values/value.hpp"

#include <cstdint>
#include <variant>

namespace caveat {

enum class FactType : std::uint8_t { kBoolean, kInteger, kDecimal, kQuantity, kChoice, kChoices, kDate };

/// The set bits of a `choices` value index its fact's `values`.
struct ChoiceSet {
  std::uint64_t bits = 0;
  friend bool operator==(const ChoiceSet&, const ChoiceSet&) = default;
};
/// Index into its fact's `values`.
struct Choice {
  std::uint32_t index = 0;
  friend bool operator==(const Choice&, const Choice&) = default;
};

/// A fact's value, of the type that its declaration says. Quantities stand in the declared unit.
using FactValue = std::variant<bool, std::int64_t, Decimal, Quantity, Choice, ChoiceSet, Date>;

}  // namespace caveat
