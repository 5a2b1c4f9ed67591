// Dates, times and date-times: the calendar, and their text.
#include "values/temporal.hpp"

#include "values/calendar.hpp"

#include <cassert>

namespace caveat {

namespace {

constexpr int kOffsetMinutesMax = 14 * 60;

/// Reads a text from left to right; every step says whether the text was as expected.
struct Cursor {
  std::string_view rest;

  bool take(char wanted) {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
  }

  /// Exactly `count` digits.
  bool number(std::size_t count, int& value) {
    if (rest.size() < count) return false;
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest[i] < '0' || rest[i] > '9') return false;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    return true;
  }

  bool number(std::size_t count, int low, int high, int& value) {
    return number(count, value) && value >= low && value <= high;
  }
};

bool read_date(Cursor& text, Date& date) {
  int year = 1, month = 1, day = 1;
  if (!text.number(4, calendar::kYearMin, calendar::kYearMax, year)) return false;
  date.precision = Precision::kYear;
  if (text.take('-')) {
    if (!text.number(2, 1, 12, month)) return false;
    date.precision = Precision::kMonth;
    if (text.take('-')) {
      if (!text.number(2, 1, days_in_month(year, month), day)) return false;
      date.precision = Precision::kDay;
    }
  }
  date.year = static_cast<std::int16_t>(year);
  date.month = static_cast<std::uint8_t>(month);
  date.day = static_cast<std::uint8_t>(day);
  return true;
}

/// One to three digits after the point: `.5` is half a second.
bool read_fraction(Cursor& text, Time& time) {
  int milliseconds = 0, scale = 100, digit = 0;
  if (!text.number(1, digit)) return false;
  do {
    milliseconds += digit * scale;
    scale /= 10;
  } while (scale > 0 && text.number(1, digit));
  if (!text.rest.empty() && text.rest.front() >= '0' && text.rest.front() <= '9') return false;
  time.millisecond = static_cast<std::uint16_t>(milliseconds);
  time.precision = Precision::kMillisecond;
  return true;
}

bool read_time(Cursor& text, Time& time) {
  int hour = 0, minute = 0, second = 0;
  if (!text.number(2, 0, 23, hour)) return false;
  time.hour = static_cast<std::uint8_t>(hour);
  time.precision = Precision::kHour;
  if (!text.take(':')) return true;
  if (!text.number(2, 0, 59, minute)) return false;
  time.minute = static_cast<std::uint8_t>(minute);
  time.precision = Precision::kMinute;
  if (!text.take(':')) return true;
  if (!text.number(2, 0, 59, second)) return false;
  time.second = static_cast<std::uint8_t>(second);
  time.precision = Precision::kSecond;
  return !text.take('.') || read_fraction(text, time);
}

/// `Z`, `+02:00` or `-02:00`.
bool read_offset(Cursor& text, std::int16_t& offset) {
  if (text.take('Z')) {
    offset = 0;
    return true;
  }
  const bool behind = !text.rest.empty() && text.rest.front() == '-';
  if (!behind && (text.rest.empty() || text.rest.front() != '+')) return false;
  text.rest.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!text.number(2, hours) || !text.take(':') || !text.number(2, 0, 59, minutes)) return false;
  const int total = hours * 60 + minutes;
  if (total > kOffsetMinutesMax) return false;
  offset = static_cast<std::int16_t>(behind ? -total : total);
  return true;
}

DateTime join(const Date& date, const Time& time, std::int16_t offset) {
  return {date.year,   date.month,       date.day,       time.hour, time.minute,
          time.second, time.millisecond, time.precision, offset};
}

void write(std::string& text, int value, int width) {
  for (int scale = width == 4 ? 1000 : width == 3 ? 100 : 10; scale > 0; scale /= 10) {
    text += static_cast<char>('0' + value / scale % 10);
  }
}

void write(std::string& text, const Date& date) {
  write(text, date.year, 4);
  if (!calendar::has(date.precision, Precision::kMonth)) return;
  text += '-';
  write(text, date.month, 2);
  if (!calendar::has(date.precision, Precision::kDay)) return;
  text += '-';
  write(text, date.day, 2);
}

void write(std::string& text, const Time& time) {
  write(text, time.hour, 2);
  if (!calendar::has(time.precision, Precision::kMinute)) return;
  text += ':';
  write(text, time.minute, 2);
  if (!calendar::has(time.precision, Precision::kSecond)) return;
  text += ':';
  write(text, time.second, 2);
  if (!calendar::has(time.precision, Precision::kMillisecond)) return;
  text += '.';
  write(text, time.millisecond, 3);
}

void write_offset(std::string& text, int offset) {
  if (offset == 0) {
    text += 'Z';
    return;
  }
  text += offset < 0 ? '-' : '+';
  const int minutes = offset < 0 ? -offset : offset;
  write(text, minutes / 60, 2);
  text += ':';
  write(text, minutes % 60, 2);
}

}  // namespace

namespace calendar {

std::int64_t milliseconds(const Time& time) {
  return time.hour * kHour + time.minute * kMinute + time.second * kSecond + time.millisecond;
}

std::int64_t local_milliseconds(const DateTime& date_time) {
  return days(date_time.year, date_time.month, date_time.day) * kDay + date_time.hour * kHour +
         date_time.minute * kMinute + date_time.second * kSecond + date_time.millisecond;
}

Time time_from_milliseconds(std::int64_t milliseconds, Precision precision) {
  Time time;
  time.hour = static_cast<std::uint8_t>(milliseconds / kHour);
  time.minute = static_cast<std::uint8_t>(milliseconds / kMinute % 60);
  time.second = static_cast<std::uint8_t>(milliseconds / kSecond % 60);
  time.millisecond = static_cast<std::uint16_t>(milliseconds % kSecond);
  time.precision = precision;
  return time;
}

DateTime date_time_from_milliseconds(std::int64_t local_milliseconds, const DateTime& like) {
  const std::int64_t day = floor_divide(local_milliseconds, kDay);
  const Time time = time_from_milliseconds(local_milliseconds - day * kDay, like.precision);
  return join(civil_from_days(day), time, like.offset_minutes);
}

}  // namespace calendar

std::string_view to_string(Precision precision) {
  switch (precision) {
    case Precision::kYear: return "year";
    case Precision::kMonth: return "month";
    case Precision::kWeek: return "week";
    case Precision::kDay: return "day";
    case Precision::kHour: return "hour";
    case Precision::kMinute: return "minute";
    case Precision::kSecond: return "second";
    case Precision::kMillisecond: break;
  }
  return "millisecond";
}

std::optional<Date> parse_date(std::string_view text) {
  Cursor cursor{text};
  Date date;
  if (!read_date(cursor, date) || !cursor.rest.empty()) return std::nullopt;
  return date;
}

std::optional<Time> parse_time(std::string_view text) {
  Cursor cursor{text};
  Time time;
  if (!read_time(cursor, time) || !cursor.rest.empty()) return std::nullopt;
  return time;
}

std::optional<DateTime> parse_date_time(std::string_view text, std::int16_t default_offset_minutes) {
  Cursor cursor{text};
  Date date;
  if (!read_date(cursor, date)) return std::nullopt;
  const bool marked = cursor.take('T');
  if (cursor.rest.empty()) return to_date_time(date, default_offset_minutes);
  if (!marked || date.precision != Precision::kDay) return std::nullopt;
  Time time;
  std::int16_t offset = default_offset_minutes;
  if (!read_time(cursor, time)) return std::nullopt;
  if (!cursor.rest.empty() && !read_offset(cursor, offset)) return std::nullopt;
  if (!cursor.rest.empty()) return std::nullopt;
  return join(date, time, offset);
}

std::optional<DateTime> parse_rfc3339(std::string_view text) {
  Cursor cursor{text};
  Date date;
  Time time;
  std::int16_t offset = 0;
  if (!read_date(cursor, date) || date.precision != Precision::kDay) return std::nullopt;
  if (!cursor.take('T') && !cursor.take('t')) return std::nullopt;
  if (!read_time(cursor, time) || !calendar::has(time.precision, Precision::kSecond)) return std::nullopt;
  if (!cursor.take('z') && !read_offset(cursor, offset)) return std::nullopt;
  if (!cursor.rest.empty()) return std::nullopt;
  return join(date, time, offset);
}

std::string to_string(const Date& date) {
  std::string text;
  write(text, date);
  return text;
}

std::string to_string(const Time& time) {
  std::string text;
  write(text, time);
  return text;
}

std::string to_string(const DateTime& date_time) {
  std::string text = to_iso_string(date_time);
  if (!calendar::has(date_time.precision, Precision::kHour)) text += 'T';
  return text;
}

std::string to_iso_string(const DateTime& date_time, std::optional<std::int16_t> implied_offset_minutes) {
  std::string text;
  write(text, date_of(date_time));
  const auto time = time_of(date_time);
  if (!time) return text;
  text += 'T';
  write(text, *time);
  if (implied_offset_minutes != date_time.offset_minutes) write_offset(text, date_time.offset_minutes);
  return text;
}

Date date_of(const DateTime& date_time) {
  const Precision precision = date_time.precision < Precision::kDay ? date_time.precision : Precision::kDay;
  return {date_time.year, date_time.month, date_time.day, precision};
}

std::optional<Time> time_of(const DateTime& date_time) {
  if (!calendar::has(date_time.precision, Precision::kHour)) return std::nullopt;
  return Time{date_time.hour, date_time.minute, date_time.second, date_time.millisecond, date_time.precision};
}

DateTime to_date_time(const Date& date, std::int16_t offset_minutes) {
  DateTime date_time;
  date_time.year = date.year;
  date_time.month = date.month;
  date_time.day = date.day;
  date_time.precision = date.precision;
  date_time.offset_minutes = offset_minutes;
  return date_time;
}

DateTime at_offset(const DateTime& date_time, std::int16_t offset_minutes) {
  DateTime moved = date_time;
  moved.offset_minutes = offset_minutes;
  if (!calendar::has(date_time.precision, Precision::kHour)) return moved;
  const std::int64_t local = milliseconds_from_epoch(date_time) + offset_minutes * calendar::kMinute;
  const std::int64_t day = calendar::floor_divide(local, calendar::kDay);
  if (day < calendar::kDaysMin || day > calendar::kDaysMax) return moved;
  return calendar::date_time_from_milliseconds(local, moved);
}

Date earliest(const Date& date) {
  Date first = date;
  first.precision = Precision::kDay;
  return first;
}

Date latest(const Date& date) {
  Date last = earliest(date);
  if (!calendar::has(date.precision, Precision::kMonth)) last.month = 12;
  if (!calendar::has(date.precision, Precision::kDay)) {
    last.day = static_cast<std::uint8_t>(days_in_month(last.year, last.month));
  }
  return last;
}

Time earliest(const Time& time) {
  Time first = time;
  first.precision = Precision::kMillisecond;
  return first;
}

Time latest(const Time& time) {
  Time last = earliest(time);
  if (!calendar::has(time.precision, Precision::kMinute)) last.minute = 59;
  if (!calendar::has(time.precision, Precision::kSecond)) last.second = 59;
  if (!calendar::has(time.precision, Precision::kMillisecond)) last.millisecond = 999;
  return last;
}

DateTime earliest(const DateTime& date_time) {
  DateTime first = date_time;
  first.precision = Precision::kMillisecond;
  return first;
}

DateTime latest(const DateTime& date_time) {
  constexpr Time kEndOfDay{23, 59, 59, 999, Precision::kMillisecond};
  const auto time = time_of(date_time);
  return join(latest(date_of(date_time)), time ? latest(*time) : kEndOfDay, date_time.offset_minutes);
}

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  assert(month >= 1 && month <= 12);
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::int64_t days_from_civil(const Date& date) { return calendar::days(date.year, date.month, date.day); }

Date civil_from_days(std::int64_t days) {
  assert(days >= calendar::kDaysMin && days <= calendar::kDaysMax);
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = calendar::floor_divide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;  // 0 is March
  Date date;
  date.day = static_cast<std::uint8_t>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<std::uint8_t>(month < 10 ? month + 3 : month - 9);
  date.year = static_cast<std::int16_t>(year_of_era + era * 400 + (month < 10 ? 0 : 1));
  return date;
}

std::int64_t milliseconds_from_epoch(const DateTime& date_time) {
  return calendar::local_milliseconds(date_time) - date_time.offset_minutes * calendar::kMinute;
}

}  // namespace caveat
