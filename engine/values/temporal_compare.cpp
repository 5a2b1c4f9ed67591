// Order of dates, times and date-times. CQL compares field by field from the coarsest: the first that differs decides;
// a field that only one of the two has leaves the answer open. Seconds and milliseconds are one field.
#include "values/calendar.hpp"
#include "values/temporal.hpp"

#include <algorithm>

namespace caveat {

namespace {

using Order = std::optional<std::strong_ordering>;

/// A value's fields from coarse to fine. A time begins at its hour: `first` is kHour's index.
struct Fields {
  static constexpr int kHourIndex = 3;
  static constexpr int kSecondIndex = 5;
  static constexpr int kCount = 6;
  std::array<std::int32_t, kCount> value{};
  int end = 0;  ///< one past the last field that is known
};

/// One past the index of the field that a precision names.
constexpr int end_of(Precision precision) {
  switch (precision) {
    case Precision::kYear: return 1;
    case Precision::kMonth: return 2;
    case Precision::kWeek:
    case Precision::kDay: return 3;
    case Precision::kHour: return 4;
    case Precision::kMinute: return 5;
    case Precision::kSecond:
    case Precision::kMillisecond: break;
  }
  return Fields::kCount;
}

Fields fields(const Date& date) { return {{date.year, date.month, date.day, 0, 0, 0}, end_of(date.precision)}; }

Fields fields(const Time& time) {
  return {{0, 0, 0, time.hour, time.minute, time.second * 1000 + time.millisecond}, end_of(time.precision)};
}

Fields fields(const DateTime& t) {
  return {{t.year, t.month, t.day, t.hour, t.minute, t.second * 1000 + t.millisecond}, end_of(t.precision)};
}

Order compare_fields(const Fields& a, const Fields& b, int end) {
  const int both = std::min({a.end, b.end, end});
  for (int i = 0; i < both; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (a.value[at] != b.value[at]) return a.value[at] <=> b.value[at];
  }
  if (both < end) return std::nullopt;
  return std::strong_ordering::equal;
}

/// Without a stated precision: to the finest that either has.
Order compare_fields(const Fields& a, const Fields& b) { return compare_fields(a, b, std::max(a.end, b.end)); }

Order compare_fields(Fields a, Fields b, Precision at) {
  if (at == Precision::kSecond) {
    a.value[Fields::kSecondIndex] -= a.value[Fields::kSecondIndex] % 1000;
    b.value[Fields::kSecondIndex] -= b.value[Fields::kSecondIndex] % 1000;
  }
  return compare_fields(a, b, end_of(at));
}

struct Range {
  std::int64_t low, high;
};

Order compare_ranges(Range a, Range b) {
  if (a.high < b.low) return std::strong_ordering::less;
  if (a.low > b.high) return std::strong_ordering::greater;
  if (a.low == a.high && b.low == b.high) return std::strong_ordering::equal;
  return std::nullopt;
}

/// Counted from a Sunday: 1970-01-01 was a Thursday.
std::int64_t week_of(const Date& date) { return calendar::floor_divide(days_from_civil(date) + 4, 7); }

Range weeks(const Date& date) { return {week_of(earliest(date)), week_of(latest(date))}; }

/// The instants that a date-time may stand for, as a count of whole `length`s at UTC.
Range instants(const DateTime& t, std::int64_t length) {
  const DateTime last = calendar::has(t.precision, Precision::kSecond) ? t : latest(t);
  return {calendar::floor_divide(milliseconds_from_epoch(t), length),
          calendar::floor_divide(milliseconds_from_epoch(last), length)};
}

/// Whether the two are to be compared at UTC: their offsets differ and both have hours.
bool at_utc(const DateTime& a, const DateTime& b) {
  return a.offset_minutes != b.offset_minutes && calendar::has(a.precision, Precision::kHour) &&
         calendar::has(b.precision, Precision::kHour);
}

/// At UTC, without a stated precision. Values of one precision that begin at the same instant are the same value.
Order compare_instants(const DateTime& a, const DateTime& b) {
  const Range first = instants(a, 1), second = instants(b, 1);
  if (first.low == second.low && first.high == second.high) return std::strong_ordering::equal;
  return compare_ranges(first, second);
}

}  // namespace

std::optional<std::strong_ordering> compare(const Date& a, const Date& b) {
  return compare_fields(fields(a), fields(b));
}

std::optional<std::strong_ordering> compare(const Time& a, const Time& b) {
  return compare_fields(fields(a), fields(b));
}

std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b) {
  if (at_utc(a, b)) return compare_instants(a, b);
  return compare_fields(fields(a), fields(b));
}

std::optional<std::strong_ordering> compare(const Date& a, const Date& b, Precision at) {
  if (at == Precision::kWeek) return compare_ranges(weeks(a), weeks(b));
  return compare_fields(fields(a), fields(b), at);
}

std::optional<std::strong_ordering> compare(const Time& a, const Time& b, Precision at) {
  if (at < Precision::kHour) return std::nullopt;
  return compare_fields(fields(a), fields(b), at);
}

std::optional<std::strong_ordering> compare(const DateTime& a, const DateTime& b, Precision at) {
  if (at == Precision::kWeek) return compare(date_of(a), date_of(b), at);
  if (at < Precision::kHour || !at_utc(a, b)) return compare_fields(fields(a), fields(b), at);
  // A value coarser than `at` spans several of its units unless an earlier field decides: the range says which.
  if (end_of(a.precision) < end_of(at) && end_of(b.precision) < end_of(at)) {
    const Order whole = compare_instants(a, b);
    return whole == std::strong_ordering::equal ? Order{} : whole;
  }
  const std::int64_t length = calendar::length(at);
  return compare_ranges(instants(a, length), instants(b, length));
}

}  // namespace caveat
