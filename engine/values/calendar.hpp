// What the temporal files share: the calendar on plain numbers. Inside this room only.
#pragma once

#include "values/temporal.hpp"

#include <array>
#include <cstdint>

namespace caveat::calendar {

inline constexpr std::int64_t kSecond = 1000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;
inline constexpr int kYearMin = 1;
inline constexpr int kYearMax = 9999;

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

/// Days since 1970-01-01.
constexpr std::int64_t days(std::int64_t year, int month, int day) {
  // Years begin in March here, so that the leap day is the last of its year; eras are 400 years.
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_divide(y, 400);
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

inline constexpr std::int64_t kDaysMin = days(kYearMin, 1, 1);
inline constexpr std::int64_t kDaysMax = days(kYearMax, 12, 31);

constexpr bool has(Precision precision, Precision field) { return precision >= field; }

/// Milliseconds a unit of fixed length lasts; 0 for years and months.
constexpr std::int64_t length(Precision unit) {
  switch (unit) {
    case Precision::kWeek: return 7 * kDay;
    case Precision::kDay: return kDay;
    case Precision::kHour: return kHour;
    case Precision::kMinute: return kMinute;
    case Precision::kSecond: return kSecond;
    case Precision::kMillisecond: return 1;
    case Precision::kYear:
    case Precision::kMonth: break;
  }
  return 0;
}

std::int64_t milliseconds(const Time& time);
/// As written: the offset is not looked at.
std::int64_t local_milliseconds(const DateTime& date_time);
Time time_from_milliseconds(std::int64_t milliseconds, Precision precision);
DateTime date_time_from_milliseconds(std::int64_t local_milliseconds, const DateTime& like);

}  // namespace caveat::calendar
