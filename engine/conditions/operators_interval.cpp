// Intervals (CQL 1.5.2, appendix B, 9.9). Every operator works on the first and the last point of its operands; a null
// one is unknown to CQL and makes the comparison null.
#include "conditions/interval_functions.hpp"
#include "conditions/limits.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"

#include <algorithm>

namespace caveat {
namespace {

using Relation = std::optional<bool> (*)(const Comparing&, const Edges&, const Edges&);

template <Relation relation>
Value related(const Arguments& in) {
  return boolean_value(relation(Comparing(in.node.precision), edges(in, 0), edges(in, 1)));
}

std::optional<bool> includes(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.at_most(a.first, b.first), c.at_most(b.last, a.last));
}
std::optional<bool> included_in(const Comparing& c, const Edges& a, const Edges& b) { return includes(c, b, a); }

std::optional<bool> properly_includes(const Comparing& c, const Edges& a, const Edges& b) {
  return both(includes(c, a, b), either(c.less(a.first, b.first), c.less(b.last, a.last)));
}
std::optional<bool> properly_included_in(const Comparing& c, const Edges& a, const Edges& b) {
  return properly_includes(c, b, a);
}

std::optional<bool> properly_contains(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.less(a.first, b.first), c.less(b.last, a.last));
}
std::optional<bool> properly_in(const Comparing& c, const Edges& a, const Edges& b) {
  return properly_contains(c, b, a);
}

std::optional<bool> meets_before(const Comparing& c, const Edges& a, const Edges& b) {
  if (a.last.is_null() || b.first.is_null()) return std::nullopt;
  const auto next = successor(a.last);
  if (!next) return false;
  return c.same(*next, b.first);
}
std::optional<bool> meets_after(const Comparing& c, const Edges& a, const Edges& b) { return meets_before(c, b, a); }
std::optional<bool> meets(const Comparing& c, const Edges& a, const Edges& b) {
  return either(meets_before(c, a, b), meets_after(c, a, b));
}

std::optional<bool> overlaps(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.at_most(a.first, b.last), c.at_most(b.first, a.last));
}
std::optional<bool> overlaps_before(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.less(a.first, b.first), c.at_most(b.first, a.last));
}
std::optional<bool> overlaps_after(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.less(b.last, a.last), c.at_most(a.first, b.last));
}
std::optional<bool> starts(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.same(a.first, b.first), c.at_most(a.last, b.last));
}
std::optional<bool> ends(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.same(a.last, b.last), c.at_most(b.first, a.first));
}

// ---- Edges
// -----------------------------------------------------------------------------------------------------------

Value start(const Arguments& in) { return edges(in, 0).first; }
Value end(const Arguments& in) { return edges(in, 0).last; }
Value low(const Arguments& in) { return *in.get<Interval>(0).low; }
Value high(const Arguments& in) { return *in.get<Interval>(0).high; }

Value point_from(const Arguments& in) {
  const Edges at = edges(in, 0);
  if (at.first.is_null() || at.last.is_null()) return Value();
  if (equal(at.first, at.last) == true) return at.first;
  return in.run.raise("`" + text_of(in.node) + "` needs an interval of one point");
}

std::optional<Value> minus(const Value& a, const Value& b) {
  if (const auto* integer = a.get<std::int32_t>()) {
    std::int32_t result = 0;
    if (__builtin_sub_overflow(*integer, *b.get<std::int32_t>(), &result)) return std::nullopt;
    return Value(result);
  }
  if (const auto* wide = a.get<std::int64_t>()) {
    std::int64_t result = 0;
    if (__builtin_sub_overflow(*wide, *b.get<std::int64_t>(), &result)) return std::nullopt;
    return Value(result);
  }
  if (const auto* decimal = a.get<Decimal>()) {
    const auto result = subtract(*decimal, *b.get<Decimal>());
    return result ? std::optional(Value(*result)) : std::nullopt;
  }
  const auto result = subtract(*a.get<Quantity>(), *b.get<Quantity>());
  return result ? std::optional(Value(*result)) : std::nullopt;
}

Value width(const Arguments& in) {
  const Edges at = edges(in, 0);
  if (at.first.is_null() || at.last.is_null()) return Value();
  return minus(at.last, at.first).value_or(Value());
}

Value size(const Arguments& in) {
  const Edges at = edges(in, 0);
  if (at.first.is_null() || at.last.is_null()) return Value();
  const auto before = predecessor(at.first);
  return before ? minus(at.last, *before).value_or(Value()) : Value();
}

// ---- Sets
// ------------------------------------------------------------------------------------------------------------

Value closed(Value from, Value to) {
  return Value(Interval{std::make_shared<const Value>(std::move(from)), std::make_shared<const Value>(std::move(to)),
                        true, true});
}

Value union_of(const Arguments& in) {
  const Comparing c(std::nullopt);
  const Edges a = edges(in, 0);
  const Edges b = edges(in, 1);
  if (either(overlaps(c, a, b), meets(c, a, b)) != true) return Value();
  return closed(c.at_most(a.first, b.first) == true ? a.first : b.first,
                c.at_most(a.last, b.last) == true ? b.last : a.last);
}

// An edge that is unknown stays open and null: what is known of the other edge still holds.
Value intersection(const Arguments& in) {
  const Comparing c(std::nullopt);
  const Edges a = edges(in, 0);
  const Edges b = edges(in, 1);
  if (overlaps(c, a, b) == false) return Value();
  const auto later = c.at_most(a.first, b.first);
  const auto earlier = c.at_most(a.last, b.last);
  if (!later && !earlier) return Value();
  Interval made;
  made.low = std::make_shared<const Value>(later ? (*later ? b.first : a.first) : Value());
  made.high = std::make_shared<const Value>(earlier ? (*earlier ? a.last : b.last) : Value());
  made.low_closed = later.has_value();
  made.high_closed = earlier.has_value();
  return Value(std::move(made));
}

Value difference(const Arguments& in) {
  const Comparing c(std::nullopt);
  const Edges a = edges(in, 0);
  const Edges b = edges(in, 1);
  if (overlaps(c, a, b) == false) return in.values[0];
  const auto sticks_out_before = c.less(a.first, b.first);
  const auto sticks_out_after = c.less(b.last, a.last);
  if (!sticks_out_before || !sticks_out_after || *sticks_out_before == *sticks_out_after) return Value();
  if (*sticks_out_before) {
    const auto until = predecessor(b.first);
    return until ? closed(a.first, *until) : Value();
  }
  const auto from = successor(b.last);
  return from ? closed(*from, a.last) : Value();
}

// ---- Collapse and expand
// ---------------------------------------------------------------------------------------------

const Type& point_type_of(const Arguments& in) {
  const Type& operand = in.node.operands[0]->type;
  return operand.is(TypeKind::kList) ? *operand.element->element : *operand.element;
}

std::vector<Edges> known_edges(const Arguments& in) {
  std::vector<Edges> all;
  for (const auto& element : in.get<List>(0).elements) {
    if (element.is_null()) continue;
    Edges at = edges_of(element, point_type_of(in));
    if (!at.first.is_null() && !at.last.is_null()) all.push_back(std::move(at));
  }
  std::stable_sort(all.begin(), all.end(), [](const Edges& a, const Edges& b) {
    return order(a.first, b.first) == std::strong_ordering::less;
  });
  return all;
}

std::optional<Value> plus(const Value& value, const Quantity& by) {
  if (value.is<Date>() || value.is<DateTime>() || value.is<Time>()) return moved(value, by, false);
  if (const auto* quantity = value.get<Quantity>()) {
    const auto sum = add(*quantity, by);
    return sum ? std::optional(Value(*sum)) : std::nullopt;
  }
  if (const auto* decimal = value.get<Decimal>()) {
    const auto sum = add(*decimal, by.value);
    return sum ? std::optional(Value(*sum)) : std::nullopt;
  }
  const auto whole = by.value.whole();
  if (!whole) return std::nullopt;
  if (const auto* wide = value.get<std::int64_t>()) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(*wide, *whole, &sum) ? std::nullopt : std::optional(Value(sum));
  }
  std::int32_t sum = 0;
  return __builtin_add_overflow(*value.get<std::int32_t>(), *whole, &sum) ? std::nullopt : std::optional(Value(sum));
}

Value collapse_by(const Arguments& in, const Quantity* gap) {
  if (in.values[0].is_null()) return Value();
  const Comparing c(std::nullopt);
  std::vector<Edges> merged;
  for (auto& at : known_edges(in)) {
    bool joins = false;
    if (!merged.empty()) {
      const Edges& before = merged.back();
      const auto reach = gap ? plus(before.last, *gap) : successor(before.last);
      joins = c.at_most(at.first, before.last) == true || (reach && c.at_most(at.first, *reach) == true);
    }
    if (!joins) {
      merged.push_back(std::move(at));
    } else if (c.less(merged.back().last, at.last) == true) {
      merged.back().last = std::move(at.last);
    }
  }
  List list;
  for (auto& at : merged) list.elements.push_back(closed(std::move(at.first), std::move(at.last)));
  return Value(std::move(list));
}

Value collapse(const Arguments& in) { return collapse_by(in, in.size() > 1 ? in.values[1].get<Quantity>() : nullptr); }

Value at_precision(const Value& value, Precision precision) {
  if (const auto* date = value.get<Date>()) {
    Date cut = *date;
    cut.precision = std::min(cut.precision, precision);
    if (cut.precision < Precision::kMonth) cut.month = 1;
    if (cut.precision < Precision::kDay) cut.day = 1;
    return Value(cut);
  }
  const auto cut_clock = [precision](auto moment) {
    if (precision < Precision::kMillisecond) moment.millisecond = 0;
    if (precision < Precision::kSecond) moment.second = 0;
    if (precision < Precision::kMinute) moment.minute = 0;
    if (precision < Precision::kHour) moment.hour = 0;
    moment.precision = std::min(moment.precision, precision);
    return moment;
  };
  if (const auto* time = value.get<Time>()) return Value(cut_clock(*time));
  if (const auto* moment = value.get<DateTime>()) {
    DateTime cut = cut_clock(*moment);
    if (precision < Precision::kDay) cut.day = 1;
    if (precision < Precision::kMonth) cut.month = 1;
    return Value(cut);
  }
  return value;
}

std::optional<Precision> precision_of(const Value& value) {
  if (const auto* date = value.get<Date>()) return date->precision;
  if (const auto* time = value.get<Time>()) return time->precision;
  if (const auto* moment = value.get<DateTime>()) return moment->precision;
  return std::nullopt;
}

// A decimal or integer edge cut to the digits that the step has: 10.0 to 12.5 per 1 starts at 10.
Value cut_number(const Value& value, const Quantity& step) {
  const bool whole = step.value.whole().has_value();
  if (const auto* decimal = value.get<Decimal>(); decimal && whole) {
    const auto floor_value = floor(*decimal);
    const auto integer = floor_value ? floor_value->whole() : std::nullopt;
    if (integer && *integer == static_cast<std::int32_t>(*integer)) return Value(static_cast<std::int32_t>(*integer));
  }
  if (const auto* integer = value.get<std::int32_t>(); integer && !whole) return Value(Decimal(*integer));
  return value;
}

std::optional<std::vector<Edges>> steps_of(const Edges& at, const Quantity& by) {
  std::vector<Edges> pieces;
  const auto amount = calendar_amount(by);
  const auto finest = precision_of(at.first);
  if (finest && (!amount || amount->unit > *finest)) return pieces;
  Value from = finest ? at_precision(at.first, amount->unit == Precision::kWeek ? Precision::kDay : amount->unit)
                      : cut_number(at.first, by);
  Value end = finest ? at_precision(at.last, amount->unit == Precision::kWeek ? Precision::kDay : amount->unit)
                     : cut_number(at.last, by);
  // An integer's last point stands for all up to the next: 10 per 0.1 reaches 10.9.
  if (at.last.is<std::int32_t>() && end.is<Decimal>()) {
    const auto next = add(*end.get<Decimal>(), Decimal(1));
    const auto last = next ? subtract(*next, by.value) : std::nullopt;
    if (last) end = Value(*last);
  }
  while (order(from, end) == std::strong_ordering::less || order(from, end) == std::strong_ordering::equal) {
    const auto next = plus(from, by);
    if (!next || order(*next, from) != std::strong_ordering::greater || pieces.size() >= kExpandedElementsMax) {
      return std::nullopt;
    }
    Value last = from;
    const bool unit_decimal = from.is<Decimal>() || from.is<Quantity>();
    if (!unit_decimal) last = predecessor(*next).value_or(from);
    if (order(last, end) == std::strong_ordering::greater) {
      if (finest) break;
      if (!unit_decimal) break;
    }
    pieces.push_back({from, std::move(last)});
    from = *next;
  }
  return pieces;
}

Quantity default_step(const Edges& at) {
  const auto precision = precision_of(at.first);
  if (precision) return Quantity{Decimal(1), std::string(to_string(*precision))};
  if (const auto* quantity = at.first.get<Quantity>()) return Quantity{Decimal(1), quantity->unit};
  if (at.first.is<Decimal>()) return Quantity{*Decimal::from_units(1), "1"};
  return Quantity{Decimal(1), "1"};
}

Value expand_all(const Arguments& in, std::vector<Edges> all, bool points) {
  List list;
  for (const auto& at : all) {
    const auto* given = in.size() > 1 ? in.values[1].get<Quantity>() : nullptr;
    const auto pieces = steps_of(at, given ? *given : default_step(at));
    if (!pieces || list.elements.size() + pieces->size() > kExpandedElementsMax) {
      return in.run.raise("`" + text_of(in.node) + "` makes more than 10000 pieces, or its step is not positive");
    }
    for (const auto& piece : *pieces) {
      Value element = points ? piece.first : closed(piece.first, piece.last);
      list.elements.push_back(std::move(element));
    }
  }
  return Value(std::move(list));
}

Value expand_list(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  return expand_all(in, known_edges(in), false);
}

Value expand_interval(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  Edges at = edges(in, 0);
  if (at.first.is_null() || at.last.is_null()) return Value();
  return expand_all(in, {std::move(at)}, true);
}

constexpr unsigned kTiming = kPrecision;

constexpr SignatureRow kRows[] = {
    {"in", "P, Interval<P> -> Boolean", kTiming, related<included_in>},
    {"contains", "Interval<P>, P -> Boolean", kTiming, related<includes>},
    {"includes", "Interval<P>, Interval<P> -> Boolean", kTiming, related<includes>},
    {"includes", "Interval<P>, P -> Boolean", kTiming, related<includes>},
    {"included in", "Interval<P>, Interval<P> -> Boolean", kTiming, related<included_in>},
    {"included in", "P, Interval<P> -> Boolean", kTiming, related<included_in>},
    {"properly includes", "Interval<P>, Interval<P> -> Boolean", kTiming, related<properly_includes>},
    {"properly includes", "Interval<P>, P -> Boolean", kTiming, related<properly_contains>},
    {"properly included in", "Interval<P>, Interval<P> -> Boolean", kTiming, related<properly_included_in>},
    {"properly included in", "P, Interval<P> -> Boolean", kTiming, related<properly_in>},
    {"meets", "Interval<P>, Interval<P> -> Boolean", kTiming, related<meets>},
    {"meets before", "Interval<P>, Interval<P> -> Boolean", kTiming, related<meets_before>},
    {"meets after", "Interval<P>, Interval<P> -> Boolean", kTiming, related<meets_after>},
    {"overlaps", "Interval<P>, Interval<P> -> Boolean", kTiming, related<overlaps>},
    {"overlaps before", "Interval<P>, Interval<P> -> Boolean", kTiming, related<overlaps_before>},
    {"overlaps after", "Interval<P>, Interval<P> -> Boolean", kTiming, related<overlaps_after>},
    {"starts", "Interval<P>, Interval<P> -> Boolean", kTiming, related<starts>},
    {"ends", "Interval<P>, Interval<P> -> Boolean", kTiming, related<ends>},
    {"start of", "Interval<P> -> P", 0, start},
    {"end of", "Interval<P> -> P", 0, end},
    {"$low", "Interval<P> -> P", kInternal, low},
    {"$high", "Interval<P> -> P", kInternal, high},
    {"point from", "Interval<P> -> P", kRaises, point_from},
    {"width of", "Interval<Integer> -> Integer", 0, width},
    {"width of", "Interval<Long> -> Long", 0, width},
    {"width of", "Interval<Decimal> -> Decimal", 0, width},
    {"width of", "Interval<Quantity> -> Quantity", 0, width},
    {"Size", "Interval<Integer> -> Integer", 0, size},
    {"Size", "Interval<Long> -> Long", 0, size},
    {"Size", "Interval<Decimal> -> Decimal", 0, size},
    {"Size", "Interval<Quantity> -> Quantity", 0, size},
    {"union", "Interval<P>, Interval<P> -> Interval<P>", 0, union_of},
    {"intersect", "Interval<P>, Interval<P> -> Interval<P>", 0, intersection},
    {"except", "Interval<P>, Interval<P> -> Interval<P>", 0, difference},
    {"collapse", "List<Interval<P>> -> List<Interval<P>>", 0, collapse},
    {"collapse", "List<Interval<P>>, Quantity -> List<Interval<P>>", kSeesNull, collapse},
    {"expand", "List<Interval<P>> -> List<Interval<P>>", kRaises, expand_list},
    {"expand", "List<Interval<P>>, Quantity -> List<Interval<P>>", kSeesNull | kRaises, expand_list},
    {"expand", "Interval<P> -> List<P>", kRaises, expand_interval},
    {"expand", "Interval<P>, Quantity -> List<P>", kSeesNull | kRaises, expand_interval},
};

}  // namespace

std::span<const SignatureRow> interval_rows() { return kRows; }

}  // namespace caveat
