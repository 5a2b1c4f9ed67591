// Dates, times and date-times that keep their precision. Source: CQL 1.5.2, sections 2 (values), 22 (date and time).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caveat {

/// Ordered from coarse to fine. kWeek exists only as a unit of arithmetic and of `between`.
enum class Precision : std::uint8_t { kYear, kMonth, kWeek, kDay, kHour, kMinute, kSecond, kMillisecond };

std::string_view to_string(Precision precision);  ///< `year`, `month`, …

/// Fields finer than `precision` hold their minimum.
struct Date {
  std::int16_t year = 1;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  Precision precision = Precision::kDay;
  friend bool operator==(const Date&, const Date&) = default;
};

struct Time {
  std::uint8_t hour = 0, minute = 0, second = 0;
  std::uint16_t millisecond = 0;
  Precision precision = Precision::kMillisecond;
  friend bool operator==(const Time&, const Time&) = default;
};

/// A date-time always has an offset: one written without takes the evaluation's.
struct DateTime {
  std::int16_t year = 1;
  std::uint8_t month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::uint16_t millisecond = 0;
  Precision precision = Precision::kMillisecond;
  std::int16_t offset_minutes = 0;
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

// Parsing. Nothing when the text is not of the form or names no real day (month 13, 30 February) or year 0.
std::optional<Date> parse_date(std::string_view text);  ///< `2012`, `2012-04`, `2012-04-30`
std::optional<Time> parse_time(std::string_view text);  ///< `10`, `10:30`, `10:30:05`, `10:30:05.123`; `.5` is 500 ms
/// `2012-04-30T10:30:05.123+02:00`, any shorter precision (`2012T`, `2012-04-30T10`), `Z`, or no offset. The `T` may be
/// left out when no time follows (`2012-04-30`). Offsets reach from -14:00 to +14:00 and need a time.
std::optional<DateTime> parse_date_time(std::string_view text, std::int16_t default_offset_minutes);
/// RFC 3339 with a mandatory offset and at least seconds: what `--at` takes. Fractions beyond milliseconds are refused.
std::optional<DateTime> parse_rfc3339(std::string_view text);

std::string to_string(const Date& date);           ///< `2012-04-30`, `2012-04`
std::string to_string(const Time& time);           ///< `10:30:05.123`
std::string to_string(const DateTime& date_time);  ///< with offset, `Z` for zero: `2012-04-30T10:30:05Z`,
                                                   ///< `2012-04-30T` when no time

/// ISO 8601: as to_string, without a `T` when no time follows, and without the offset when it is
/// `implied_offset_minutes`.
std::string to_iso_string(const DateTime& date_time, std::optional<std::int16_t> implied_offset_minutes = std::nullopt);

Date date_of(const DateTime& date_time);
/// The time of day as written, with the date-time's precision; nothing when it has no hour.
std::optional<Time> time_of(const DateTime& date_time);
/// As CQL's ToDateTime: no finer precision than the date has.
DateTime to_date_time(const Date& date, std::int16_t offset_minutes);
/// The same instant at another offset. Values without hours, and those that would leave year 1 … 9999, only change
/// their offset.
DateTime at_offset(const DateTime& date_time, std::int16_t offset_minutes);

// The first and the last value of full precision that a value may stand for: `2012-02` is 1 to 29 February.
Date earliest(const Date& date);
Date latest(const Date& date);
Time earliest(const Time& time);
Time latest(const Time& time);
DateTime earliest(const DateTime& date_time);
DateTime latest(const DateTime& date_time);

// Comparison: nothing when the precisions leave it uncertain. Two values of the same precision whose fields are equal
// are equal. Seconds and milliseconds are one precision: 10:30:05 equals 10:30:05.000. Date-times of different offsets
// compare at UTC when both have hours; otherwise, and at days and coarser, they compare as written.
std::optional<std::strong_ordering> compare(const Date& a, const Date& b);
std::optional<std::strong_ordering> compare(const Time& a, const Time& b);
std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b);
// At a stated precision (`same day as`, `before month of`): finer fields are not looked at. Weeks start on Sunday. A
// time has nothing coarser than hours.
std::optional<std::strong_ordering> compare(const Date& a, const Date& b, Precision at);
std::optional<std::strong_ordering> compare(const Time& a, const Time& b, Precision at);
std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b, Precision at);

// Calendar arithmetic. The last day of a shorter month is kept (31 January + 1 month = 28 or 29 February). A unit finer
// than the value's precision is first converted down to it, truncated, a year being 365 days and a month 30 (CQL 22.1).
// Nothing when out of year 1 … 9999.
std::optional<Date> add(const Date& date, std::int64_t amount, Precision unit);
std::optional<Time> add(const Time& time, std::int64_t amount, Precision unit);  ///< wraps never: nothing past midnight
std::optional<DateTime> add(const DateTime& date_time, std::int64_t amount, Precision unit);

/// A whole number that is known only to lie between two bounds, both possible.
struct UncertainInteger {
  std::int64_t low = 0;
  std::int64_t high = 0;
  [[nodiscard]] bool certain() const { return low == high; }
};

// `years between a and b`: whole calendar periods passed. `difference in years between`: boundaries crossed.
// An uncertain precision widens the result to a range, in days for a DateTime of day precision too (it may be any
// moment of the day); a second is a moment. Negative when `a` is after `b`. Weeks are 7 days; their boundaries are
// Sundays. Offsets that differ count only for hours and finer. A time has nothing coarser than hours: 0.
UncertainInteger duration_between(const Date& a, const Date& b, Precision unit);
UncertainInteger duration_between(const Time& a, const Time& b, Precision unit);
UncertainInteger duration_between(const DateTime& a, const DateTime& b, Precision unit);
UncertainInteger difference_between(const Date& a, const Date& b, Precision unit);
UncertainInteger difference_between(const Time& a, const Time& b, Precision unit);
UncertainInteger difference_between(const DateTime& a, const DateTime& b, Precision unit);

/// Days since 1970-01-01 of a date's first day, and back for days within year 1 … 9999 (proleptic Gregorian).
std::int64_t days_from_civil(const Date& date);
Date civil_from_days(std::int64_t days);
/// Milliseconds since 1970-01-01T00:00Z of the first moment of a date-time.
std::int64_t milliseconds_from_epoch(const DateTime& date_time);
int days_in_month(int year, int month);

}  // namespace caveat
