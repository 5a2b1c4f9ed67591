// Dates and times: the clock, construction, components, arithmetic, and the time between two of them.
#include "conditions/expression.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"
#include "conditions/value_functions.hpp"

#include <array>

namespace caveat {
namespace {

Value now(const Arguments& in) { return Value(in.run.context.at); }
Value today(const Arguments& in) { return Value(date_of(in.run.context.at)); }
Value time_of_day(const Arguments& in) {
  const auto time = time_of(in.run.context.at);
  return time ? Value(*time) : Value();
}

// ---- Construction
// ----------------------------------------------------------------------------------------------------

constexpr std::array<Precision, 7> kComponents = {Precision::kYear,       Precision::kMonth,  Precision::kDay,
                                                  Precision::kHour,       Precision::kMinute, Precision::kSecond,
                                                  Precision::kMillisecond};

struct Components {
  std::array<std::int32_t, 7> values{};
  std::size_t given = 0;
  bool gap = false;  ///< a component stands after one that is null
};

Components components(const Arguments& in, std::size_t count) {
  Components parts;
  bool ended = false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto* value = in.values[i].get<std::int32_t>();
    parts.gap = parts.gap || (value && ended);
    ended = ended || !value;
    if (!value || ended) continue;
    parts.values[i] = *value;
    ++parts.given;
  }
  return parts;
}

bool within(std::int32_t value, std::int32_t low, std::int32_t high) { return value >= low && value <= high; }

bool real_date(const Components& parts) {
  if (!within(parts.values[0], 1, 9999)) return false;
  if (parts.given > 1 && !within(parts.values[1], 1, 12)) return false;
  return parts.given <= 2 || within(parts.values[2], 1, days_in_month(parts.values[0], parts.values[1]));
}

bool real_time(const std::int32_t* parts, std::size_t given) {
  constexpr std::array<std::int32_t, 4> kGreatest = {23, 59, 59, 999};
  for (std::size_t i = 0; i < given; ++i) {
    if (!within(parts[i], 0, kGreatest[i])) return false;
  }
  return true;
}

Value no_such(const Arguments& in, std::string_view what) {
  return in.run.raise("`" + text_of(in.node) + "` is no " + std::string(what));
}

Date make_date(const Components& parts) {
  Date date;
  date.year = static_cast<std::int16_t>(parts.values[0]);
  date.month = static_cast<std::uint8_t>(parts.given > 1 ? parts.values[1] : 1);
  date.day = static_cast<std::uint8_t>(parts.given > 2 ? parts.values[2] : 1);
  date.precision = kComponents[std::min<std::size_t>(parts.given, 3) - 1];
  return date;
}

Value date_from_parts(const Arguments& in) {
  const Components parts = components(in, in.size());
  if (parts.gap) return no_such(in, "date: a part is missing before another");
  if (parts.given == 0) return Value();
  return real_date(parts) ? Value(make_date(parts)) : no_such(in, "date");
}

std::optional<std::int16_t> offset_minutes(const Decimal& hours) {
  const auto minutes = multiply(hours, Decimal(60));
  const auto whole = minutes ? minutes->whole() : std::nullopt;
  if (!whole || *whole < -14 * 60 || *whole > 14 * 60) return std::nullopt;
  return static_cast<std::int16_t>(*whole);
}

Value date_time_from_parts(const Arguments& in) {
  const std::size_t count = std::min<std::size_t>(in.size(), 7);
  const Components parts = components(in, count);
  if (parts.gap) return no_such(in, "date and time: a part is missing before another");
  if (parts.given == 0) return Value();
  const bool real = real_date(parts) && (parts.given <= 3 || real_time(&parts.values[3], parts.given - 3));
  if (!real) return no_such(in, "date and time");
  std::optional<std::int16_t> offset = in.run.context.at.offset_minutes;
  if (in.size() == 8 && !in.values[7].is_null()) offset = offset_minutes(in.get<Decimal>(7));
  if (!offset) return no_such(in, "date and time: its offset lies between -14 and 14 hours");
  DateTime moment = to_date_time(make_date(parts), *offset);
  moment.hour = static_cast<std::uint8_t>(parts.values[3]);
  moment.minute = static_cast<std::uint8_t>(parts.values[4]);
  moment.second = static_cast<std::uint8_t>(parts.values[5]);
  moment.millisecond = static_cast<std::uint16_t>(parts.values[6]);
  moment.precision = kComponents[parts.given - 1];
  return Value(moment);
}

Value time_from_parts(const Arguments& in) {
  const Components parts = components(in, in.size());
  if (parts.gap) return no_such(in, "time: a part is missing before another");
  if (parts.given == 0) return Value();
  if (!real_time(parts.values.data(), parts.given)) return no_such(in, "time");
  Time time;
  time.hour = static_cast<std::uint8_t>(parts.values[0]);
  time.minute = static_cast<std::uint8_t>(parts.values[1]);
  time.second = static_cast<std::uint8_t>(parts.values[2]);
  time.millisecond = static_cast<std::uint16_t>(parts.values[3]);
  time.precision = kComponents[parts.given + 2];
  return Value(time);
}

// ---- Components
// ------------------------------------------------------------------------------------------------------

template <class T>
std::optional<std::int32_t> component(const T& value, Precision wanted) {
  if (value.precision < wanted) return std::nullopt;
  if constexpr (!std::is_same_v<T, Time>) {
    if (wanted == Precision::kYear) return value.year;
    if (wanted == Precision::kMonth) return value.month;
    if (wanted == Precision::kDay) return value.day;
  }
  if constexpr (!std::is_same_v<T, Date>) {
    if (wanted == Precision::kHour) return value.hour;
    if (wanted == Precision::kMinute) return value.minute;
    if (wanted == Precision::kSecond) return value.second;
    if (wanted == Precision::kMillisecond) return value.millisecond;
  }
  return std::nullopt;
}

template <class T, Precision wanted>
Value component_from(const Arguments& in) {
  const auto value = component(in.get<T>(0), wanted);
  return value ? Value(*value) : Value();
}

Value date_from(const Arguments& in) { return Value(date_of(in.get<DateTime>(0))); }
Value time_from(const Arguments& in) {
  const auto time = time_of(in.get<DateTime>(0));
  return time ? Value(*time) : Value();
}
Value offset_from(const Arguments& in) {
  const auto hours = divide(Decimal(in.get<DateTime>(0).offset_minutes), Decimal(60));
  return hours ? Value(*hours) : Value();
}

// ---- Arithmetic
// ------------------------------------------------------------------------------------------------------

template <bool backwards>
Value move_temporal(const Arguments& in) {
  const auto& by = in.get<Quantity>(1);
  if (!calendar_amount(by)) {
    return in.run.raise("`" + text_of(in.node) + "` cannot be told: its amount is no time, or is too large");
  }
  auto result = moved(in.values[0], by, backwards);
  return result ? *std::move(result) : in.run.raise("`" + text_of(in.node) + "` leaves the range of dates and times");
}

Value uncertain(const UncertainInteger& value) {
  const auto fits = [](std::int64_t number) { return number == static_cast<std::int32_t>(number); };
  if (!fits(value.low) || !fits(value.high)) return Value();
  const auto low = static_cast<std::int32_t>(value.low);
  if (value.certain()) return Value(low);
  return Value(Interval{std::make_shared<const Value>(low),
                        std::make_shared<const Value>(static_cast<std::int32_t>(value.high)), true, true});
}

template <class T>
Value duration(const Arguments& in) {
  return uncertain(duration_between(in.get<T>(0), in.get<T>(1), *in.node.precision));
}

template <class T>
Value difference(const Arguments& in) {
  return uncertain(difference_between(in.get<T>(0), in.get<T>(1), *in.node.precision));
}

template <class T, bool boundaries>
Value elapsed_of(const Arguments& in) {
  const auto& interval = in.get<Interval>(0);
  const Type& point = *in.node.operands[0]->type.element;
  const Value low = start_of(interval, point);
  const Value high = end_of(interval, point);
  if (low.is_null() || high.is_null()) return Value();
  const auto measure = [&](const T& a, const T& b) {
    return boundaries ? difference_between(a, b, *in.node.precision) : duration_between(a, b, *in.node.precision);
  };
  return uncertain(measure(*low.get<T>(), *high.get<T>()));
}

// ---- Precision and boundaries
// ----------------------------------------------------------------------------------------

// Digits of a literal: 4 for a year, 6 with a month, 8 with a day, 10, 12, 14, 17; times 2, 4, 6, 9.
constexpr std::int32_t digits_of(Precision precision) {
  switch (precision) {
    case Precision::kYear: return 4;
    case Precision::kMonth: return 6;
    case Precision::kWeek:
    case Precision::kDay: return 8;
    case Precision::kHour: return 10;
    case Precision::kMinute: return 12;
    case Precision::kSecond: return 14;
    case Precision::kMillisecond: return 17;
  }
  return 0;
}

std::optional<Precision> precision_of_digits(std::int32_t digits) {
  for (const Precision precision : kComponents) {
    if (digits_of(precision) == digits) return precision;
  }
  return std::nullopt;
}

template <class T>
Value precision_digits(const Arguments& in) {
  return Value(digits_of(in.get<T>(0).precision) - (std::is_same_v<T, Time> ? 8 : 0));
}

Date cut(Date date, Precision at) {
  if (at < Precision::kMonth) date.month = 1;
  if (at < Precision::kDay) date.day = 1;
  date.precision = at;
  return date;
}

template <class T>
T cut_time(T value, Precision at) {
  if (at < Precision::kHour) value.hour = 0;
  if (at < Precision::kMinute) value.minute = 0;
  if (at < Precision::kSecond) value.second = 0;
  if (at < Precision::kMillisecond) value.millisecond = 0;
  value.precision = at;
  return value;
}

DateTime cut(DateTime moment, Precision at) {
  if (at < Precision::kMonth) moment.month = 1;
  if (at < Precision::kDay) moment.day = 1;
  return cut_time(moment, at);
}

Time cut(Time time, Precision at) { return cut_time(time, at); }

template <class T, bool high>
Value boundary(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  constexpr bool is_time = std::is_same_v<T, Time>;
  constexpr std::int32_t kFull = std::is_same_v<T, Date> ? 8 : 17;
  const std::int32_t digits = in.values[1].is_null() ? kFull : in.get<std::int32_t>(1) + (is_time ? 8 : 0);
  const auto precision = precision_of_digits(digits);
  if (!precision || digits > kFull || (is_time && *precision < Precision::kHour)) return Value();
  const T& value = in.get<T>(0);
  return Value(cut(high ? latest(value) : earliest(value), *precision));
}

constexpr unsigned kMake = kSeesNull | kRaises;

constexpr SignatureRow kRows[] = {
    {"Now", "-> DateTime", kClock | kNeverNull, now},
    {"Today", "-> Date", kClock | kNeverNull, today},
    {"TimeOfDay", "-> Time", kClock, time_of_day},
    {"Date", "Integer -> Date", kMake, date_from_parts},
    {"Date", "Integer, Integer -> Date", kMake, date_from_parts},
    {"Date", "Integer, Integer, Integer -> Date", kMake, date_from_parts},
    {"DateTime", "Integer -> DateTime", kMake | kClock, date_time_from_parts},
    {"DateTime", "Integer, Integer -> DateTime", kMake | kClock, date_time_from_parts},
    {"DateTime", "Integer, Integer, Integer -> DateTime", kMake | kClock, date_time_from_parts},
    {"DateTime", "Integer, Integer, Integer, Integer -> DateTime", kMake | kClock, date_time_from_parts},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer -> DateTime", kMake | kClock, date_time_from_parts},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer -> DateTime", kMake | kClock,
     date_time_from_parts},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer, Integer -> DateTime", kMake | kClock,
     date_time_from_parts},
    {"DateTime", "Integer, Integer, Integer, Integer, Integer, Integer, Integer, Decimal -> DateTime", kMake | kClock,
     date_time_from_parts},
    {"Time", "Integer -> Time", kMake, time_from_parts},
    {"Time", "Integer, Integer -> Time", kMake, time_from_parts},
    {"Time", "Integer, Integer, Integer -> Time", kMake, time_from_parts},
    {"Time", "Integer, Integer, Integer, Integer -> Time", kMake, time_from_parts},
    {"year from", "Date -> Integer", 0, component_from<Date, Precision::kYear>},
    {"year from", "DateTime -> Integer", 0, component_from<DateTime, Precision::kYear>},
    {"month from", "Date -> Integer", 0, component_from<Date, Precision::kMonth>},
    {"month from", "DateTime -> Integer", 0, component_from<DateTime, Precision::kMonth>},
    {"day from", "Date -> Integer", 0, component_from<Date, Precision::kDay>},
    {"day from", "DateTime -> Integer", 0, component_from<DateTime, Precision::kDay>},
    {"hour from", "DateTime -> Integer", 0, component_from<DateTime, Precision::kHour>},
    {"hour from", "Time -> Integer", 0, component_from<Time, Precision::kHour>},
    {"minute from", "DateTime -> Integer", 0, component_from<DateTime, Precision::kMinute>},
    {"minute from", "Time -> Integer", 0, component_from<Time, Precision::kMinute>},
    {"second from", "DateTime -> Integer", 0, component_from<DateTime, Precision::kSecond>},
    {"second from", "Time -> Integer", 0, component_from<Time, Precision::kSecond>},
    {"millisecond from", "DateTime -> Integer", 0, component_from<DateTime, Precision::kMillisecond>},
    {"millisecond from", "Time -> Integer", 0, component_from<Time, Precision::kMillisecond>},
    {"date from", "DateTime -> Date", kNeverNull, date_from},
    {"time from", "DateTime -> Time", 0, time_from},
    {"timezoneoffset from", "DateTime -> Decimal", 0, offset_from},
    {"+", "Date, Quantity -> Date", kRaises, move_temporal<false>},
    {"+", "DateTime, Quantity -> DateTime", kRaises, move_temporal<false>},
    {"+", "Time, Quantity -> Time", kRaises, move_temporal<false>},
    {"-", "Date, Quantity -> Date", kRaises, move_temporal<true>},
    {"-", "DateTime, Quantity -> DateTime", kRaises, move_temporal<true>},
    {"-", "Time, Quantity -> Time", kRaises, move_temporal<true>},
    {"duration between", "Date, Date -> Integer", kPrecision, duration<Date>},
    {"duration between", "DateTime, DateTime -> Integer", kPrecision, duration<DateTime>},
    {"duration between", "Time, Time -> Integer", kPrecision, duration<Time>},
    {"difference between", "Date, Date -> Integer", kPrecision, difference<Date>},
    {"difference between", "DateTime, DateTime -> Integer", kPrecision, difference<DateTime>},
    {"difference between", "Time, Time -> Integer", kPrecision, difference<Time>},
    {"duration of", "Interval<Date> -> Integer", kPrecision, elapsed_of<Date, false>},
    {"duration of", "Interval<DateTime> -> Integer", kPrecision, elapsed_of<DateTime, false>},
    {"duration of", "Interval<Time> -> Integer", kPrecision, elapsed_of<Time, false>},
    {"difference of", "Interval<Date> -> Integer", kPrecision, elapsed_of<Date, true>},
    {"difference of", "Interval<DateTime> -> Integer", kPrecision, elapsed_of<DateTime, true>},
    {"difference of", "Interval<Time> -> Integer", kPrecision, elapsed_of<Time, true>},
    {"Precision", "Date -> Integer", kNeverNull, precision_digits<Date>},
    {"Precision", "DateTime -> Integer", kNeverNull, precision_digits<DateTime>},
    {"Precision", "Time -> Integer", kNeverNull, precision_digits<Time>},
    {"LowBoundary", "Date, Integer -> Date", kSeesNull, boundary<Date, false>},
    {"LowBoundary", "DateTime, Integer -> DateTime", kSeesNull, boundary<DateTime, false>},
    {"LowBoundary", "Time, Integer -> Time", kSeesNull, boundary<Time, false>},
    {"HighBoundary", "Date, Integer -> Date", kSeesNull, boundary<Date, true>},
    {"HighBoundary", "DateTime, Integer -> DateTime", kSeesNull, boundary<DateTime, true>},
    {"HighBoundary", "Time, Integer -> Time", kSeesNull, boundary<Time, true>},
};

}  // namespace

std::span<const SignatureRow> temporal_rows() { return kRows; }

}  // namespace caveat
