// Explicit conversions: null where a text is not of the form (CQL 1.5.2, appendix B, 9.5).
#include "conditions/expression.hpp"
#include "conditions/operators.hpp"
#include "conditions/parser.hpp"
#include "conditions/runtime.hpp"
#include "conditions/text_functions.hpp"
#include "conditions/value_functions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace caveat {
namespace {

const std::string& text(const Arguments& in) { return in.get<std::string>(0); }

template <class T>
Value wrap(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

Value same(const Arguments& in) { return in.values[0]; }

// ---- Boolean
// ---------------------------------------------------------------------------------------------------------

Value boolean_from_string(const Arguments& in) {
  static constexpr std::array<std::string_view, 5> kTrue = {"true", "t", "yes", "y", "1"};
  static constexpr std::array<std::string_view, 5> kFalse = {"false", "f", "no", "n", "0"};
  const std::string word = lower(text(in));
  if (std::find(kTrue.begin(), kTrue.end(), word) != kTrue.end()) return Value(true);
  if (std::find(kFalse.begin(), kFalse.end(), word) != kFalse.end()) return Value(false);
  return Value();
}

template <class Integer>
Value boolean_from_integer(const Arguments& in) {
  const auto value = in.get<Integer>(0);
  return value == 0 || value == 1 ? Value(value == 1) : Value();
}

Value boolean_from_decimal(const Arguments& in) {
  const auto value = in.get<Decimal>(0);
  if (value == Decimal(1)) return Value(true);
  return value == Decimal(0) ? Value(false) : Value();
}

// ---- Numbers
// ---------------------------------------------------------------------------------------------------------

template <class Integer>
std::optional<Integer> whole(std::string_view digits) {
  if (digits.starts_with("+") && !digits.starts_with("+-")) digits.remove_prefix(1);
  Integer value = 0;
  const auto [rest, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc{} || rest != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

template <class Integer>
Value integer_from_string(const Arguments& in) {
  return wrap(whole<Integer>(text(in)));
}

template <class Integer>
Value integer_from_boolean(const Arguments& in) {
  return Value(static_cast<Integer>(in.get<bool>(0) ? 1 : 0));
}

Value integer_from_long(const Arguments& in) {
  const auto value = in.get<std::int64_t>(0);
  return value == static_cast<std::int32_t>(value) ? Value(static_cast<std::int32_t>(value)) : Value();
}

// A text with more than eight decimals is rounded, as the specification has it.
std::optional<Decimal> decimal_from(std::string_view digits) {
  if (const auto exact = Decimal::parse(digits)) return exact;
  const auto point = digits.find('.');
  constexpr auto kDigits = static_cast<std::size_t>(Decimal::kFractionDigits);
  if (point == std::string_view::npos || digits.size() - point - 1 <= kDigits) return std::nullopt;
  const auto tail = digits.substr(point + 1 + kDigits);
  const bool clean = std::all_of(tail.begin(), tail.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto cut = clean ? Decimal::parse(digits.substr(0, point + 1 + kDigits)) : std::nullopt;
  if (!cut || tail[0] < '5') return cut;
  return digits.starts_with("-") ? predecessor(*cut) : successor(*cut);
}

Value decimal_from_string(const Arguments& in) { return wrap(decimal_from(text(in))); }
Value decimal_from_boolean(const Arguments& in) { return Value(Decimal(in.get<bool>(0) ? 1 : 0)); }

// ---- Quantities
// ------------------------------------------------------------------------------------------------------

std::string_view trim(std::string_view value) {
  while (value.starts_with(" ")) value.remove_prefix(1);
  while (value.ends_with(" ")) value.remove_suffix(1);
  return value;
}

std::optional<Quantity> quantity_from(std::string_view written) {
  written = trim(written);
  const auto end = written.find_first_not_of("+-0123456789.");
  const auto amount = Decimal::parse(written.substr(0, end));
  if (!amount) return std::nullopt;
  if (end == std::string_view::npos) return Quantity{*amount, "1"};
  std::string_view unit = trim(written.substr(end));
  if (const auto calendar = calendar_unit(unit)) return Quantity{*amount, std::string(to_string(*calendar))};
  if (unit.size() < 3 || unit.front() != '\'' || unit.back() != '\'') return std::nullopt;
  unit = unit.substr(1, unit.size() - 2);
  return is_unit(unit) ? std::optional(Quantity{*amount, std::string(unit)}) : std::nullopt;
}

Value quantity_from_string(const Arguments& in) { return wrap(quantity_from(text(in))); }

Value quantity_from_ratio(const Arguments& in) {
  const auto& ratio = in.get<Ratio>(0);
  return wrap(divide(ratio.numerator, ratio.denominator));
}

Value ratio_from_string(const Arguments& in) {
  const std::string_view written = text(in);
  for (auto colon = written.find(':'); colon != std::string_view::npos; colon = written.find(':', colon + 1)) {
    const auto numerator = quantity_from(written.substr(0, colon));
    const auto denominator = quantity_from(written.substr(colon + 1));
    if (numerator && denominator) return Value(Ratio{*numerator, *denominator});
  }
  return Value();
}

Value convert_quantity(const Arguments& in) {
  const auto& quantity = in.get<Quantity>(0);
  std::string unit = in.get<std::string>(1);
  if (const auto calendar = calendar_unit(unit)) unit = std::string(to_string(*calendar));
  const auto amount =
      is_unit(unit) || calendar_unit(unit) ? convert(quantity.value, quantity.unit, unit) : std::nullopt;
  return amount ? Value(Quantity{*amount, unit}) : Value();
}

Value make_quantity(const Arguments& in) {
  const std::string& written = in.get<std::string>(1);
  const auto calendar = calendar_unit(written);
  const std::string unit = calendar ? std::string(to_string(*calendar)) : written;
  if (!calendar && !is_unit(unit)) return in.run.raise("`" + text_of(in.node) + "` has no such unit");
  return Value(Quantity{in.get<Decimal>(0), unit});
}

Value quantity_value(const Arguments& in) { return Value(in.get<Quantity>(0).value); }
Value quantity_unit(const Arguments& in) { return Value(in.get<Quantity>(0).unit); }

// ---- Dates and times
// -------------------------------------------------------------------------------------------------

Value date_from_string(const Arguments& in) {
  if (const auto date = parse_date(text(in))) return Value(*date);
  const auto moment = parse_date_time(text(in), in.run.context.at.offset_minutes);
  return moment ? Value(date_of(*moment)) : Value();
}
Value date_from_moment(const Arguments& in) { return Value(date_of(in.get<DateTime>(0))); }
Value moment_from_string(const Arguments& in) {
  return wrap(parse_date_time(text(in), in.run.context.at.offset_minutes));
}

Value time_from_string(const Arguments& in) {
  std::string_view written = text(in);
  if (written.starts_with("T")) written.remove_prefix(1);
  constexpr std::size_t kZoneLength = std::string_view("+05:45").size();
  if (written.ends_with("Z")) {
    written.remove_suffix(1);
  } else if (written.size() > kZoneLength) {
    const auto zone = written.substr(written.size() - kZoneLength);
    const bool signed_zone = (zone[0] == '+' || zone[0] == '-') && parse_time(zone.substr(1)) && zone[3] == ':';
    if (signed_zone) written.remove_suffix(kZoneLength);
  }
  return wrap(parse_time(written));
}

Value time_from_moment(const Arguments& in) { return wrap(time_of(in.get<DateTime>(0))); }

// ---- Text
// ------------------------------------------------------------------------------------------------------------

std::string quantity_text(const Quantity& quantity) {
  const auto calendar = calendar_unit(quantity.unit);
  const std::string amount = quantity.value.to_canonical();
  if (!calendar) return amount + " '" + quantity.unit + "'";
  return amount + " " + quantity.unit + (quantity.value == Decimal(1) ? "" : "s");
}

Value string_of(const Arguments& in) {
  const Value& value = in.values[0];
  if (const auto* truth = value.get<bool>()) return Value(std::string(*truth ? "true" : "false"));
  if (const auto* wide = value.get<std::int64_t>()) return Value(std::to_string(*wide));
  if (const auto* date = value.get<Date>()) return Value(to_string(*date));
  if (const auto* time = value.get<Time>()) return Value(to_string(*time));
  if (const auto* moment = value.get<DateTime>()) {
    return Value(to_iso_string(*moment, in.run.context.at.offset_minutes));
  }
  if (const auto* words = value.get<std::string>()) return Value(*words);
  if (const auto* quantity = value.get<Quantity>()) return Value(quantity_text(*quantity));
  if (const auto* ratio = value.get<Ratio>()) {
    return Value(quantity_text(ratio->numerator) + ":" + quantity_text(ratio->denominator));
  }
  return Value(to_literal(value));
}

template <Implementation conversion>
Value converts(const Arguments& in) {
  return Value(!conversion(in).is_null());
}

Value always(const Arguments&) { return Value(true); }

constexpr SignatureRow kRows[] = {
    {"ToBoolean", "Boolean -> Boolean", kNeverNull, same},
    {"ToBoolean", "String -> Boolean", 0, boolean_from_string},
    {"ToBoolean", "Integer -> Boolean", 0, boolean_from_integer<std::int32_t>},
    {"ToBoolean", "Long -> Boolean", 0, boolean_from_integer<std::int64_t>},
    {"ToBoolean", "Decimal -> Boolean", 0, boolean_from_decimal},
    {"ToInteger", "Integer -> Integer", kNeverNull, same},
    {"ToInteger", "String -> Integer", 0, integer_from_string<std::int32_t>},
    {"ToInteger", "Boolean -> Integer", kNeverNull, integer_from_boolean<std::int32_t>},
    {"ToInteger", "Long -> Integer", 0, integer_from_long},
    {"ToLong", "Long -> Long", kNeverNull, same},
    {"ToLong", "String -> Long", 0, integer_from_string<std::int64_t>},
    {"ToLong", "Boolean -> Long", kNeverNull, integer_from_boolean<std::int64_t>},
    {"ToDecimal", "Decimal -> Decimal", kNeverNull, same},
    {"ToDecimal", "String -> Decimal", 0, decimal_from_string},
    {"ToDecimal", "Boolean -> Decimal", kNeverNull, decimal_from_boolean},
    {"ToQuantity", "Quantity -> Quantity", kNeverNull, same},
    {"ToQuantity", "String -> Quantity", 0, quantity_from_string},
    {"ToQuantity", "Ratio -> Quantity", 0, quantity_from_ratio},
    {"ToRatio", "String -> Ratio", 0, ratio_from_string},
    {"ToDate", "Date -> Date", kNeverNull, same},
    {"ToDate", "DateTime -> Date", kNeverNull, date_from_moment},
    {"ToDate", "String -> Date", kClock, date_from_string},
    {"ToDateTime", "DateTime -> DateTime", kNeverNull, same},
    {"ToDateTime", "String -> DateTime", kClock, moment_from_string},
    {"ToTime", "Time -> Time", kNeverNull, same},
    {"ToTime", "String -> Time", 0, time_from_string},
    {"ToTime", "DateTime -> Time", 0, time_from_moment},
    {"ToString", "String -> String", kNeverNull, string_of},
    {"ToString", "Boolean -> String", kNeverNull, string_of},
    {"ToString", "Integer -> String", kNeverNull, string_of},
    {"ToString", "Long -> String", kNeverNull, string_of},
    {"ToString", "Decimal -> String", kNeverNull, string_of},
    {"ToString", "Quantity -> String", kNeverNull, string_of},
    {"ToString", "Ratio -> String", kNeverNull, string_of},
    {"ToString", "Date -> String", kNeverNull, string_of},
    {"ToString", "DateTime -> String", kClock | kNeverNull, string_of},
    {"ToString", "Time -> String", kNeverNull, string_of},
    {"ConvertsToBoolean", "String -> Boolean", kNeverNull, converts<boolean_from_string>},
    {"ConvertsToBoolean", "Boolean -> Boolean", kNeverNull, always},
    {"ConvertsToBoolean", "Integer -> Boolean", kNeverNull, converts<boolean_from_integer<std::int32_t>>},
    {"ConvertsToBoolean", "Long -> Boolean", kNeverNull, converts<boolean_from_integer<std::int64_t>>},
    {"ConvertsToBoolean", "Decimal -> Boolean", kNeverNull, converts<boolean_from_decimal>},
    {"ConvertsToInteger", "String -> Boolean", kNeverNull, converts<integer_from_string<std::int32_t>>},
    {"ConvertsToInteger", "Integer -> Boolean", kNeverNull, always},
    {"ConvertsToInteger", "Boolean -> Boolean", kNeverNull, always},
    {"ConvertsToInteger", "Long -> Boolean", kNeverNull, converts<integer_from_long>},
    {"ConvertsToLong", "String -> Boolean", kNeverNull, converts<integer_from_string<std::int64_t>>},
    {"ConvertsToLong", "Long -> Boolean", kNeverNull, always},
    {"ConvertsToLong", "Boolean -> Boolean", kNeverNull, always},
    {"ConvertsToDecimal", "String -> Boolean", kNeverNull, converts<decimal_from_string>},
    {"ConvertsToDecimal", "Decimal -> Boolean", kNeverNull, always},
    {"ConvertsToDecimal", "Boolean -> Boolean", kNeverNull, always},
    {"ConvertsToQuantity", "String -> Boolean", kNeverNull, converts<quantity_from_string>},
    {"ConvertsToQuantity", "Quantity -> Boolean", kNeverNull, always},
    {"ConvertsToRatio", "String -> Boolean", kNeverNull, converts<ratio_from_string>},
    {"ConvertsToDate", "String -> Boolean", kClock | kNeverNull, converts<date_from_string>},
    {"ConvertsToDate", "DateTime -> Boolean", kNeverNull, always},
    {"ConvertsToDateTime", "String -> Boolean", kClock | kNeverNull, converts<moment_from_string>},
    {"ConvertsToDateTime", "DateTime -> Boolean", kNeverNull, always},
    {"ConvertsToTime", "String -> Boolean", kNeverNull, converts<time_from_string>},
    {"ConvertsToTime", "Time -> Boolean", kNeverNull, always},
    {"ConvertsToString", "T -> Boolean", kNeverNull, always},
    {"ConvertQuantity", "Quantity, String -> Quantity", 0, convert_quantity},
    {"CanConvertQuantity", "Quantity, String -> Boolean", kNeverNull, converts<convert_quantity>},
    {"Quantity", "Decimal, String -> Quantity", kRaises, make_quantity},
    {"$value", "Quantity -> Decimal", kNeverNull | kInternal, quantity_value},
    {"$unit", "Quantity -> String", kNeverNull | kInternal, quantity_unit},
};

}  // namespace

std::span<const SignatureRow> conversion_rows() { return kRows; }

}  // namespace caveat
