// Exact decimals: text, and the arithmetic that needs no more than whole numbers. A Decimal is a count of 10^-8, so
// sums are sums of integers; products and quotients are computed in 256 bits when 128 do not hold them.
#include "values/decimal.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cstddef>

namespace caveat {

namespace {

using Wide = boost::multiprecision::int256_t;

constexpr Int128 kOne = 100'000'000;  // units in 1
constexpr Int128 kHalf = 1'000'000'000'000'000'000;
constexpr std::ptrdiff_t kHalfDigits = 18;
constexpr std::size_t kTextMax = 48;  // sign, 28 digits, point, 8 digits, with room to spare

constexpr Int128 magnitude(Int128 value) { return value < 0 ? -value : value; }

constexpr Int128 ten_to(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// The quotient to the nearest whole number, halves away from zero. Needs a magnitude of `divisor` within half the
/// type.
template <class Integer>
Integer divide_rounded(const Integer& dividend, const Integer& divisor) {
  const Integer quotient = dividend / divisor;
  const Integer rest = dividend % divisor;
  const Integer doubled = (rest < 0 ? Integer(-rest) : rest) * 2;
  if (doubled < (divisor < 0 ? Integer(-divisor) : divisor)) return quotient;
  return (dividend < 0) == (divisor < 0) ? Integer(quotient + 1) : Integer(quotient - 1);
}

std::optional<Decimal> from_wide(const Wide& units) {
  const Wide limit(Decimal::greatest().units());
  if (units > limit || units < -limit) return std::nullopt;
  return Decimal::from_units(static_cast<Int128>(units));
}

bool fits(Int128 value, int bits) { return magnitude(value) < Int128{1} << bits; }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Appends digits to `value`; false when there are more than `count_max`.
bool read_digits(std::string_view digits, int count_max, Int128& value) {
  if (digits.size() > static_cast<std::size_t>(count_max)) return false;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return true;
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

/// The digits of a magnitude, at least nine, so that one always stands before the point.
std::string_view write_digits(Int128 value, char (&buffer)[kTextMax]) {
  char* const end = buffer + kTextMax;
  char* at = end;
  // 128-bit division is slow: it is done once for each half of 18 digits.
  for (bool last = false; !last;) {
    auto half = static_cast<std::uint64_t>(value % kHalf);
    value /= kHalf;
    last = value == 0;
    const char* const stop = last ? end - 1 - Decimal::kFractionDigits : at - kHalfDigits;
    for (; half > 0 || at > stop; half /= 10) *--at = static_cast<char>('0' + half % 10);
  }
  return {at, static_cast<std::size_t>(end - at)};
}

std::string write(Int128 units, std::size_t fraction_min) {
  char buffer[kTextMax];
  const std::string_view digits = write_digits(magnitude(units), buffer);
  const std::size_t whole = digits.size() - Decimal::kFractionDigits;
  std::string_view fraction = digits.substr(whole);
  while (fraction.size() > fraction_min && fraction.back() == '0') fraction.remove_suffix(1);
  std::string text = units < 0 ? "-" : "";
  text.append(digits.substr(0, whole));
  if (!fraction.empty()) text.append(1, '.').append(fraction);
  return text;
}

/// Units rounded to `digits` after the point. Not checked against the range.
Int128 rounded_units(Int128 units, int digits) {
  if (digits >= Decimal::kFractionDigits) return units;
  if (digits < -Decimal::kIntegerDigits) return 0;
  const Int128 step = ten_to(Decimal::kFractionDigits - digits);
  return divide_rounded(units, step) * step;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  std::string_view whole = take_digits(text);
  if (whole.empty()) return std::nullopt;
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  Int128 units = 0;
  if (!read_digits(whole, kIntegerDigits, units) || !read_digits(fraction, kFractionDigits, units)) return std::nullopt;
  units *= ten_to(kFractionDigits - static_cast<int>(fraction.size()));
  return from_units(negative ? -units : units);
}

int Decimal::fraction_digits() const {
  int digits = kFractionDigits;
  for (Int128 rest = units_; digits > 0 && rest % 10 == 0; rest /= 10) --digits;
  return digits;
}

std::optional<std::int64_t> Decimal::whole() const {
  const Int128 value = units_ / kOne;
  if (units_ % kOne != 0 || value > INT64_MAX || value < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::string Decimal::to_string() const { return write(units_, 1); }

std::string Decimal::to_canonical() const { return write(units_, 0); }

std::optional<Decimal> multiply(Decimal a, Decimal b) {
  constexpr int kHalf = 63;
  if (fits(a.units(), kHalf) && fits(b.units(), kHalf)) {
    return Decimal::from_units(divide_rounded<Int128>(a.units() * b.units(), kOne));
  }
  return from_wide(divide_rounded<Wide>(Wide(a.units()) * Wide(b.units()), Wide(kOne)));
}

std::optional<Decimal> divide(Decimal a, Decimal b) {
  constexpr int kScalable = 100;  // × 10^8 stays within 127 bits
  if (b.units() == 0) return std::nullopt;
  if (fits(a.units(), kScalable)) return Decimal::from_units(divide_rounded<Int128>(a.units() * kOne, b.units()));
  return from_wide(divide_rounded<Wide>(Wide(a.units()) * Wide(kOne), Wide(b.units())));
}

std::optional<Decimal> truncated_divide(Decimal a, Decimal b) {
  if (b.units() == 0) return std::nullopt;
  const Int128 quotient = a.units() / b.units();
  if (magnitude(quotient) > Decimal::greatest().units() / kOne) return std::nullopt;
  return Decimal::from_units(quotient * kOne);
}

std::optional<Decimal> modulo(Decimal a, Decimal b) {
  if (b.units() == 0) return std::nullopt;
  return Decimal::from_units(a.units() % b.units());
}

Decimal truncate(Decimal a) { return *Decimal::from_units(a.units() - a.units() % kOne); }

std::optional<Decimal> floor(Decimal a) {
  const Decimal whole = truncate(a);
  return a < whole ? Decimal::from_units(whole.units() - kOne) : whole;
}

std::optional<Decimal> ceiling(Decimal a) {
  const Decimal whole = truncate(a);
  return a > whole ? Decimal::from_units(whole.units() + kOne) : whole;
}

std::optional<Decimal> round(Decimal a, int digits) { return Decimal::from_units(rounded_units(a.units(), digits)); }

bool equivalent(Decimal a, Decimal b) {
  const int digits = std::min(a.fraction_digits(), b.fraction_digits());
  return rounded_units(a.units(), digits) == rounded_units(b.units(), digits);
}

}  // namespace caveat
