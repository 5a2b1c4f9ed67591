#include "conditions/value_functions.hpp"

#include "conditions/text_functions.hpp"

#include <algorithm>
#include <limits>

namespace caveat {
namespace {

std::optional<bool> is_equal(std::optional<std::strong_ordering> ordering) {
  if (!ordering) return std::nullopt;
  return *ordering == std::strong_ordering::equal;
}

const Value* find_element(const Tuple& tuple, const std::string& name) {
  for (const auto& [key, value] : tuple.elements) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::optional<bool> member_or_null(const Value& a, const Value& b) {
  if (a.is_null() != b.is_null()) return std::nullopt;
  return a.is_null() ? std::optional(true) : equal(a, b);
}

// The first element that is not equal decides: an earlier null is not overruled by a later difference.
std::optional<bool> equal_elements(const List& a, const List& b) {
  if (a.elements.size() != b.elements.size()) return false;
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    const auto same = member_or_null(a.elements[i], b.elements[i]);
    if (same != true) return same;
  }
  return true;
}

std::optional<bool> equal_tuples(const Tuple& a, const Tuple& b) {
  if (a.elements.size() != b.elements.size()) return false;
  for (const auto& [name, value] : a.elements) {
    const Value* other = find_element(b, name);
    if (!other) return false;
    const auto same = member_or_null(value, *other);
    if (same != true) return same;
  }
  return true;
}

Type shared_point_type(const Interval& a, const Interval& b) {
  const Type type = point_type(a);
  return type.is(TypeKind::kNull) ? point_type(b) : type;
}

std::optional<bool> equal_or_null(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  return equal(a, b);
}

std::optional<bool> equal_intervals(const Interval& a, const Interval& b) {
  const Type point = shared_point_type(a, b);
  return both(equal_or_null(start_of(a, point), start_of(b, point)), equal_or_null(end_of(a, point), end_of(b, point)));
}

bool equivalent_lists(const List& a, const List& b) {
  return std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                    [](const Value& x, const Value& y) { return equivalent(x, y); });
}

bool equivalent_tuples(const Tuple& a, const Tuple& b) {
  return a.elements.size() == b.elements.size() &&
         std::all_of(a.elements.begin(), a.elements.end(), [&b](const auto& e) {
           const Value* other = find_element(b, e.first);
           return other && equivalent(e.second, *other);
         });
}

bool equivalent_intervals(const Interval& a, const Interval& b) {
  const Type point = shared_point_type(a, b);
  return equivalent(start_of(a, point), start_of(b, point)) && equivalent(end_of(a, point), end_of(b, point));
}

// 1:2 is equivalent to 2:4.
bool equivalent_ratios(const Ratio& a, const Ratio& b) {
  const auto left = multiply(a.numerator, b.denominator);
  const auto right = multiply(b.numerator, a.denominator);
  return left && right && equivalent(*left, *right);
}

template <class T>
std::optional<std::strong_ordering> order_temporal(const T& a, const Value& b, std::optional<Precision> precision) {
  return precision ? compare(a, *b.get<T>(), *precision) : compare(a, *b.get<T>());
}

template <class Integer>
std::optional<Value> integer_step(Integer value, bool forwards) {
  if (value == (forwards ? std::numeric_limits<Integer>::max() : std::numeric_limits<Integer>::min()))
    return std::nullopt;
  return Value(static_cast<Integer>(forwards ? value + 1 : value - 1));
}

std::optional<Value> decimal_step(Decimal value, bool forwards) {
  const auto stepped = forwards ? successor(value) : predecessor(value);
  if (!stepped) return std::nullopt;
  return Value(*stepped);
}

template <class T>
std::optional<Value> wrap(const std::optional<T>& value) {
  if (!value) return std::nullopt;
  return Value(*value);
}

std::optional<Value> step(const Value& value, bool forwards) {
  const std::int64_t by = forwards ? 1 : -1;
  if (const auto* integer = value.get<std::int32_t>()) return integer_step(*integer, forwards);
  if (const auto* wide = value.get<std::int64_t>()) return integer_step(*wide, forwards);
  if (const auto* decimal = value.get<Decimal>()) return decimal_step(*decimal, forwards);
  if (const auto* date = value.get<Date>()) return wrap(add(*date, by, date->precision));
  if (const auto* moment = value.get<DateTime>()) return wrap(add(*moment, by, moment->precision));
  if (const auto* time = value.get<Time>()) return wrap(add(*time, by, time->precision));
  if (const auto* quantity = value.get<Quantity>()) {
    const auto stepped = decimal_step(quantity->value, forwards);
    if (stepped) return Value(Quantity{*stepped->get<Decimal>(), quantity->unit});
  }
  return std::nullopt;
}

template <class T>
std::optional<Value> move_by(const T& value, const CalendarAmount& by) {
  return wrap(add(value, by.amount, by.unit));
}

}  // namespace

std::optional<bool> equal(const Value& a, const Value& b) {
  if (a.variant().index() != b.variant().index()) return false;
  if (const auto* date = a.get<Date>()) return is_equal(compare(*date, *b.get<Date>()));
  if (const auto* moment = a.get<DateTime>()) return is_equal(compare(*moment, *b.get<DateTime>()));
  if (const auto* time = a.get<Time>()) return is_equal(compare(*time, *b.get<Time>()));
  if (const auto* quantity = a.get<Quantity>()) return is_equal(compare(*quantity, *b.get<Quantity>()));
  if (const auto* list = a.get<List>()) return equal_elements(*list, *b.get<List>());
  if (const auto* tuple = a.get<Tuple>()) return equal_tuples(*tuple, *b.get<Tuple>());
  if (const auto* interval = a.get<Interval>()) return equal_intervals(*interval, *b.get<Interval>());
  if (const auto* ratio = a.get<Ratio>()) {
    const auto& other = *b.get<Ratio>();
    return both(is_equal(compare(ratio->numerator, other.numerator)),
                is_equal(compare(ratio->denominator, other.denominator)));
  }
  if (const auto* truth = a.get<bool>()) return *truth == *b.get<bool>();
  if (const auto* integer = a.get<std::int32_t>()) return *integer == *b.get<std::int32_t>();
  if (const auto* wide = a.get<std::int64_t>()) return *wide == *b.get<std::int64_t>();
  if (const auto* decimal = a.get<Decimal>()) return *decimal == *b.get<Decimal>();
  if (const auto* text = a.get<std::string>()) return *text == *b.get<std::string>();
  return true;  // null and null
}

bool equivalent(const Value& a, const Value& b) {
  if (a.variant().index() != b.variant().index()) return false;
  if (a.is_null()) return true;
  if (const auto* text = a.get<std::string>()) return equivalent_text(*text, *b.get<std::string>());
  if (const auto* decimal = a.get<Decimal>()) return equivalent(*decimal, *b.get<Decimal>());
  if (const auto* quantity = a.get<Quantity>()) return equivalent(*quantity, *b.get<Quantity>());
  if (const auto* ratio = a.get<Ratio>()) return equivalent_ratios(*ratio, *b.get<Ratio>());
  if (const auto* list = a.get<List>()) return equivalent_lists(*list, *b.get<List>());
  if (const auto* tuple = a.get<Tuple>()) return equivalent_tuples(*tuple, *b.get<Tuple>());
  if (const auto* interval = a.get<Interval>()) return equivalent_intervals(*interval, *b.get<Interval>());
  return equal(a, b) == true;
}

std::optional<bool> same_member(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  return equal(a, b);
}

std::optional<std::strong_ordering> order(const Value& a, const Value& b, std::optional<Precision> precision) {
  if (a.variant().index() != b.variant().index()) return std::nullopt;
  if (const auto* date = a.get<Date>()) return order_temporal(*date, b, precision);
  if (const auto* moment = a.get<DateTime>()) return order_temporal(*moment, b, precision);
  if (const auto* time = a.get<Time>()) return order_temporal(*time, b, precision);
  if (const auto* quantity = a.get<Quantity>()) return compare(*quantity, *b.get<Quantity>());
  if (const auto* integer = a.get<std::int32_t>()) return *integer <=> *b.get<std::int32_t>();
  if (const auto* wide = a.get<std::int64_t>()) return *wide <=> *b.get<std::int64_t>();
  if (const auto* decimal = a.get<Decimal>()) return *decimal <=> *b.get<Decimal>();
  if (const auto* text = a.get<std::string>()) return text->compare(*b.get<std::string>()) <=> 0;
  return std::nullopt;
}

std::optional<Value> successor(const Value& value) { return step(value, true); }
std::optional<Value> predecessor(const Value& value) { return step(value, false); }

Value minimum_of(const Type& type) {
  switch (type.kind) {
    case TypeKind::kInteger: return Value(std::numeric_limits<std::int32_t>::min());
    case TypeKind::kLong: return Value(std::numeric_limits<std::int64_t>::min());
    case TypeKind::kDecimal: return Value(Decimal::type_minimum());
    case TypeKind::kQuantity: return Value(Quantity{Decimal::type_minimum(), "1"});
    case TypeKind::kDate: return Value(Date{1, 1, 1, Precision::kDay});
    case TypeKind::kDateTime: return Value(DateTime{});
    case TypeKind::kTime: return Value(Time{});
    default: return Value();
  }
}

Value maximum_of(const Type& type) {
  switch (type.kind) {
    case TypeKind::kInteger: return Value(std::numeric_limits<std::int32_t>::max());
    case TypeKind::kLong: return Value(std::numeric_limits<std::int64_t>::max());
    case TypeKind::kDecimal: return Value(Decimal::type_maximum());
    case TypeKind::kQuantity: return Value(Quantity{Decimal::type_maximum(), "1"});
    case TypeKind::kDate: return Value(Date{9999, 12, 31, Precision::kDay});
    case TypeKind::kDateTime: return Value(DateTime{9999, 12, 31, 23, 59, 59, 999, Precision::kMillisecond, 0});
    case TypeKind::kTime: return Value(Time{23, 59, 59, 999, Precision::kMillisecond});
    default: return Value();
  }
}

Value start_of(const Interval& interval, const Type& point) {
  if (interval.low->is_null()) return interval.low_closed ? minimum_of(point) : Value();
  if (interval.low_closed) return *interval.low;
  return successor(*interval.low).value_or(Value());
}

Value end_of(const Interval& interval, const Type& point) {
  if (interval.high->is_null()) return interval.high_closed ? maximum_of(point) : Value();
  if (interval.high_closed) return *interval.high;
  return predecessor(*interval.high).value_or(Value());
}

Type type_of(const Value& value) {
  if (value.is<bool>()) return TypeKind::kBoolean;
  if (value.is<std::int32_t>()) return TypeKind::kInteger;
  if (value.is<std::int64_t>()) return TypeKind::kLong;
  if (value.is<Decimal>()) return TypeKind::kDecimal;
  if (value.is<std::string>()) return TypeKind::kString;
  if (value.is<Date>()) return TypeKind::kDate;
  if (value.is<DateTime>()) return TypeKind::kDateTime;
  if (value.is<Time>()) return TypeKind::kTime;
  if (value.is<Quantity>()) return TypeKind::kQuantity;
  if (value.is<Ratio>()) return TypeKind::kRatio;
  if (const auto* interval = value.get<Interval>()) return interval_of(point_type(*interval));
  if (value.is<List>()) return list_of(TypeKind::kAny);
  return value.is<Tuple>() ? Type(TypeKind::kAny) : Type(TypeKind::kNull);
}

Type point_type(const Interval& interval) { return type_of(interval.low->is_null() ? *interval.high : *interval.low); }

std::optional<CalendarAmount> calendar_amount(const Quantity& quantity) {
  auto unit = calendar_unit(quantity.unit);
  auto value = quantity.value;
  if (!unit) {
    for (const Precision candidate : {Precision::kMillisecond, Precision::kSecond, Precision::kMinute, Precision::kHour,
                                      Precision::kDay, Precision::kWeek}) {
      if (!comparable(quantity.unit, to_string(candidate))) continue;
      // The coarsest unit that holds the amount exactly keeps `2 'wk'` two weeks.
      const auto converted = convert(value, quantity.unit, to_string(candidate));
      if (converted && converted->whole()) return CalendarAmount{*converted->whole(), candidate};
      if (converted) return CalendarAmount{truncate(*converted).whole().value_or(0), candidate};
    }
    return std::nullopt;
  }
  if (*unit == Precision::kSecond && !value.whole()) {
    const auto fine = multiply(value, Decimal(1000));
    if (!fine) return std::nullopt;
    value = *fine;
    unit = Precision::kMillisecond;
  }
  const auto whole = truncate(value).whole();
  if (!whole) return std::nullopt;
  return CalendarAmount{*whole, *unit};
}

std::optional<Value> moved(const Value& value, const Quantity& by, bool backwards) {
  auto amount = calendar_amount(by);
  if (!amount || amount->amount == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  if (backwards) amount->amount = -amount->amount;
  if (const auto* date = value.get<Date>()) return move_by(*date, *amount);
  if (const auto* moment = value.get<DateTime>()) return move_by(*moment, *amount);
  if (const auto* time = value.get<Time>()) return move_by(*time, *amount);
  return std::nullopt;
}

Value boolean_value(std::optional<bool> value) { return value ? Value(*value) : Value(); }

std::optional<bool> boolean_of(const Value& value) {
  const auto* truth = value.get<bool>();
  return truth ? std::optional(*truth) : std::nullopt;
}

std::optional<bool> both(std::optional<bool> a, std::optional<bool> b) {
  if (a == false || b == false) return false;
  if (a && b) return true;
  return std::nullopt;
}

std::optional<bool> inverse(std::optional<bool> a) {
  if (!a) return std::nullopt;
  return !*a;
}

std::optional<bool> either(std::optional<bool> a, std::optional<bool> b) {
  return inverse(both(inverse(a), inverse(b)));
}

}  // namespace caveat
