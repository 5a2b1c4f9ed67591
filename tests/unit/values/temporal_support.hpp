// Short ways to write dates and times in tests, and to show results.
#pragma once

#include "sequence.hpp"
#include "support/catch.hpp"
#include "values/temporal.hpp"

#include <array>
#include <string>

namespace caveat::testing {

inline Date date(std::string_view text) {
  const auto value = parse_date(text);
  INFO(text);
  REQUIRE(value);
  return *value;
}

inline Time time(std::string_view text) {
  const auto value = parse_time(text);
  INFO(text);
  REQUIRE(value);
  return *value;
}

inline DateTime at(std::string_view text, std::int16_t offset = 0) {
  const auto value = parse_date_time(text, offset);
  INFO(text);
  REQUIRE(value);
  return *value;
}

template <class T>
std::string show(const std::optional<T>& value) {
  return value ? to_string(*value) : "nothing";
}

inline std::string show(std::optional<std::strong_ordering> order) {
  if (!order) return "uncertain";
  if (*order == std::strong_ordering::less) return "<";
  return *order == std::strong_ordering::greater ? ">" : "=";
}

inline std::string show(const UncertainInteger& number) {
  if (number.certain()) return std::to_string(number.low);
  return std::to_string(number.low) + ".." + std::to_string(number.high);
}

inline std::string mirrored(std::string_view order) {
  if (order == "<") return ">";
  return order == ">" ? "<" : std::string(order);
}

inline DateTime any(Sequence& sequence) {
  const std::int64_t day = sequence.between(-719'162, 2'932'896);
  const Date on = caveat::civil_from_days(day);
  constexpr std::array kPrecisions{Precision::kYear,   Precision::kMonth,  Precision::kDay,        Precision::kHour,
                                   Precision::kMinute, Precision::kSecond, Precision::kMillisecond};
  const Precision precision = kPrecisions[sequence.next() % kPrecisions.size()];
  DateTime value;
  value.year = on.year;
  value.precision = precision;
  if (precision >= Precision::kMonth) value.month = on.month;
  if (precision >= Precision::kDay) value.day = on.day;
  if (precision >= Precision::kHour) value.hour = static_cast<std::uint8_t>(sequence.between(0, 23));
  if (precision >= Precision::kMinute) value.minute = static_cast<std::uint8_t>(sequence.between(0, 59));
  if (precision >= Precision::kSecond) value.second = static_cast<std::uint8_t>(sequence.between(0, 59));
  if (precision >= Precision::kMillisecond) value.millisecond = static_cast<std::uint16_t>(sequence.between(0, 999));
  value.offset_minutes = static_cast<std::int16_t>(15 * sequence.between(-56, 56));
  return value;
}

/// A value near another, so that fields are often equal.
inline DateTime near(Sequence& sequence, const DateTime& value) {
  constexpr std::array kUnits{Precision::kYear, Precision::kMonth, Precision::kDay, Precision::kHour,
                              Precision::kMinute};
  DateTime moved = any(sequence);
  const auto sum = add(value, sequence.between(-2, 2), kUnits[sequence.next() % kUnits.size()]);
  if (!sum) return moved;
  const Precision precision = moved.precision < sum->precision ? moved.precision : sum->precision;
  moved = *sum;
  moved.precision = precision;
  if (precision < Precision::kMonth) moved.month = 1;
  if (precision < Precision::kDay) moved.day = 1;
  if (precision < Precision::kHour) moved.hour = 0;
  if (precision < Precision::kMinute) moved.minute = 0;
  if (precision < Precision::kSecond) moved.second = 0;
  if (precision < Precision::kMillisecond) moved.millisecond = 0;
  if (sequence.next() % 2 == 0) moved.offset_minutes = static_cast<std::int16_t>(15 * sequence.between(-4, 4));
  return moved;
}

inline constexpr std::array kAll{Precision::kYear, Precision::kMonth,  Precision::kWeek,   Precision::kDay,
                                 Precision::kHour, Precision::kMinute, Precision::kSecond, Precision::kMillisecond};

}  // namespace caveat::testing
