// UCUM unit expressions, resolved to an exact factor and a dimension. Inside this room: others use quantity.hpp.
//
// Units are parsed each time they are compared; nothing is allocated for units that people write. A factor is a ratio
// of whole numbers, a power of ten and a power of pi, never rounded. Source: UCUM 2.1, case sensitive.
#pragma once

#include "values/decimal.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::ucum {

/// Signed, 256 bits in place, more on the heap: no unit overflows.
using Integer =
    boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
                                      256, 0, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked,
                                      std::allocator<boost::multiprecision::limb_type>>,
                                  boost::multiprecision::et_off>;

Integer ten_to(int exponent);

/// numerator / denominator × 10^ten × pi^pi.
struct Factor {
  Integer numerator = 1;
  Integer denominator = 1;
  int ten = 0;
  int pi = 0;
};

Factor operator*(const Factor& a, const Factor& b);
Factor inverse(const Factor& factor);
Factor power(const Factor& factor, int exponent);

/// Exponents of the seven base units, and of units that can be converted to nothing but themselves (`[iU]`, `[pH]`).
struct Dimension {
  struct Own {
    std::uint16_t unit = 0;  ///< index in definitions(), or kCalendarMonth
    std::int16_t exponent = 0;
    friend bool operator==(const Own&, const Own&) = default;
  };
  std::array<std::int16_t, 7> base{};
  std::array<Own, 4> own{};  ///< sorted by unit, without exponents of zero, then empty ones
  friend bool operator==(const Dimension&, const Dimension&) = default;
};

/// What CQL's `year` and `month` are measured in: calendar months, which have no length.
inline constexpr std::uint16_t kCalendarMonth = 0xFFFF;

/// A unit: base amount = (value × 10^scale + shift) × factor. Only special units have a scale or a shift.
struct Unit {
  Factor factor;
  Dimension dimension;
  bool special = false;  ///< degrees Celsius and the like: no part in products
  int scale = 0;         ///< the prefix of a special unit
  Decimal shift;
};

/// Nothing when the text is not a unit expression. Bounded: 128 characters, 16 parentheses deep, exponents within ±99.
std::optional<Unit> parse(std::string_view text);

/// One factor of an expression, such as `cm` to the power 2. Numbers stand for themselves.
struct Term {
  std::string symbol;
  int exponent = 1;
};

/// The factors of an expression, equal ones merged, annotations left out; nothing when it is not a unit, or a special
/// one.
std::optional<std::vector<Term>> terms(std::string_view text);
/// The product of two lists of terms, `sign` -1 for a quotient, as an expression: `g/cm3`, `cm2`, `/s`; `1` when empty.
std::string join(std::vector<Term> terms, const std::vector<Term>& others, int sign);

// The table (ucum_units.cpp).

enum class Kind : std::uint8_t {
  kBase,     ///< one of the seven: `unit` is its index as a digit
  kDerived,  ///< `value` × `unit`
  kOwn,      ///< arbitrary or logarithmic: comparable only with itself
  kShifted,  ///< (amount + shift) × `value` × `unit`: temperatures
};

struct Definition {
  std::string_view code;
  Kind kind;
  bool metric;             ///< takes prefixes
  std::string_view value;  ///< decimal digits; for kOwn empty
  std::string_view unit;   ///< an expression in other units
  std::string_view shift = {};
};

/// All units, sorted by code.
std::span<const Definition> definitions();

struct Prefix {
  std::string_view code;
  std::int8_t ten = 0;
  std::int8_t two = 0;
};

std::span<const Prefix> prefixes();

}  // namespace caveat::ucum
