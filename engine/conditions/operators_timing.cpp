// Timing phrases on points and intervals: before, after, same, and offsets from them (CQL 1.5.2, sections 18, 19.30).
#include "conditions/interval_functions.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"

namespace caveat {
namespace {

using Relation = std::optional<bool> (*)(const Comparing&, const Edges&, const Edges&);

template <Relation relation>
Value related(const Arguments& in) {
  return boolean_value(relation(Comparing(in.node.precision), edges(in, 0), edges(in, 1)));
}

std::optional<bool> before(const Comparing& c, const Edges& a, const Edges& b) { return c.less(a.last, b.first); }
std::optional<bool> after(const Comparing& c, const Edges& a, const Edges& b) { return c.less(b.last, a.first); }
std::optional<bool> on_or_before(const Comparing& c, const Edges& a, const Edges& b) {
  return c.at_most(a.last, b.first);
}
std::optional<bool> on_or_after(const Comparing& c, const Edges& a, const Edges& b) {
  return c.at_most(b.last, a.first);
}
std::optional<bool> same_as(const Comparing& c, const Edges& a, const Edges& b) {
  return both(c.same(a.first, b.first), c.same(a.last, b.last));
}

Value first_of(const Arguments& in) { return edges(in, 0).first; }
Value last_of(const Arguments& in) { return edges(in, 0).last; }

// ---- Offsets
// ---------------------------------------------------------------------------------------------------------

std::optional<bool> before_by(const Comparing& c, const Value& at, const Value& mark, const Value& limit,
                              Offset offset) {
  const auto near = offset.inclusive ? c.at_most(at, mark) : c.less(at, mark);
  switch (offset.bound) {
    case Offset::Bound::kExactly: return c.same(at, limit);
    case Offset::Bound::kOrMore: return c.at_most(at, limit);
    case Offset::Bound::kMoreThan: return c.less(at, limit);
    case Offset::Bound::kOrLess: return both(c.at_most(limit, at), near);
    case Offset::Bound::kLessThan: return both(c.less(limit, at), near);
  }
  return std::nullopt;
}

std::optional<bool> after_by(const Comparing& c, const Value& at, const Value& mark, const Value& limit,
                             Offset offset) {
  const auto near = offset.inclusive ? c.at_most(mark, at) : c.less(mark, at);
  switch (offset.bound) {
    case Offset::Bound::kExactly: return c.same(at, limit);
    case Offset::Bound::kOrMore: return c.at_most(limit, at);
    case Offset::Bound::kMoreThan: return c.less(limit, at);
    case Offset::Bound::kOrLess: return both(c.at_most(at, limit), near);
    case Offset::Bound::kLessThan: return both(c.less(at, limit), near);
  }
  return std::nullopt;
}

// `3 days before` a moment, written without a precision, means that day: the offset's own unit.
std::optional<Precision> exact_precision(const Arguments& in) {
  if (in.node.precision || in.node.offset->bound != Offset::Bound::kExactly) return in.node.precision;
  const auto amount = calendar_amount(in.get<Quantity>(2));
  if (!amount) return std::nullopt;
  return amount->unit == Precision::kWeek ? Precision::kDay : amount->unit;
}

Value offset_from(const Arguments& in) {
  const Offset offset = *in.node.offset;
  const Value& at = in.values[0];
  const Value& mark = in.values[1];
  const auto earlier = moved(mark, in.get<Quantity>(2), true);
  const auto later = moved(mark, in.get<Quantity>(2), false);
  const bool needs_earlier = offset.direction != Offset::Direction::kAfter;
  const bool needs_later = offset.direction != Offset::Direction::kBefore;
  if ((needs_earlier && !earlier) || (needs_later && !later)) {
    return in.run.raise("`" + text_of(in.node) + "` leaves the range of dates and times");
  }
  const Comparing c(exact_precision(in));
  if (offset.direction == Offset::Direction::kBefore) return boolean_value(before_by(c, at, mark, *earlier, offset));
  if (offset.direction == Offset::Direction::kAfter) return boolean_value(after_by(c, at, mark, *later, offset));
  const bool open = offset.bound == Offset::Bound::kLessThan;
  return boolean_value(open ? both(c.less(*earlier, at), c.less(at, *later))
                            : both(c.at_most(*earlier, at), c.at_most(at, *later)));
}

constexpr unsigned kTiming = kPrecision;

constexpr SignatureRow kRows[] = {
    {"before", "P, P -> Boolean", kTiming | kMonotone, related<before>},
    {"before", "Interval<P>, Interval<P> -> Boolean", kTiming, related<before>},
    {"before", "P, Interval<P> -> Boolean", kTiming, related<before>},
    {"before", "Interval<P>, P -> Boolean", kTiming, related<before>},
    {"after", "P, P -> Boolean", kTiming | kMonotone, related<after>},
    {"after", "Interval<P>, Interval<P> -> Boolean", kTiming, related<after>},
    {"after", "P, Interval<P> -> Boolean", kTiming, related<after>},
    {"after", "Interval<P>, P -> Boolean", kTiming, related<after>},
    {"same as", "P, P -> Boolean", kTiming, related<same_as>},
    {"same as", "Interval<P>, Interval<P> -> Boolean", kTiming, related<same_as>},
    {"same or before", "P, P -> Boolean", kTiming | kMonotone, related<on_or_before>},
    {"same or before", "Interval<P>, Interval<P> -> Boolean", kTiming, related<on_or_before>},
    {"same or before", "P, Interval<P> -> Boolean", kTiming, related<on_or_before>},
    {"same or before", "Interval<P>, P -> Boolean", kTiming, related<on_or_before>},
    {"same or after", "P, P -> Boolean", kTiming | kMonotone, related<on_or_after>},
    {"same or after", "Interval<P>, Interval<P> -> Boolean", kTiming, related<on_or_after>},
    {"same or after", "P, Interval<P> -> Boolean", kTiming, related<on_or_after>},
    {"same or after", "Interval<P>, P -> Boolean", kTiming, related<on_or_after>},
    {"$first of", "Interval<D> -> D", kInternal, first_of},
    {"$first of", "D -> D", kInternal | kNeverNull, first_of},
    {"$last of", "Interval<D> -> D", kInternal, last_of},
    {"$last of", "D -> D", kInternal | kNeverNull, last_of},
    {"$offset", "D, D, Quantity -> Boolean", kTiming | kRaises | kInternal, offset_from},
};

}  // namespace

std::span<const SignatureRow> timing_rows() { return kRows; }

}  // namespace caveat
