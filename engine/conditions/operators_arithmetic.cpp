// Arithmetic. A result that cannot be represented is null (CQL 1.5.2, appendix B: Add, Subtract, …), except where the
// specification calls for an error: Exp, successor and predecessor.
#include "conditions/expression.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"
#include "conditions/value_functions.hpp"

#include <limits>

namespace caveat {
namespace {

template <class T>
Value wrap(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

enum class Op { kAdd, kSubtract, kMultiply };

template <class Integer, Op op>
Value integer_operation(const Arguments& in) {
  Integer result = 0;
  const auto a = in.get<Integer>(0);
  const auto b = in.get<Integer>(1);
  bool overflow = false;
  if constexpr (op == Op::kAdd) overflow = __builtin_add_overflow(a, b, &result);
  if constexpr (op == Op::kSubtract) overflow = __builtin_sub_overflow(a, b, &result);
  if constexpr (op == Op::kMultiply) overflow = __builtin_mul_overflow(a, b, &result);
  return overflow ? Value() : Value(result);
}

template <class T, std::optional<T> (*function)(T, T)>
Value decimal_operation(const Arguments& in) {
  return wrap(function(in.get<T>(0), in.get<T>(1)));
}

template <std::optional<Quantity> (*function)(const Quantity&, const Quantity&)>
Value quantity_operation(const Arguments& in) {
  return wrap(function(in.get<Quantity>(0), in.get<Quantity>(1)));
}

template <class Integer, bool remainder>
Value integer_division(const Arguments& in) {
  const auto a = in.get<Integer>(0);
  const auto b = in.get<Integer>(1);
  if (b == 0) return Value();
  if (b == -1) {
    if (remainder) return Value(Integer{0});
    return a == std::numeric_limits<Integer>::min() ? Value() : Value(static_cast<Integer>(-a));
  }
  return Value(static_cast<Integer>(remainder ? a % b : a / b));
}

// In the unit of the left operand.
template <std::optional<Decimal> (*function)(Decimal, Decimal)>
Value quantity_division(const Arguments& in) {
  const auto& a = in.get<Quantity>(0);
  const auto& b = in.get<Quantity>(1);
  const auto divisor = a.unit == b.unit ? std::optional(b.value) : convert(b.value, b.unit, a.unit);
  const auto result = divisor ? function(a.value, *divisor) : std::nullopt;
  return result ? Value(Quantity{*result, a.unit}) : Value();
}

template <class Integer>
Value integer_power(const Arguments& in) {
  const auto base = in.get<Integer>(0);
  auto exponent = in.get<Integer>(1);
  if (exponent < 0) {
    if (base == 1) return Value(Integer{1});
    if (base == -1) return Value(static_cast<Integer>(exponent % 2 == 0 ? 1 : -1));
    return Value();
  }
  if (base == 0 || base == 1) return Value(static_cast<Integer>(exponent == 0 ? 1 : base));
  if (base == -1) return Value(static_cast<Integer>(exponent % 2 == 0 ? 1 : -1));
  Integer result = 1;
  for (; exponent > 0; --exponent) {
    if (__builtin_mul_overflow(result, base, &result)) return Value();
  }
  return Value(result);
}

template <class Integer>
Value negate_integer(const Arguments& in) {
  const auto value = in.get<Integer>(0);
  return value == std::numeric_limits<Integer>::min() ? Value() : Value(static_cast<Integer>(-value));
}

template <class Integer>
Value abs_integer(const Arguments& in) {
  return in.get<Integer>(0) < 0 ? negate_integer<Integer>(in) : in.values[0];
}

Value negate_decimal(const Arguments& in) { return wrap(negate(in.get<Decimal>(0))); }
Value negate_quantity(const Arguments& in) {
  const auto& quantity = in.get<Quantity>(0);
  return Value(Quantity{*negate(quantity.value), quantity.unit});
}
Value abs_decimal(const Arguments& in) { return Value(abs(in.get<Decimal>(0))); }
Value abs_quantity(const Arguments& in) {
  const auto& quantity = in.get<Quantity>(0);
  return Value(Quantity{abs(quantity.value), quantity.unit});
}
Value same(const Arguments& in) { return in.values[0]; }

Value to_integer(const std::optional<Decimal>& decimal) {
  const auto whole = decimal ? decimal->whole() : std::nullopt;
  if (!whole || *whole < std::numeric_limits<std::int32_t>::min() ||
      *whole > std::numeric_limits<std::int32_t>::max()) {
    return Value();
  }
  return Value(static_cast<std::int32_t>(*whole));
}

Value ceiling_of(const Arguments& in) { return to_integer(ceiling(in.get<Decimal>(0))); }
Value floor_of(const Arguments& in) { return to_integer(floor(in.get<Decimal>(0))); }
Value truncate_of(const Arguments& in) { return to_integer(truncate(in.get<Decimal>(0))); }
Value round_whole(const Arguments& in) { return wrap(round(in.get<Decimal>(0), 0)); }
Value round_digits(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  return wrap(round(in.get<Decimal>(0), in.values[1].is_null() ? 0 : in.get<std::int32_t>(1)));
}

Value exp_of(const Arguments& in) {
  const auto result = exp(in.get<Decimal>(0));
  return result ? Value(*result) : in.run.raise("the result of `Exp` is out of range");
}
Value ln_of(const Arguments& in) { return wrap(ln(in.get<Decimal>(0))); }

Value step_of(const Arguments& in, std::optional<Value> (*step)(const Value&), std::string_view what) {
  auto result = step(in.values[0]);
  if (result) return *std::move(result);
  return in.run.raise("the " + std::string(what) + " of a value at the end of its range does not exist");
}
Value successor_of(const Arguments& in) { return step_of(in, successor, "successor"); }
Value predecessor_of(const Arguments& in) { return step_of(in, predecessor, "predecessor"); }

// ---- Precision and boundaries of decimals
// ----------------------------------------------------------------------------

int fraction_digits(Decimal value) {
  Int128 units = value.units();
  int digits = Decimal::kFractionDigits;
  while (digits > 0 && units % 10 == 0) {
    units /= 10;
    --digits;
  }
  return digits;
}

Value precision_of(const Arguments& in) { return Value(std::int32_t{fraction_digits(in.get<Decimal>(0))}); }

Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// The least and the greatest decimal of `digits` that a decimal of lesser precision may stand for.
Value boundary(const Arguments& in, bool high) {
  if (in.values[0].is_null()) return Value();
  const auto value = in.get<Decimal>(0);
  const int digits = in.values[1].is_null() ? Decimal::kFractionDigits : in.get<std::int32_t>(1);
  if (digits < 0 || digits > Decimal::kFractionDigits) return Value();
  const int known = fraction_digits(value);
  if (digits <= known) {
    const Int128 unit = power_of_ten(Decimal::kFractionDigits - digits);
    return wrap(Decimal::from_units(value.units() / unit * unit));
  }
  const Int128 gap = power_of_ten(Decimal::kFractionDigits - known) - power_of_ten(Decimal::kFractionDigits - digits);
  return wrap(Decimal::from_units(value.units() + (high ? gap : 0)));
}
Value low_boundary(const Arguments& in) { return boundary(in, false); }
Value high_boundary(const Arguments& in) { return boundary(in, true); }

constexpr unsigned kPure = kNeverNull;

constexpr SignatureRow kRows[] = {
    {"+", "Integer, Integer -> Integer", kMonotone, integer_operation<std::int32_t, Op::kAdd>},
    {"+", "Long, Long -> Long", kMonotone, integer_operation<std::int64_t, Op::kAdd>},
    {"+", "Decimal, Decimal -> Decimal", kMonotone, decimal_operation<Decimal, add>},
    {"+", "Quantity, Quantity -> Quantity", 0, quantity_operation<add>},
    {"-", "Integer, Integer -> Integer", kMonotone, integer_operation<std::int32_t, Op::kSubtract>},
    {"-", "Long, Long -> Long", kMonotone, integer_operation<std::int64_t, Op::kSubtract>},
    {"-", "Decimal, Decimal -> Decimal", kMonotone, decimal_operation<Decimal, subtract>},
    {"-", "Quantity, Quantity -> Quantity", 0, quantity_operation<subtract>},
    {"*", "Integer, Integer -> Integer", kMonotone, integer_operation<std::int32_t, Op::kMultiply>},
    {"*", "Long, Long -> Long", kMonotone, integer_operation<std::int64_t, Op::kMultiply>},
    {"*", "Decimal, Decimal -> Decimal", kMonotone, decimal_operation<Decimal, multiply>},
    {"*", "Quantity, Quantity -> Quantity", 0, quantity_operation<multiply>},
    {"/", "Decimal, Decimal -> Decimal", 0, decimal_operation<Decimal, divide>},
    {"/", "Quantity, Quantity -> Quantity", 0, quantity_operation<divide>},
    {"div", "Integer, Integer -> Integer", 0, integer_division<std::int32_t, false>},
    {"div", "Long, Long -> Long", 0, integer_division<std::int64_t, false>},
    {"div", "Decimal, Decimal -> Decimal", 0, decimal_operation<Decimal, truncated_divide>},
    {"div", "Quantity, Quantity -> Quantity", 0, quantity_division<truncated_divide>},
    {"mod", "Integer, Integer -> Integer", 0, integer_division<std::int32_t, true>},
    {"mod", "Long, Long -> Long", 0, integer_division<std::int64_t, true>},
    {"mod", "Decimal, Decimal -> Decimal", 0, decimal_operation<Decimal, modulo>},
    {"mod", "Quantity, Quantity -> Quantity", 0, quantity_division<modulo>},
    {"^", "Integer, Integer -> Integer", 0, integer_power<std::int32_t>},
    {"^", "Long, Long -> Long", 0, integer_power<std::int64_t>},
    {"^", "Decimal, Decimal -> Decimal", 0, decimal_operation<Decimal, power>},
    {"Power", "Integer, Integer -> Integer", 0, integer_power<std::int32_t>},
    {"Power", "Long, Long -> Long", 0, integer_power<std::int64_t>},
    {"Power", "Decimal, Decimal -> Decimal", 0, decimal_operation<Decimal, power>},
    {"negate", "Integer -> Integer", kMonotone, negate_integer<std::int32_t>},
    {"negate", "Long -> Long", kMonotone, negate_integer<std::int64_t>},
    {"negate", "Decimal -> Decimal", kMonotone, negate_decimal},
    {"negate", "Quantity -> Quantity", 0, negate_quantity},
    {"positive", "Integer -> Integer", kPure, same},
    {"positive", "Long -> Long", kPure, same},
    {"positive", "Decimal -> Decimal", kPure, same},
    {"positive", "Quantity -> Quantity", kPure, same},
    {"Abs", "Integer -> Integer", 0, abs_integer<std::int32_t>},
    {"Abs", "Long -> Long", 0, abs_integer<std::int64_t>},
    {"Abs", "Decimal -> Decimal", kPure, abs_decimal},
    {"Abs", "Quantity -> Quantity", kPure, abs_quantity},
    {"Ceiling", "Decimal -> Integer", 0, ceiling_of},
    {"Floor", "Decimal -> Integer", 0, floor_of},
    {"Truncate", "Decimal -> Integer", 0, truncate_of},
    {"Round", "Decimal -> Decimal", 0, round_whole},
    {"Round", "Decimal, Integer -> Decimal", kSeesNull, round_digits},
    {"Exp", "Decimal -> Decimal", kRaises, exp_of},
    {"Ln", "Decimal -> Decimal", 0, ln_of},
    {"Log", "Decimal, Decimal -> Decimal", 0, decimal_operation<Decimal, log>},
    {"successor of", "P -> P", kRaises, successor_of},
    {"predecessor of", "P -> P", kRaises, predecessor_of},
    {"Precision", "Decimal -> Integer", kPure, precision_of},
    {"LowBoundary", "Decimal, Integer -> Decimal", kSeesNull, low_boundary},
    {"HighBoundary", "Decimal, Integer -> Decimal", kSeesNull, high_boundary},
};

}  // namespace

std::span<const SignatureRow> arithmetic_rows() { return kRows; }

}  // namespace caveat
