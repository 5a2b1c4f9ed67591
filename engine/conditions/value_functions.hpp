// What operators share: equality, order, steps and edges of values. No function here sees Unknown; each says what it
// does with null. `std::nullopt` is CQL's null.
#pragma once

#include "conditions/types.hpp"
#include "values/value.hpp"

#include <compare>
#include <optional>

namespace caveat {

/// CQL `=` on two values, neither null. Null bounds and elements inside compare as the specification's Equal says.
std::optional<bool> equal(const Value& a, const Value& b);
/// CQL `~`: null is equivalent to null.
bool equivalent(const Value& a, const Value& b);
/// Equality for lists' members (in, distinct, union …): null equals null.
std::optional<bool> same_member(const Value& a, const Value& b);

/// Order of two values of one ordered type, neither null; at `precision` for dates and times.
std::optional<std::strong_ordering> order(const Value& a, const Value& b,
                                          std::optional<Precision> precision = std::nullopt);

/// The next and the previous value of a point type; nothing at the end of its range.
std::optional<Value> successor(const Value& value);
std::optional<Value> predecessor(const Value& value);
/// The least and the greatest value of a type, or null when it has none.
Value minimum_of(const Type& type);
Value maximum_of(const Type& type);

/// The first and the last point of an interval; null when unknown. `point` is its static point type.
Value start_of(const Interval& interval, const Type& point);
Value end_of(const Interval& interval, const Type& point);

/// The point type of an interval by its bounds; kNull when both are null.
Type point_type(const Interval& interval);
/// The type that a value shows by itself; kNull for null.
Type type_of(const Value& value);
/// The amount in whole numbers of a calendar unit, for date arithmetic; nothing for units that are no time.
struct CalendarAmount {
  std::int64_t amount = 0;
  Precision unit = Precision::kDay;
};
std::optional<CalendarAmount> calendar_amount(const Quantity& quantity);
/// Date, DateTime or Time moved by a quantity; null in, null out; nothing when it leaves the range or is no duration.
std::optional<Value> moved(const Value& value, const Quantity& by, bool backwards);

/// CQL's three values of a Boolean as a Value.
Value boolean_value(std::optional<bool> value);
std::optional<bool> boolean_of(const Value& value);
// Kleene over CQL's null.
std::optional<bool> both(std::optional<bool> a, std::optional<bool> b);
std::optional<bool> either(std::optional<bool> a, std::optional<bool> b);
std::optional<bool> inverse(std::optional<bool> a);

}  // namespace caveat
