// Powers, roots, exponentials and logarithms. Computed with far more digits than a Decimal holds (100 against 36), then
// rounded once, so that the last digit is right.
#include "values/decimal.hpp"

// gcc 12 sees an overlapping copy in std::string::insert where there is none, at -O3, in the library's own code.
#pragma GCC diagnostic ignored "-Wrestrict"

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cmath>

namespace caveat {

namespace {

using Float = boost::multiprecision::cpp_dec_float_100;
using Integer = boost::multiprecision::cpp_int;

constexpr int kUnitDigits = Decimal::kFractionDigits;
constexpr unsigned kExactBitsMax = 8192;  // beyond this a power is computed in floating point

Float scale() { return Float("1e8"); }

constexpr std::int64_t kHalf = 1'000'000'000'000'000'000;  // 10^18: two halves hold 36 digits

Float to_float(Int128 value) {
  return Float(static_cast<std::int64_t>(value / kHalf)) * kHalf + static_cast<std::int64_t>(value % kHalf);
}

Float to_float(Decimal a) { return to_float(a.units()) / scale(); }

/// Of a whole number of 36 digits at most.
Int128 to_integer(const Float& whole) {
  const Float high = trunc(whole / kHalf);
  const Float low = whole - high * kHalf;
  return Int128{high.convert_to<std::int64_t>()} * kHalf + low.convert_to<std::int64_t>();
}

/// Of a positive decimal. Halley's method on exp from a double's guess: each round triples the digits, so two rounds of
/// 14 give more than are kept, at a twentieth of the library's cost.
Float logarithm(Decimal a) {
  constexpr double kLogOfScale = 18.420680743952367;  // ln(10^8)
  const Float value = to_float(a);
  Float result(std::log(static_cast<double>(a.units())) - kLogOfScale);
  for (int round = 0; round < 2; ++round) {
    const Float power = exp(result);
    result += 2 * (value - power) / (value + power);
  }
  return result;
}

/// Rounded half away from zero at the eighth digit.
std::optional<Decimal> from_float(const Float& value) {
  if (!(boost::multiprecision::isfinite)(value)) return std::nullopt;
  const Float units = value * scale();
  const Float limit = to_float(Decimal::greatest().units());
  if (units > limit || units < -limit) return std::nullopt;
  const Float rounded = units < 0 ? Float(ceil(units - Float("0.5"))) : Float(floor(units + Float("0.5")));
  return Decimal::from_units(to_integer(rounded));
}

Integer magnitude(const Integer& a) { return a < 0 ? Integer(-a) : a; }

/// numerator / denominator in units, rounded half away from zero.
std::optional<Decimal> from_ratio(const Integer& numerator, const Integer& denominator) {
  Integer quotient, rest;
  divide_qr(magnitude(numerator), magnitude(denominator), quotient, rest);
  if (rest * 2 >= magnitude(denominator)) ++quotient;
  if (quotient > Integer(Decimal::greatest().units())) return std::nullopt;
  const Int128 units = static_cast<Int128>(quotient);
  return Decimal::from_units((numerator < 0) == (denominator < 0) ? units : -units);
}

/// |base|^exponent is base.units()^n / 10^(8n): exact as a ratio of whole numbers.
std::optional<Decimal> exact_power(Decimal base, unsigned exponent, bool inverse) {
  const Integer units = pow(Integer(base.units()), exponent);
  const Integer one = pow(Integer(10), kUnitDigits * exponent);
  const Integer unit = pow(Integer(10), kUnitDigits);
  return inverse ? from_ratio(one * unit, units) : from_ratio(units * unit, one);
}

/// A power of a positive base, where an exact one would be too long to write.
std::optional<Decimal> float_power(Decimal base, Decimal exponent) {
  const Float power_of_e = logarithm(base) * to_float(exponent);
  if (power_of_e > 100) return std::nullopt;  // beyond 10^28
  if (power_of_e < -100) return Decimal{};
  return from_float(Float(exp(power_of_e)));
}

std::optional<Decimal> power_of_zero(Decimal exponent) {
  if (exponent < Decimal{}) return std::nullopt;
  return exponent == Decimal{} ? Decimal{1} : Decimal{};
}

/// Whether base^exponent can be written out exactly within bounds.
bool is_short(Decimal base, Int128 exponent) {
  const unsigned bits = static_cast<unsigned>(msb(magnitude(Integer(base.units())))) + 1;
  return exponent <= static_cast<Int128>(kExactBitsMax / std::max(bits, 27U));
}

std::optional<Decimal> whole_power(Decimal base, Int128 exponent) {
  const Int128 size = exponent < 0 ? -exponent : exponent;
  if (is_short(base, size)) return exact_power(base, static_cast<unsigned>(size), exponent < 0);
  const auto positive = float_power(abs(base), *Decimal::from_units(exponent * 100'000'000));
  return positive && base < Decimal{} && exponent % 2 != 0 ? negate(*positive) : positive;
}

}  // namespace

std::optional<Decimal> power(Decimal base, Decimal exponent) {
  if (base == Decimal{}) return power_of_zero(exponent);
  if (truncate(exponent) == exponent) return whole_power(base, exponent.units() / 100'000'000);
  if (base < Decimal{}) return std::nullopt;
  return float_power(base, exponent);
}

std::optional<Decimal> exp(Decimal a) {
  if (a > Decimal{65}) return std::nullopt;  // e^65 > 10^28
  if (a < Decimal{-20}) return Decimal{};    // e^-20 < 0.5 × 10^-8
  return from_float(Float(exp(to_float(a))));
}

std::optional<Decimal> ln(Decimal a) {
  if (a <= Decimal{}) return std::nullopt;
  return from_float(logarithm(a));
}

std::optional<Decimal> log(Decimal a, Decimal base) {
  if (a <= Decimal{} || base <= Decimal{} || base == Decimal{1}) return std::nullopt;
  return from_float(logarithm(a) / logarithm(base));
}

std::optional<Decimal> square_root(Decimal a) {
  if (a < Decimal{}) return std::nullopt;
  return from_float(Float(sqrt(to_float(a))));
}

}  // namespace caveat
