// Scalar evaluation.
//
// What Unknown does is decided here and nowhere else, before an operator's implementation is called: `strict` evaluates
// all operands, an error among them wins, then an Unknown among them is the result and carries their facts. Only and,
// or and implies (`kleene`) absorb it; `Known(fact)` looks at it; `if` and `case` are unknown when a condition that
// they come to is. Null is a value like others and goes its own way, by each row's flags.
#include "conditions/interpreter.hpp"

#include "conditions/comparisons.hpp"
#include "conditions/query.hpp"
#include "conditions/value_functions.hpp"

#include <algorithm>
#include <limits>

namespace caveat {
namespace {

using Kind = Expression::Kind;

void merge(Unknown& into, const Value& value) {
  const auto* unknown = value.get<Unknown>();
  if (!unknown) return;
  std::vector<FactId> all;
  std::set_union(into.facts.begin(), into.facts.end(), unknown->facts.begin(), unknown->facts.end(),
                 std::back_inserter(all));
  into.facts = std::move(all);
}

/// The operands' values; or, when one raised or is unknown, what the whole node is.
struct Strict {
  std::vector<Value> values;
  std::optional<Value> instead;
};

// An error among the operands wins, then an Unknown among them.
void settle(Strict& operands, const Runtime& run) {
  if (run.raised()) {
    operands.instead = Value();
    return;
  }
  Unknown unknown;
  bool found = false;
  for (const auto& value : operands.values) {
    found = found || value.is_unknown();
    merge(unknown, value);
  }
  if (found) operands.instead = Value(std::move(unknown));
}

Strict strict(const Expression& node, Runtime& run) {
  Strict operands;
  operands.values.reserve(node.operands.size());
  for (const auto& operand : node.operands) operands.values.push_back(evaluate(*operand, run));
  settle(operands, run);
  return operands;
}

// ---- Uncertain whole numbers
// ----------------------------------------------------------------------------------------- `months between` dates of
// uncertain precision is a range. It travels as an Interval where the static type is a number; an operator on it gives
// what all its points agree on.

bool is_number(const Type& type) {
  return type.is(TypeKind::kInteger) || type.is(TypeKind::kLong) || type.is(TypeKind::kDecimal);
}

bool is_uncertain(const Value& value, const Type& type) { return value.is<Interval>() && is_number(type); }

std::vector<Value> points_of(const Value& value, const Type& type, bool extremes_only) {
  if (!is_uncertain(value, type)) return {value};
  const auto& interval = *value.get<Interval>();
  if (extremes_only) return {*interval.low, *interval.high};
  std::vector<Value> points;
  constexpr std::size_t kPointsMax = 1000;
  Value at = *interval.low;
  const auto& high = *interval.high;
  while (type.is(TypeKind::kInteger) && points.size() <= kPointsMax) {
    points.push_back(at);
    if (equal(at, high) == true) return points;
    at = *successor(at);
  }
  return {};
}

class Lifted {
 public:
  Lifted(const Expression& node, Runtime& run) : node_(node), run_(run) {}

  Value apply(const std::vector<Value>& values) {
    if (!node_.type.is(TypeKind::kBoolean) && !node_.signature->has(kMonotone)) return undecided();
    std::vector<std::vector<Value>> points;
    std::size_t combinations = 1;
    for (std::size_t i = 0; i < values.size(); ++i) {
      points.push_back(points_of(values[i], node_.operands[i]->type, node_.signature->has(kMonotone)));
      combinations *= points.back().size();
    }
    if (combinations == 0 || combinations > 10'000) return undecided();
    std::vector<Value> chosen(values.size());
    if (!try_all(points, chosen, 0) || run_.raised()) return Value();
    return outcome();
  }

 private:
  Value undecided() {
    if (node_.type.is(TypeKind::kBoolean)) return Value();
    return run_.raise("an uncertain whole number cannot be an operand of `" + readable_name(node_.signature->name) +
                      "`");
  }

  bool try_all(const std::vector<std::vector<Value>>& points, std::vector<Value>& chosen, std::size_t index) {
    if (index == points.size()) {
      results_.push_back(node_.signature->implementation(Arguments{chosen, node_, run_}));
      return !results_.back().is_null();
    }
    return std::all_of(points[index].begin(), points[index].end(), [&](const Value& point) {
      chosen[index] = point;
      return try_all(points, chosen, index + 1);
    });
  }

  Value outcome() {
    const bool agreed = std::all_of(results_.begin(), results_.end(),
                                    [&](const Value& result) { return equal(result, results_.front()) == true; });
    if (agreed) return results_.front();
    if (!is_number(node_.type)) return undecided();
    const auto less = [](const Value& a, const Value& b) { return order(a, b) == std::strong_ordering::less; };
    const auto [low, high] = std::minmax_element(results_.begin(), results_.end(), less);
    return Value(Interval{std::make_shared<const Value>(*low), std::make_shared<const Value>(*high), true, true});
  }

  const Expression& node_;
  Runtime& run_;
  std::vector<Value> results_;
};

bool any_uncertain(const Expression& node, const std::vector<Value>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_uncertain(values[i], node.operands[i]->type)) return true;
  }
  return false;
}

// ---- Calls
// -----------------------------------------------------------------------------------------------------------

std::string null_cause(const std::vector<Value>& values) {
  for (const auto& value : values) {
    if (value.is<Quantity>()) return "the units cannot be compared, or the result cannot be represented";
    if (value.is<Date>() || value.is<DateTime>() || value.is<Time>()) return "the dates are not precise enough to tell";
    if (value.is<Interval>()) return "its bounds are not precise enough to tell";
  }
  return "the result cannot be represented";
}

void note_null(const Expression& node, const std::vector<Value>& values, Runtime& run) {
  if (!run.trace || run.raised() || !run.null_reason.empty()) return;
  run.null_reason = "`" + text_of(node) + "` has no value: " + null_cause(values);
}

bool any_null(const std::vector<Value>& values) {
  return std::any_of(values.begin(), values.end(), [](const Value& value) { return value.is_null(); });
}

Value apply(const Expression& node, const std::vector<Value>& values, Runtime& run) {
  const bool has_null = any_null(values);
  if (has_null && !node.signature->has(kSeesNull)) return Value();
  Value result = any_uncertain(node, values) ? Lifted(node, run).apply(values)
                                             : node.signature->implementation(Arguments{values, node, run});
  if (result.is_null() && !has_null) note_null(node, values, run);
  return result;
}

// Only the result of a sum or product of decimals must fit: `10.0 * 10^27 - 0.00000001` does, though its first part
// does not. So the parts of such an expression carry their amount in 128 bits beside their value.
struct Wide {
  Value value;
  std::optional<Int128> units;
};

std::optional<Int128> wide_product(Int128 left, Int128 right) {
  const Int128 one = Decimal(1).units();
  if (left % one != 0) std::swap(left, right);
  Int128 result = 0;
  if (left % one != 0 || __builtin_mul_overflow(left / one, right, &result)) return std::nullopt;
  return result;
}

std::optional<Int128> wide_units(std::string_view name, const std::vector<std::optional<Int128>>& parts) {
  const bool known = std::all_of(parts.begin(), parts.end(), [](const auto& part) { return part.has_value(); });
  if (!known) return std::nullopt;
  if (name == "negate") return -*parts[0];
  if (name == "*") return wide_product(*parts[0], *parts[1]);
  Int128 result = 0;
  const bool overflow = name == "+" ? __builtin_add_overflow(*parts[0], *parts[1], &result)
                                    : __builtin_sub_overflow(*parts[0], *parts[1], &result);
  return overflow ? std::nullopt : std::optional(result);
}

Wide wide(const Expression& outer, Runtime& run) {
  const Expression& node = without_defines(outer);
  const auto units_of = [](const Value& value) {
    const auto* decimal = value.get<Decimal>();
    return decimal ? std::optional(decimal->units()) : std::nullopt;
  };
  if (!is_decimal_arithmetic(node)) {
    Value value = evaluate(node, run);
    const auto units = units_of(value);
    return {std::move(value), units};
  }
  Strict operands;
  std::vector<std::optional<Int128>> parts;
  for (const auto& operand : node.operands) {
    Wide part = wide(*operand, run);
    operands.values.push_back(std::move(part.value));
    parts.push_back(part.units);
  }
  settle(operands, run);
  if (operands.instead) return {*std::move(operands.instead), std::nullopt};
  auto units = wide_units(node.signature->name, parts);
  if (const auto fits = units ? Decimal::from_units(*units) : std::nullopt; fits && any_null(operands.values)) {
    return {Value(*fits), units};
  }
  Value value = apply(node, operands.values, run);
  if (!value.is_null()) units = units_of(value);
  return {std::move(value), units};
}

Value call(const Expression& node, Runtime& run) {
  if (is_decimal_arithmetic(node)) return wide(node, run).value;
  Strict operands = strict(node, run);
  if (operands.instead) return *std::move(operands.instead);
  return apply(node, operands.values, run);
}

Value kleene(const Expression& node, Runtime& run) {
  const bool any_of = node.kind != Kind::kAnd;
  Unknown unknown;
  bool found_unknown = false;
  bool found_null = false;
  bool decided = false;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    const Value value = evaluate(*node.operands[i], run);
    const auto* truth = value.get<bool>();
    const bool inverted = node.kind == Kind::kImplies && i == 0;
    if (truth) decided = decided || (*truth != inverted) == any_of;
    found_null = found_null || value.is_null();
    found_unknown = found_unknown || value.is_unknown();
    merge(unknown, value);
  }
  if (run.raised()) return Value();
  if (decided) return Value(any_of);
  if (found_unknown) return Value(std::move(unknown));
  return found_null ? Value() : Value(!any_of);
}

// ---- Constructors and conditionals
// -----------------------------------------------------------------------------------

Value interval(const Expression& node, Runtime& run) {
  Strict operands = strict(node, run);
  if (operands.instead) return *std::move(operands.instead);
  Interval made{std::make_shared<const Value>(std::move(operands.values[0])),
                std::make_shared<const Value>(std::move(operands.values[1])), node.low_closed, node.high_closed};
  if (made.low->is_null() || made.high->is_null()) return Value(std::move(made));
  const auto relation = order(*made.low, *made.high);
  const bool empty = relation == std::strong_ordering::equal && !(made.low_closed && made.high_closed);
  if (relation == std::strong_ordering::greater || empty) {
    return run.raise("the interval `" + text_of(node) + "` ends before it starts");
  }
  return Value(std::move(made));
}

Value list(const Expression& node, Runtime& run) {
  Strict operands = strict(node, run);
  if (operands.instead) return *std::move(operands.instead);
  return Value(List{std::move(operands.values)});
}

Value tuple(const Expression& node, Runtime& run) {
  Strict operands = strict(node, run);
  if (operands.instead) return *std::move(operands.instead);
  Tuple made;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    made.elements.emplace_back(node.keys[i], std::move(operands.values[i]));
  }
  return Value(std::move(made));
}

Value if_then_else(const Expression& node, Runtime& run) {
  Value condition = evaluate(*node.operands[0], run);
  if (run.raised() || condition.is_unknown()) return condition;
  return evaluate(*node.operands[boolean_of(condition) == true ? 1 : 2], run);
}

Value case_of(const Expression& node, Runtime& run) {
  const std::size_t first = node.has_comparand ? 1 : 0;
  Value comparand = node.has_comparand ? evaluate(*node.operands[0], run) : Value(true);
  if (run.raised() || comparand.is_unknown()) return comparand;
  for (std::size_t i = first; i + 1 < node.operands.size(); i += 2) {
    Value when = evaluate(*node.operands[i], run);
    if (run.raised() || when.is_unknown()) return when;
    const bool matches = !when.is_null() && !comparand.is_null() && equal(comparand, when) == true;
    if (matches) return evaluate(*node.operands[i + 1], run);
  }
  return evaluate(*node.operands.back(), run);
}

// ---- Types
// -----------------------------------------------------------------------------------------------------------

Value property(const Expression& node, Runtime& run) {
  Strict operand = strict(node, run);
  if (operand.instead) return *std::move(operand.instead);
  if (const auto* tuple = operand.values[0].get<Tuple>()) {
    for (const auto& [name, value] : tuple->elements) {
      if (name == node.name) return value;
    }
  }
  return Value();
}

Value type_operator(const Expression& node, Runtime& run) {
  Strict operand = strict(node, run);
  if (operand.instead) return *std::move(operand.instead);
  const Value& value = operand.values[0];
  if (node.kind == Kind::kConvert) {
    // Interval[null, null] has no bounds of any type: as an interval of something it is null.
    const Type& from = node.operands[0]->type;
    if (value.is<Interval>() && from.is(TypeKind::kInterval) && from.element->is(TypeKind::kNull)) return Value();
    return convert_value(value, node.type, run);
  }
  if (node.kind == Kind::kIs) return Value(!value.is_null() && has_type(value, node.tested));
  if (value.is_null() || has_type(value, node.type)) return value;
  if (node.strict) return run.raise("`" + text_of(node) + "` holds a value of another type");
  return Value();
}

Value fact(const Expression& node, Runtime& run) {
  Value value = fact_value(node.fact, run.vocabulary, run.context.facts);
  if (!node.type.is(TypeKind::kInteger)) return value;
  const auto* wide = value.get<std::int64_t>();
  if (!wide) return value;
  if (*wide < std::numeric_limits<std::int32_t>::min() || *wide > std::numeric_limits<std::int32_t>::max()) {
    return run.raise("the value of `" + run.vocabulary[node.fact].name + "` is too large for an Integer");
  }
  return Value(static_cast<std::int32_t>(*wide));
}

Value local_date_time(const Expression& node, const Runtime& run) {
  DateTime moment = *node.value.get<DateTime>();
  moment.offset_minutes = run.context.at.offset_minutes;
  return Value(moment);
}

std::optional<Decimal> as_decimal(const Value& value) {
  if (const auto* integer = value.get<std::int32_t>()) return Decimal(*integer);
  if (const auto* wide = value.get<std::int64_t>()) return Decimal(*wide);
  const auto* decimal = value.get<Decimal>();
  return decimal ? std::optional(*decimal) : std::nullopt;
}

Value convert_scalar(const Value& value, const Type& type, const Runtime& run) {
  if (type.is(TypeKind::kLong) && value.is<std::int32_t>()) return Value(std::int64_t{*value.get<std::int32_t>()});
  if (type.is(TypeKind::kDecimal) || type.is(TypeKind::kQuantity)) {
    const auto decimal = as_decimal(value);
    if (decimal && type.is(TypeKind::kDecimal)) return Value(*decimal);
    if (decimal) return Value(Quantity{*decimal, "1"});
  }
  if (type.is(TypeKind::kDateTime) && value.is<Date>()) {
    return Value(to_date_time(*value.get<Date>(), run.context.at.offset_minutes));
  }
  return has_type(value, type) ? value : Value();
}

Value convert_interval(const Interval& interval, const Type& point, const Runtime& run) {
  return Value(Interval{std::make_shared<const Value>(convert_value(*interval.low, point, run)),
                        std::make_shared<const Value>(convert_value(*interval.high, point, run)), interval.low_closed,
                        interval.high_closed});
}

Value convert_tuple(const Tuple& tuple, const Type& type, const Runtime& run) {
  Tuple converted;
  for (const auto& [name, value] : tuple.elements) {
    const auto field = std::find_if(type.fields->begin(), type.fields->end(),
                                    [&name = name](const auto& candidate) { return candidate.first == name; });
    converted.elements.emplace_back(name,
                                    field == type.fields->end() ? value : convert_value(value, field->second, run));
  }
  return Value(std::move(converted));
}

}  // namespace

bool is_decimal_arithmetic(const Expression& node) {
  if (node.kind != Kind::kCall || !node.type.is(TypeKind::kDecimal)) return false;
  const auto name = node.signature->name;
  return name == "+" || name == "-" || name == "*" || name == "negate";
}

bool has_type(const Value& value, const Type& type) {
  if (value.is_null() || type.is(TypeKind::kAny) || type.is(TypeKind::kNull)) return true;
  if (const auto* list = value.get<List>(); list && type.is(TypeKind::kList)) {
    return std::all_of(list->elements.begin(), list->elements.end(),
                       [&](const Value& element) { return has_type(element, *type.element); });
  }
  if (const auto* interval = value.get<Interval>(); interval && type.is(TypeKind::kInterval)) {
    return has_type(*interval->low, *type.element) && has_type(*interval->high, *type.element);
  }
  if (const auto* tuple = value.get<Tuple>(); tuple && type.is(TypeKind::kTuple)) {
    return tuple->elements.size() == type.fields->size() &&
           std::all_of(type.fields->begin(), type.fields->end(), [&](const auto& field) {
             return std::any_of(tuple->elements.begin(), tuple->elements.end(), [&](const auto& element) {
               return element.first == field.first && has_type(element.second, field.second);
             });
           });
  }
  return type_of(value).kind == type.kind && !value.is<List>() && !value.is<Interval>() && !value.is<Tuple>();
}

Value convert_value(const Value& value, const Type& type, const Runtime& run) {
  if (value.is_null() || type.is(TypeKind::kAny) || type.is(TypeKind::kNull)) return value;
  if (const auto* list = value.get<List>(); list && type.is(TypeKind::kList)) {
    List converted;
    for (const auto& element : list->elements) converted.elements.push_back(convert_value(element, *type.element, run));
    return Value(std::move(converted));
  }
  if (const auto* interval = value.get<Interval>()) {
    return convert_interval(*interval, type.is(TypeKind::kInterval) ? *type.element : type, run);
  }
  if (const auto* tuple = value.get<Tuple>(); tuple && type.is(TypeKind::kTuple))
    return convert_tuple(*tuple, type, run);
  return convert_scalar(value, type, run);
}

Value fact_value(FactId id, const Vocabulary& vocabulary, const Facts& facts) {
  const FactState& state = facts[id];
  if (!state.known) return Value(Unknown{{id}});
  const FactDeclaration& declaration = vocabulary[id];
  if (const auto* choice = std::get_if<Choice>(&state.value)) return Value(declaration.values[choice->index]);
  if (const auto* set = std::get_if<ChoiceSet>(&state.value)) {
    List list;
    for (std::size_t i = 0; i < declaration.values.size(); ++i) {
      if ((set->bits >> i) & 1U) list.elements.emplace_back(declaration.values[i]);
    }
    return Value(std::move(list));
  }
  if (const auto* truth = std::get_if<bool>(&state.value)) return Value(*truth);
  if (const auto* integer = std::get_if<std::int64_t>(&state.value)) return Value(*integer);
  if (const auto* decimal = std::get_if<Decimal>(&state.value)) return Value(*decimal);
  if (const auto* quantity = std::get_if<Quantity>(&state.value)) return Value(*quantity);
  return Value(std::get<Date>(state.value));
}

Value evaluate(const Expression& node, Runtime& run) {
  switch (node.kind) {
    case Kind::kLiteral:
      if (run.trace && node.value.is_null() && run.null_reason.empty()) {
        run.null_reason = "`" + text_of(node) + "` is null as it is written";
      }
      return node.value;
    case Kind::kLocalDateTime: return local_date_time(node, run);
    case Kind::kFact: return fact(node, run);
    case Kind::kKnown: return Value(run.context.facts[node.fact].known);
    case Kind::kCall: return call(node, run);
    case Kind::kAnd:
    case Kind::kOr:
    case Kind::kImplies: return kleene(node, run);
    case Kind::kList: return list(node, run);
    case Kind::kTuple: return tuple(node, run);
    case Kind::kInterval: return interval(node, run);
    case Kind::kIf: return if_then_else(node, run);
    case Kind::kCase: return case_of(node, run);
    case Kind::kProperty: return property(node, run);
    case Kind::kConvert:
    case Kind::kAs:
    case Kind::kIs: return type_operator(node, run);
    case Kind::kDefine: return evaluate(*node.operands[0], run);
    case Kind::kQuery: return evaluate_query(node, run);
    case Kind::kAlias: return run.slots[node.slot];
  }
  return Value();
}

}  // namespace caveat
