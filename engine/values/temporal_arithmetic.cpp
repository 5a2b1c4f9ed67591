// Adding to dates and times, and the time between them.
#include "values/calendar.hpp"
#include "values/decimal.hpp"
#include "values/temporal.hpp"

namespace caveat {

namespace {

constexpr std::int64_t kDaysPerYear = 365;
constexpr std::int64_t kDaysPerMonth = 30;

std::optional<std::int64_t> times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// An amount in whole years, then in whole months: what is left over is dropped.
std::int64_t to_years(std::int64_t amount, Precision unit) {
  if (unit == Precision::kYear) return amount;
  if (unit == Precision::kMonth) return amount / 12;
  if (unit == Precision::kWeek) return static_cast<std::int64_t>(Int128{amount} * 7 / kDaysPerYear);
  return amount / (calendar::kDay / calendar::length(unit)) / kDaysPerYear;
}

std::int64_t to_months(std::int64_t amount, Precision unit) {
  if (unit == Precision::kMonth) return amount;
  if (unit == Precision::kWeek) return static_cast<std::int64_t>(Int128{amount} * 7 / kDaysPerMonth);
  return amount / (calendar::kDay / calendar::length(unit)) / kDaysPerMonth;
}

/// The date some months later, kept within its month. Fields that the precision does not have stay at their minimum.
std::optional<Date> add_months(const Date& date, std::optional<std::int64_t> months) {
  std::int64_t index = 0;
  if (!months || __builtin_add_overflow(*months, date.year * 12 + date.month - 1, &index)) return std::nullopt;
  if (index < calendar::kYearMin * 12 || index > calendar::kYearMax * 12 + 11) return std::nullopt;
  Date sum = date;
  sum.year = static_cast<std::int16_t>(index / 12);
  sum.month = static_cast<std::uint8_t>(index % 12 + 1);
  const int last = days_in_month(sum.year, sum.month);
  if (sum.day > last) sum.day = static_cast<std::uint8_t>(last);
  return sum;
}

std::optional<Date> add_days(const Date& date, std::int64_t days) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(days_from_civil(date), days, &sum)) return std::nullopt;
  if (sum < calendar::kDaysMin || sum > calendar::kDaysMax) return std::nullopt;
  return civil_from_days(sum);
}

DateTime with_date(DateTime date_time, const Date& date) {
  date_time.year = date.year;
  date_time.month = date.month;
  date_time.day = date.day;
  return date_time;
}

std::optional<DateTime> add_milliseconds(const DateTime& date_time, std::optional<std::int64_t> milliseconds) {
  std::int64_t sum = 0;
  if (!milliseconds || __builtin_add_overflow(calendar::local_milliseconds(date_time), *milliseconds, &sum)) {
    return std::nullopt;
  }
  if (sum < calendar::kDaysMin * calendar::kDay || sum >= (calendar::kDaysMax + 1) * calendar::kDay)
    return std::nullopt;
  return calendar::date_time_from_milliseconds(sum, date_time);
}

/// The amount in the unit of `precision`, truncated, when `unit` is finer; else as it is.
std::int64_t truncated_to(Precision precision, std::int64_t amount, Precision& unit) {
  if (unit <= precision) return amount;
  const std::int64_t per = calendar::length(precision) / calendar::length(unit);
  unit = precision;
  return amount / per;
}

/// A point of the timeline, as the calendar and as the clock see it.
struct Moment {
  std::int64_t milliseconds;  ///< since the epoch

  [[nodiscard]] std::int64_t day() const { return calendar::floor_divide(milliseconds, calendar::kDay); }
  [[nodiscard]] std::int64_t month() const {
    const Date date = civil_from_days(day());
    return date.year * 12 + date.month - 1;
  }
  /// Months and the time into the month as one number: differences of it count whole months as the calendar does.
  [[nodiscard]] std::int64_t packed_month() const {
    const std::int64_t whole = day();
    const Date date = civil_from_days(whole);
    const std::int64_t months = date.year * 12 + date.month - 1;
    return months * kPackedMonth + (date.day - 1) * calendar::kDay + (milliseconds - whole * calendar::kDay);
  }
  static constexpr std::int64_t kPackedMonth = 32 * calendar::kDay;
};

std::int64_t whole_periods(Moment a, Moment b, Precision unit) {
  const auto months = [&] { return (b.packed_month() - a.packed_month()) / Moment::kPackedMonth; };
  if (unit == Precision::kYear) return months() / 12;
  if (unit == Precision::kMonth) return months();
  return (b.milliseconds - a.milliseconds) / calendar::length(unit);
}

std::int64_t boundary(Moment moment, Precision unit) {
  if (unit == Precision::kYear) return calendar::floor_divide(moment.month(), 12);
  if (unit == Precision::kMonth) return moment.month();
  if (unit == Precision::kWeek) return calendar::floor_divide(moment.day() + 4, 7);  // the epoch was a Thursday
  return calendar::floor_divide(moment.milliseconds, calendar::length(unit));
}

std::int64_t boundaries(Moment a, Moment b, Precision unit) { return boundary(b, unit) - boundary(a, unit); }

/// The moments that a value may stand for.
struct Span {
  Moment first, last;
  [[nodiscard]] bool certain() const { return first.milliseconds == last.milliseconds; }
};

using Count = std::int64_t (*)(Moment, Moment, Precision);

UncertainInteger between(Span a, Span b, Precision unit, Count count) {
  if (a.certain() && b.certain()) {
    const std::int64_t exact = count(a.first, b.first, unit);
    return {exact, exact};
  }
  return {count(a.last, b.first, unit), count(a.first, b.last, unit)};
}

/// A second is a moment: seconds and milliseconds are one decimal precision.
template <class T>
T last_moment(const T& value) {
  return calendar::has(value.precision, Precision::kSecond) ? value : latest(value);
}

Span span(const Time& time) { return {{calendar::milliseconds(time)}, {calendar::milliseconds(last_moment(time))}}; }

Span span(const DateTime& t) {
  return {{calendar::local_milliseconds(t)}, {calendar::local_milliseconds(last_moment(t))}};
}

/// A date is a point of the calendar for days and coarser; for hours and finer it may be any moment of its days.
Span span(const Date& date, Precision unit) {
  if (unit > Precision::kDay) return span(to_date_time(date, 0));
  return {{days_from_civil(date) * calendar::kDay}, {days_from_civil(latest(date)) * calendar::kDay}};
}

UncertainInteger between(const DateTime& a, const DateTime& b, Precision unit, Count count) {
  Span first = span(a), second = span(b);
  if (unit >= Precision::kHour && a.offset_minutes != b.offset_minutes) {
    for (Moment* m : {&first.first, &first.last}) m->milliseconds -= a.offset_minutes * calendar::kMinute;
    for (Moment* m : {&second.first, &second.last}) m->milliseconds -= b.offset_minutes * calendar::kMinute;
  }
  return between(first, second, unit, count);
}

UncertainInteger between(const Time& a, const Time& b, Precision unit, Count count) {
  if (unit < Precision::kHour) return {};
  return between(span(a), span(b), unit, count);
}

}  // namespace

std::optional<Date> add(const Date& date, std::int64_t amount, Precision unit) {
  if (date.precision == Precision::kYear) return add_months(date, times(to_years(amount, unit), 12));
  if (unit == Precision::kYear) return add_months(date, times(amount, 12));
  if (date.precision == Precision::kMonth || unit == Precision::kMonth)
    return add_months(date, to_months(amount, unit));
  if (unit == Precision::kWeek) {
    const auto days = times(amount, 7);
    return days ? add_days(date, *days) : std::nullopt;
  }
  return add_days(date, truncated_to(Precision::kDay, amount, unit));
}

std::optional<Time> add(const Time& time, std::int64_t amount, Precision unit) {
  if (unit < Precision::kHour) return std::nullopt;
  const std::int64_t whole = truncated_to(time.precision, amount, unit);
  const auto milliseconds = times(whole, calendar::length(unit));
  std::int64_t sum = 0;
  if (!milliseconds || __builtin_add_overflow(calendar::milliseconds(time), *milliseconds, &sum)) return std::nullopt;
  if (sum < 0 || sum >= calendar::kDay) return std::nullopt;
  return calendar::time_from_milliseconds(sum, time.precision);
}

std::optional<DateTime> add(const DateTime& date_time, std::int64_t amount, Precision unit) {
  if (unit <= Precision::kDay || date_time.precision <= Precision::kDay) {
    const auto date = add(date_of(date_time), amount, unit);
    if (!date) return std::nullopt;
    return with_date(date_time, *date);
  }
  const std::int64_t whole = truncated_to(date_time.precision, amount, unit);
  return add_milliseconds(date_time, times(whole, calendar::length(unit)));
}

UncertainInteger duration_between(const Date& a, const Date& b, Precision unit) {
  return between(span(a, unit), span(b, unit), unit, whole_periods);
}

UncertainInteger duration_between(const Time& a, const Time& b, Precision unit) {
  return between(a, b, unit, whole_periods);
}

UncertainInteger duration_between(const DateTime& a, const DateTime& b, Precision unit) {
  return between(a, b, unit, whole_periods);
}

UncertainInteger difference_between(const Date& a, const Date& b, Precision unit) {
  return between(span(a, unit), span(b, unit), unit, boundaries);
}

UncertainInteger difference_between(const Time& a, const Time& b, Precision unit) {
  return between(a, b, unit, boundaries);
}

UncertainInteger difference_between(const DateTime& a, const DateTime& b, Precision unit) {
  return between(a, b, unit, boundaries);
}

}  // namespace caveat
