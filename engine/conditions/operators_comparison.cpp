// Equality and order.
#include "conditions/expression.hpp"
#include "conditions/operators.hpp"
#include "conditions/value_functions.hpp"

namespace caveat {
namespace {

Value is_equal(const Arguments& in) { return boolean_value(equal(in.values[0], in.values[1])); }
Value is_not_equal(const Arguments& in) { return boolean_value(inverse(equal(in.values[0], in.values[1]))); }
Value is_equivalent(const Arguments& in) { return Value(equivalent(in.values[0], in.values[1])); }
Value is_not_equivalent(const Arguments& in) { return Value(!equivalent(in.values[0], in.values[1])); }

using Holds = bool (*)(std::strong_ordering);
bool below(std::strong_ordering ordering) { return ordering < 0; }
bool at_most(std::strong_ordering ordering) { return ordering <= 0; }
bool above(std::strong_ordering ordering) { return ordering > 0; }
bool at_least(std::strong_ordering ordering) { return ordering >= 0; }

std::optional<bool> compared(const Value& a, const Value& b, Holds holds) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  const auto ordering = order(a, b);
  if (!ordering) return std::nullopt;
  return holds(*ordering);
}

template <Holds holds>
Value comparison(const Arguments& in) {
  return boolean_value(compared(in.values[0], in.values[1], holds));
}

// `a between b and c` is `a >= b and a <= c`: false when one side is, whatever the other.
template <Holds from, Holds to>
Value between(const Arguments& in) {
  return boolean_value(both(compared(in.values[0], in.values[1], from), compared(in.values[0], in.values[2], to)));
}

constexpr SignatureRow kRows[] = {
    {"=", "T, T -> Boolean", 0, is_equal},
    {"!=", "T, T -> Boolean", 0, is_not_equal},
    {"~", "T, T -> Boolean", kSeesNull | kNeverNull, is_equivalent},
    {"!~", "T, T -> Boolean", kSeesNull | kNeverNull, is_not_equivalent},
    {"<", "O, O -> Boolean", kMonotone, comparison<below>},
    {"<=", "O, O -> Boolean", kMonotone, comparison<at_most>},
    {">", "O, O -> Boolean", kMonotone, comparison<above>},
    {">=", "O, O -> Boolean", kMonotone, comparison<at_least>},
    {"between", "O, O, O -> Boolean", kSeesNull, between<at_least, at_most>},
    {"properly between", "O, O, O -> Boolean", kSeesNull, between<above, below>},
};

}  // namespace

std::span<const SignatureRow> comparison_rows() { return kRows; }

}  // namespace caveat
