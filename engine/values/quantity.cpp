// Quantities: conversion, order and arithmetic. Amounts are compared as ratios of whole numbers, cross-multiplied: no
// rounding ever decides. CQL's years and months are measured in calendar months, which no definite duration equals.
#include "values/quantity.hpp"

#include "values/ucum.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

using ucum::Factor;
using ucum::Integer;
using ucum::Unit;

struct CalendarName {
  std::string_view singular, plural;
  Precision precision;
  std::string_view ucum;  ///< the definite duration it equals; empty for years and months
};

constexpr std::array<CalendarName, 8> kCalendarNames{{
    {"year", "years", Precision::kYear, ""},
    {"month", "months", Precision::kMonth, ""},
    {"week", "weeks", Precision::kWeek, "wk"},
    {"day", "days", Precision::kDay, "d"},
    {"hour", "hours", Precision::kHour, "h"},
    {"minute", "minutes", Precision::kMinute, "min"},
    {"second", "seconds", Precision::kSecond, "s"},
    {"millisecond", "milliseconds", Precision::kMillisecond, "ms"},
}};

const CalendarName* find_calendar(std::string_view unit) {
  if (unit.size() < 3) return nullptr;  // most units are short, and no calendar name is
  const auto at = std::find_if(kCalendarNames.begin(), kCalendarNames.end(),
                               [&](const CalendarName& name) { return unit == name.singular || unit == name.plural; });
  return at == kCalendarNames.end() ? nullptr : &*at;
}

/// The UCUM code of a unit; calendar durations of fixed length have one.
std::string_view ucum_code(std::string_view unit) {
  const CalendarName* calendar = find_calendar(unit);
  return calendar && !calendar->ucum.empty() ? calendar->ucum : unit;
}

Unit calendar_months(int count) {
  Unit unit;
  unit.factor.numerator = count;
  unit.dimension.own[0] = {ucum::kCalendarMonth, 1};
  return unit;
}

std::optional<Unit> resolve(std::string_view unit) {
  const CalendarName* calendar = find_calendar(unit);
  if (!calendar) return ucum::parse(unit);
  if (calendar->precision == Precision::kYear) return calendar_months(12);
  if (calendar->precision == Precision::kMonth) return calendar_months(1);
  return ucum::parse(calendar->ucum);
}

/// pi to 100 digits: more than enough to tell any Decimal from a multiple of it.
const Factor& pi() {
  static const Factor factor{
      Integer("31415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170679"),
      1, -100, 0};
  return factor;
}

Factor without_pi(Factor factor) {
  const int exponent = factor.pi;
  factor.pi = 0;
  return exponent == 0 ? factor : factor * ucum::power(pi(), exponent);
}

/// The factor that leads from one unit to the other, pi cancelled where it can be.
Factor ratio(const Unit& from, const Unit& to) { return without_pi(from.factor * ucum::inverse(to.factor)); }

/// A ratio of whole numbers.
struct Fraction {
  Integer numerator;
  Integer denominator;  ///< positive
};

Fraction scaled(Integer numerator, Integer denominator, int ten) {
  if (ten >= 0) return {numerator * ucum::ten_to(ten), std::move(denominator)};
  return {std::move(numerator), denominator * ucum::ten_to(-ten)};
}

/// The value in units of 10^-8, shifted to where the scale of its dimension begins.
Fraction from_origin(Decimal value, const Unit& unit) {
  Fraction amount = scaled(Integer(value.units()), 1, unit.scale);
  amount.numerator += Integer(unit.shift.units()) * amount.denominator;
  return amount;
}

/// The value of `from` in `to`, in units of 10^-8, exactly.
Fraction exact(Decimal value, const Unit& from, const Unit& to) {
  const Fraction amount = from_origin(value, from);
  const Factor factor = ratio(from, to);
  Fraction result = scaled(amount.numerator * factor.numerator, amount.denominator * factor.denominator, factor.ten);
  result.numerator -= Integer(to.shift.units()) * result.denominator;
  return scaled(std::move(result.numerator), std::move(result.denominator), -to.scale);
}

std::optional<Decimal> rounded(const Fraction& value) {
  const bool negative = value.numerator < 0;
  const Integer magnitude = negative ? Integer(-value.numerator) : value.numerator;
  Integer quotient, rest;
  divide_qr(magnitude, value.denominator, quotient, rest);
  if (rest * 2 >= value.denominator) ++quotient;
  if (quotient > Integer(Decimal::greatest().units())) return std::nullopt;
  const Int128 units = static_cast<Int128>(quotient);
  return Decimal::from_units(negative ? -units : units);
}

std::strong_ordering order(const Integer& a, const Integer& b) {
  const int sign = a.compare(b);
  return sign <=> 0;
}

std::strong_ordering compare_amounts(Decimal a, const Unit& unit, Decimal b, const Unit& other) {
  if (unit.special || other.special) {
    const Fraction converted = exact(a, unit, other);
    return order(converted.numerator, Integer(b.units()) * converted.denominator);
  }
  const Factor factor = ratio(unit, other);
  const Fraction left = scaled(Integer(a.units()) * factor.numerator, factor.denominator, factor.ten);
  return order(left.numerator, Integer(b.units()) * left.denominator);
}

/// Both units resolved, when amounts of one can be converted to the other.
struct Pair {
  Unit a, b;
};

std::optional<Pair> resolve(std::string_view a, std::string_view b) {
  auto first = resolve(a);
  if (!first) return std::nullopt;
  auto second = resolve(b);
  if (!second || !(first->dimension == second->dimension)) return std::nullopt;
  return Pair{std::move(*first), std::move(*second)};
}

bool is_calendar_month(std::string_view unit) {
  const CalendarName* calendar = find_calendar(unit);
  return calendar && calendar->ucum.empty();
}

/// For `~`: the definite duration that a year or a month is taken for beside `other`, and the units of both then.
struct Definite {
  Decimal value;
  std::string_view unit, other;
};

std::optional<Definite> definite(const Quantity& quantity, std::string_view other) {
  const CalendarName* calendar = find_calendar(quantity.unit);
  if (!calendar || !calendar->ucum.empty()) return std::nullopt;
  if (other == "a") return Definite{quantity.value, quantity.unit, "year"};
  if (other == "mo") return Definite{quantity.value, quantity.unit, "month"};
  const auto days = multiply(quantity.value, Decimal{calendar->precision == Precision::kYear ? 365 : 30});
  if (!days) return std::nullopt;
  return Definite{*days, "d", other};
}

bool equivalent_duration(const Quantity& calendar, const Quantity& other) {
  const auto taken = definite(calendar, other.unit);
  if (!taken) return false;
  const auto units = resolve(taken->unit, taken->other);
  return units && compare_amounts(taken->value, units->a, other.value, units->b) == std::strong_ordering::equal;
}

/// The unit for a sum: the smaller of the two. Nothing for special units, whose amounts do not add.
std::optional<std::string_view> finer(const Quantity& a, const Quantity& b) {
  if (a.unit == b.unit) return a.unit;
  const auto units = resolve(a.unit, b.unit);
  if (!units || units->a.special || units->b.special) return std::nullopt;
  const Decimal one{1};
  return compare_amounts(one, units->b, one, units->a) == std::strong_ordering::less ? b.unit : a.unit;
}

std::optional<Quantity> combine(const Quantity& a, const Quantity& b,
                                std::optional<Decimal> (*operation)(Decimal, Decimal)) {
  const auto unit = finer(a, b);
  if (!unit) return std::nullopt;
  const auto left = convert(a.value, a.unit, *unit);
  const auto right = convert(b.value, b.unit, *unit);
  const auto result = left && right ? operation(*left, *right) : std::nullopt;
  if (!result) return std::nullopt;
  return Quantity{*result, std::string(*unit)};
}

/// The unit of a product (sign 1) or a quotient (sign -1). Years and months take no part.
std::optional<std::string> joined_unit(std::string_view a, std::string_view b, int sign) {
  if (b == "1") return std::string(a);
  if (a == "1" && sign == 1) return std::string(b);
  auto first = ucum::terms(ucum_code(a));
  const auto second = ucum::terms(ucum_code(b));
  if (!first || !second) return std::nullopt;
  std::string unit = ucum::join(std::move(*first), *second, sign);
  if (!is_unit(unit)) return std::nullopt;  // longer or of higher powers than a unit may be
  return unit;
}

std::optional<Quantity> with_unit(std::optional<Decimal> value, std::optional<std::string> unit) {
  if (!value || !unit) return std::nullopt;
  return Quantity{*value, std::move(*unit)};
}

/// Whether amounts of a unit have a ratio that is worth a number: dimensionless units (`mol`, `%`) keep their names.
bool is_measured(const Unit& unit) { return !unit.special && !(unit.dimension == ucum::Dimension{}); }

/// a / b of comparable units: a number.
std::optional<Decimal> quotient(const Quantity& a, const Quantity& b, const Pair& units) {
  if (b.value == Decimal{}) return std::nullopt;
  const Factor factor = ratio(units.a, units.b);
  const Integer divisor = Integer(b.value.units());
  Fraction value = scaled(Integer(a.value.units()) * factor.numerator * ucum::ten_to(Decimal::kFractionDigits),
                          factor.denominator * (divisor < 0 ? Integer(-divisor) : divisor), factor.ten);
  if (divisor < 0) value.numerator = -value.numerator;
  return rounded(value);
}

void quote(std::string& text, std::string_view unit) {
  text += '\'';
  for (const char c : unit) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  text += '\'';
}

}  // namespace

bool is_unit(std::string_view unit) { return ucum::parse(unit).has_value(); }

std::optional<Precision> calendar_unit(std::string_view unit) {
  const CalendarName* calendar = find_calendar(unit);
  return calendar ? std::optional(calendar->precision) : std::nullopt;
}

bool comparable(std::string_view unit, std::string_view other) { return resolve(unit, other).has_value(); }

std::optional<Decimal> convert(Decimal value, std::string_view from, std::string_view to) {
  if (from == to) return value;
  const auto units = resolve(from, to);
  if (!units) return std::nullopt;
  return rounded(exact(value, units->a, units->b));
}

std::optional<std::strong_ordering> compare(const Quantity& a, const Quantity& b) {
  if (a.unit == b.unit) return a.value <=> b.value;
  const auto units = resolve(a.unit, b.unit);
  if (!units) return std::nullopt;
  return compare_amounts(a.value, units->a, b.value, units->b);
}

bool equivalent(const Quantity& a, const Quantity& b) {
  if (const auto order = compare(a, b)) return *order == std::strong_ordering::equal;
  if (is_calendar_month(a.unit)) return equivalent_duration(a, b);
  if (is_calendar_month(b.unit)) return equivalent_duration(b, a);
  return false;
}

std::optional<Quantity> add(const Quantity& a, const Quantity& b) {
  return combine(a, b, [](Decimal x, Decimal y) { return add(x, y); });
}

std::optional<Quantity> subtract(const Quantity& a, const Quantity& b) {
  return combine(a, b, [](Decimal x, Decimal y) { return subtract(x, y); });
}

std::optional<Quantity> multiply(const Quantity& a, const Quantity& b) {
  return with_unit(multiply(a.value, b.value), joined_unit(a.unit, b.unit, 1));
}

std::optional<Quantity> divide(const Quantity& a, const Quantity& b) {
  if (b.unit != "1") {
    const auto units = resolve(a.unit, b.unit);
    if (units && is_measured(units->a)) return with_unit(quotient(a, b, *units), "1");
  }
  return with_unit(divide(a.value, b.value), joined_unit(a.unit, b.unit, -1));
}

std::string to_string(const Quantity& quantity) {
  if (const CalendarName* calendar = find_calendar(quantity.unit)) {
    const bool one = quantity.value == Decimal{1};
    return quantity.value.to_canonical() + ' ' + std::string(one ? calendar->singular : calendar->plural);
  }
  std::string text = quantity.value.to_string() + ' ';
  quote(text, quantity.unit);
  return text;
}

}  // namespace caveat
