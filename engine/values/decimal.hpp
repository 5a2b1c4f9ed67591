// Exact decimals as CQL has them: 28 digits before the point, 8 after. No binary floating point anywhere.
// Source: CQL 1.5.2, appendix B, System.Decimal.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caveat {

__extension__ typedef __int128 Int128;

class Decimal {
 public:
  static constexpr int kFractionDigits = 8;
  static constexpr int kIntegerDigits = 28;

  constexpr Decimal() = default;  ///< zero
  constexpr explicit Decimal(std::int64_t whole) : units_(static_cast<Int128>(whole) * 100'000'000) {}

  /// From units of 10^-8; nothing when out of range.
  static constexpr std::optional<Decimal> from_units(Int128 units) {
    if (units > greatest().units_ || units < -greatest().units_) return std::nullopt;
    return Decimal(units, Raw{});
  }
  /// `[+-]digits[.digits]`, as in a literal; no exponent. Nothing when it is not that, or does not fit exactly: leading
  /// zeros do not count, nor do zeros beyond the eighth digit of the fraction.
  static std::optional<Decimal> parse(std::string_view text);

  /// The ends of the range: ±(10^28 − 10^-8). Every literal of 28 and 8 digits fits.
  static constexpr Decimal greatest() { return {kUnitsMax, Raw{}}; }
  static constexpr Decimal least() { return {-kUnitsMax, Raw{}}; }
  /// What CQL's `maximum Decimal` and `minimum Decimal` say: 28 digits in all, 8 of them after the point.
  static constexpr Decimal type_maximum() { return {kTypeUnitsMax, Raw{}}; }
  static constexpr Decimal type_minimum() { return {-kTypeUnitsMax, Raw{}}; }

  [[nodiscard]] constexpr Int128 units() const { return units_; }
  /// Digits after the point that are needed: 0 for 5.0, 2 for 1.250.
  [[nodiscard]] int fraction_digits() const;
  /// The whole part when there is no fraction and it fits.
  [[nodiscard]] std::optional<std::int64_t> whole() const;
  /// Shortest exact form with at least one digit after the point: `5.0`, `0.00000001`.
  [[nodiscard]] std::string to_string() const;
  /// Canonical form for digests and data: no needless zeros or point: `5`, `0.5`.
  [[nodiscard]] std::string to_canonical() const;

  friend constexpr auto operator<=>(const Decimal&, const Decimal&) = default;
  friend constexpr bool operator==(const Decimal&, const Decimal&) = default;

 private:
  struct Raw {};
  constexpr Decimal(Int128 units, Raw) : units_(units) {}

  static constexpr Int128 kTypeUnitsMax = Int128{100'000'000'000'000} * 100'000'000'000'000 - 1;  // 10^28 - 1
  static constexpr Int128 kUnitsMax = (kTypeUnitsMax + 1) * 100'000'000 - 1;                      // 10^36 - 1

  Int128 units_ = 0;
};

// Arithmetic: nothing when the result cannot be represented (CQL: null), or on division by zero. Products and quotients
// are rounded half away from zero at the eighth digit.
constexpr std::optional<Decimal> add(Decimal a, Decimal b) { return Decimal::from_units(a.units() + b.units()); }
constexpr std::optional<Decimal> subtract(Decimal a, Decimal b) { return Decimal::from_units(a.units() - b.units()); }
std::optional<Decimal> multiply(Decimal a, Decimal b);
std::optional<Decimal> divide(Decimal a, Decimal b);
std::optional<Decimal> truncated_divide(Decimal a, Decimal b);
std::optional<Decimal> modulo(Decimal a, Decimal b);  ///< has the sign of `a`
constexpr std::optional<Decimal> negate(Decimal a) { return Decimal::from_units(-a.units()); }
constexpr Decimal abs(Decimal a) { return a.units() < 0 ? *negate(a) : a; }
Decimal truncate(Decimal a);                ///< towards zero
std::optional<Decimal> floor(Decimal a);    ///< towards negative infinity
std::optional<Decimal> ceiling(Decimal a);  ///< towards positive infinity
/// CQL Round: to the nearest at `digits` after the point, halves away from zero (-0.5 gives -1). Negative digits round
/// before the point.
std::optional<Decimal> round(Decimal a, int digits);
/// The next and the previous Decimal, a step of 10^-8; nothing at the ends of the range.
constexpr std::optional<Decimal> successor(Decimal a) { return Decimal::from_units(a.units() + 1); }
constexpr std::optional<Decimal> predecessor(Decimal a) { return Decimal::from_units(a.units() - 1); }
/// Whole exponents are rounded once, from the exact power; negative ones included. 0^0 is 1. A negative base has only
/// whole exponents.
std::optional<Decimal> power(Decimal base, Decimal exponent);
// Correct to the last digit (half away from zero). Logarithms: nothing for arguments and bases that have none.
std::optional<Decimal> exp(Decimal a);
std::optional<Decimal> ln(Decimal a);
std::optional<Decimal> log(Decimal a, Decimal base);
std::optional<Decimal> square_root(Decimal a);
/// `~`: equal after rounding to the fraction digits of the less precise operand, trailing zeros ignored.
bool equivalent(Decimal a, Decimal b);

}  // namespace caveat
