// Quantities with UCUM units, and CQL's calendar durations. Sources: CQL 1.5.2 (Quantity), UCUM 2.1 (case sensitive).
#pragma once

#include "values/decimal.hpp"
#include "values/temporal.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace caveat {

/// `unit` is a UCUM code, `1` for none, or a calendar duration's singular name: `year`, `month`, `week`, `day`, `hour`,
/// `minute`, `second`, `millisecond`. `'a'` (a mean Julian year) and `year` are different units.
struct Quantity {
  Decimal value;
  std::string unit = "1";
  friend bool operator==(const Quantity&, const Quantity&) = default;
};

struct Ratio {
  Quantity numerator;
  Quantity denominator;
  friend bool operator==(const Ratio&, const Ratio&) = default;
};

/// Whether the text is a UCUM unit expression that Caveat understands (prefixes, exponents, products, annotations).
bool is_unit(std::string_view unit);
/// The calendar duration that a unit names, singular or plural (`years`); nothing for UCUM codes.
std::optional<Precision> calendar_unit(std::string_view unit);
/// Whether amounts of one can be converted to the other. Week and shorter calendar durations equal their UCUM units;
/// `year` and `month` do not equal `a` and `mo`.
bool comparable(std::string_view unit, std::string_view other);
/// The same amount in another unit; nothing when the units are not comparable or the result does not fit.
std::optional<Decimal> convert(Decimal value, std::string_view from, std::string_view to);
/// Order by amount, units converted exactly (no rounding decides); nothing when they are not comparable.
std::optional<std::strong_ordering> compare(const Quantity& a, const Quantity& b);
/// `~`: like compare, and years and months are also equivalent to their UCUM units and to 365 and 30 days (CQL 12.2).
bool equivalent(const Quantity& a, const Quantity& b);

std::optional<Quantity> add(const Quantity& a, const Quantity& b);  ///< in the finer-grained unit of the two
std::optional<Quantity> subtract(const Quantity& a, const Quantity& b);
std::optional<Quantity> multiply(const Quantity& a, const Quantity& b);  ///< units multiplied: `m` × `m` = `m2`
std::optional<Quantity> divide(const Quantity& a, const Quantity& b);

/// As a CQL literal: `5.0 'mg'`, `3 years`.
std::string to_string(const Quantity& quantity);

}  // namespace caveat
