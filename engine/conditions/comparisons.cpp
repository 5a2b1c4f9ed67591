#include "conditions/comparisons.hpp"

#include "conditions/value_functions.hpp"

#include <algorithm>
#include <array>

namespace caveat {
namespace {

using Kind = Expression::Kind;
using Op = FactComparison::Op;

struct NamedOp {
  std::string_view name;
  Op op;
  Op flipped;
};
constexpr std::array<NamedOp, 13> kOps = {{{"=", Op::kEqual, Op::kEqual},
                                           {"!=", Op::kNotEqual, Op::kNotEqual},
                                           {"<", Op::kLess, Op::kGreater},
                                           {"<=", Op::kLessOrEqual, Op::kGreaterOrEqual},
                                           {">", Op::kGreater, Op::kLess},
                                           {">=", Op::kGreaterOrEqual, Op::kLessOrEqual},
                                           {"before", Op::kLess, Op::kGreater},
                                           {"after", Op::kGreater, Op::kLess},
                                           {"same or before", Op::kLessOrEqual, Op::kGreaterOrEqual},
                                           {"same or after", Op::kGreaterOrEqual, Op::kLessOrEqual},
                                           {"same as", Op::kEqual, Op::kEqual},
                                           {"in", Op::kIn, Op::kContains},
                                           {"contains", Op::kContains, Op::kIn}}};

const NamedOp* find_op(std::string_view name) {
  const auto* found = std::find_if(kOps.begin(), kOps.end(), [&](const NamedOp& op) { return op.name == name; });
  return found == kOps.end() ? nullptr : found;
}

// ---- Declared values
// -------------------------------------------------------------------------------------------------

void check_value(const FactDeclaration& fact, const std::string& value, const Expression& at,
                 Diagnostics& diagnostics) {
  const bool declared = std::any_of(fact.values.begin(), fact.values.end(),
                                    [&](const std::string& candidate) { return candidate == value; });
  if (declared) return;
  std::string help = did_you_mean(value, fact.values);
  if (help.empty()) {
    help = "its values are";
    for (const auto& candidate : fact.values) help += " `" + candidate + "`";
  }
  diagnostics.error("unknown-value", place_of(at), "`" + value + "` is not a value of the fact `" + fact.name + "`",
                    std::move(help));
}

void check_literal_values(const FactDeclaration& fact, const Expression& node, Diagnostics& diagnostics) {
  const Expression& literal = without_defines(node);
  if (literal.kind == Kind::kList || (literal.kind == Kind::kLiteral && literal.value.is<List>())) {
    for (const auto& element : literal.operands) check_literal_values(fact, *element, diagnostics);
    return;
  }
  const Value* value = literal_of(literal);
  if (value && value->is<std::string>()) check_value(fact, *value->get<std::string>(), literal, diagnostics);
}

bool compares_members(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kNames = {"=",
                                                              "!=",
                                                              "~",
                                                              "!~",
                                                              "in",
                                                              "contains",
                                                              "includes",
                                                              "included in",
                                                              "properly includes",
                                                              "properly included in",
                                                              "union",
                                                              "intersect",
                                                              "except",
                                                              "IndexOf"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

void check_choice_literals(const Expression& node, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
  const bool call = node.kind == Kind::kCall && compares_members(node.signature->name);
  const bool switched = node.kind == Kind::kCase && node.has_comparand;
  if (!call && !switched) return;
  for (const auto& operand : node.operands) {
    const auto fact = bare_fact(*operand);
    if (!fact || vocabulary[*fact].values.empty()) continue;
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      if (node.operands[i] == operand || (switched && i % 2 == 0)) continue;
      check_literal_values(vocabulary[*fact], *node.operands[i], diagnostics);
    }
    if (switched) return;
  }
}

// ---- Declared ranges
// -------------------------------------------------------------------------------------------------

struct Range {
  std::optional<Value> low, high;
};

Range range_of(const FactDeclaration& fact) {
  Range range;
  if (fact.type == FactType::kDate) {
    if (fact.earliest) range.low = Value(*fact.earliest);
    if (fact.latest) range.high = Value(*fact.latest);
    return range;
  }
  const auto bound = [&fact](const Decimal& value) {
    return fact.type == FactType::kQuantity ? Value(Quantity{value, fact.unit}) : Value(value);
  };
  if (fact.min) range.low = bound(*fact.min);
  if (fact.max) range.high = bound(*fact.max);
  return range;
}

Value comparable_literal(const FactDeclaration& fact, const Value& literal) {
  if (fact.type == FactType::kDate || fact.type == FactType::kQuantity) return literal;
  if (const auto* integer = literal.get<std::int32_t>()) return Value(Decimal(*integer));
  if (const auto* wide = literal.get<std::int64_t>()) return Value(Decimal(*wide));
  return literal;
}

bool less(const std::optional<Value>& a, const Value& b) { return a && order(*a, b) == std::strong_ordering::less; }
bool greater(const std::optional<Value>& a, const Value& b) {
  return a && order(*a, b) == std::strong_ordering::greater;
}
bool same(const std::optional<Value>& a, const Value& b) { return a && order(*a, b) == std::strong_ordering::equal; }

// What the declared range alone says about a comparison.
std::optional<bool> decided(Op op, const Range& range, const Value& literal) {
  const bool all_below = less(range.high, literal);
  const bool all_above = greater(range.low, literal);
  switch (op) {
    case Op::kEqual: return all_below || all_above ? std::optional(false) : std::nullopt;
    case Op::kNotEqual: return all_below || all_above ? std::optional(true) : std::nullopt;
    case Op::kLess:
      if (all_below) return true;
      return all_above || same(range.low, literal) ? std::optional(false) : std::nullopt;
    case Op::kGreaterOrEqual: return inverse(decided(Op::kLess, range, literal));
    case Op::kGreater:
      if (all_above) return true;
      return all_below || same(range.high, literal) ? std::optional(false) : std::nullopt;
    case Op::kLessOrEqual: return inverse(decided(Op::kGreater, range, literal));
    default: return std::nullopt;
  }
}

std::optional<bool> decided_in(const FactDeclaration& fact, const Range& range, const Interval& interval) {
  const Type point = point_type(interval);
  const Value low = comparable_literal(fact, start_of(interval, point));
  const Value high = comparable_literal(fact, end_of(interval, point));
  const bool outside = (!low.is_null() && less(range.high, low)) || (!high.is_null() && greater(range.low, high));
  return outside ? std::optional(false) : std::nullopt;
}

void check_range(const Expression& node, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
  const auto comparison = fact_comparison(node);
  if (!comparison) return;
  const FactDeclaration& fact = vocabulary[comparison->fact];
  const Range range = range_of(fact);
  if (!range.low && !range.high) return;
  const auto* interval = comparison->literal->get<Interval>();
  const auto outcome = interval ? decided_in(fact, range, *interval)
                                : decided(comparison->op, range, comparable_literal(fact, *comparison->literal));
  if (!outcome) return;
  const std::string low = range.low ? " from " + to_literal(*range.low) : "";
  const std::string high = range.high ? " to " + to_literal(*range.high) : "";
  diagnostics.warning("constant-comparison", place_of(node),
                      "`" + text_of(node) + "` is always " + (*outcome ? "true" : "false") + ": `" + fact.name +
                          "` is declared" + low + high);
}

// ---- Always null
// -----------------------------------------------------------------------------------------------------

std::optional<std::string> static_unit(const Expression& node, const Vocabulary& vocabulary);

std::optional<std::string> literal_unit(const Value& value) {
  if (const auto* quantity = value.get<Quantity>()) return quantity->unit;
  if (const auto* interval = value.get<Interval>()) {
    const auto& bound = interval->low->is_null() ? *interval->high : *interval->low;
    return literal_unit(bound);
  }
  const auto* list = value.get<List>();
  if (!list || list->elements.empty()) return std::nullopt;
  const auto unit = literal_unit(list->elements.front());
  const bool uniform = std::all_of(list->elements.begin(), list->elements.end(),
                                   [&](const Value& element) { return literal_unit(element) == unit; });
  return uniform ? unit : std::nullopt;
}

std::optional<std::string> static_unit(const Expression& outer, const Vocabulary& vocabulary) {
  const Expression& node = without_defines(outer);
  if (node.kind == Kind::kLiteral) return literal_unit(node.value);
  if (node.kind == Kind::kFact && node.type.is(TypeKind::kQuantity)) return vocabulary[node.fact].unit;
  if (node.kind == Kind::kConvert && node.type.is(TypeKind::kQuantity)) return "1";
  if (node.kind != Kind::kCall) return std::nullopt;
  const auto name = node.signature->name;
  const bool keeps = name == "+" || name == "-" || name == "negate" || name == "positive" || name == "Abs";
  return keeps ? static_unit(*node.operands[0], vocabulary) : std::nullopt;
}

bool compares_amounts(std::string_view name) {
  static constexpr std::array<std::string_view, 13> kNames = {
      "=", "!=", "<", "<=", ">", ">=", "between", "properly between", "in", "contains", "+", "-", "same as"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool mixes_units(const Expression& node, const Vocabulary& vocabulary) {
  if (!compares_amounts(node.signature->name) || node.operands.size() < 2) return false;
  const bool amounts = std::all_of(node.operands.begin(), node.operands.end(), [](const ExpressionPtr& operand) {
    return operand->type.is(TypeKind::kQuantity) ||
           (operand->type.element && operand->type.element->is(TypeKind::kQuantity));
  });
  if (!amounts) return false;
  const auto first = static_unit(*node.operands[0], vocabulary);
  const auto second = static_unit(*node.operands[1], vocabulary);
  return first && second && !comparable(*first, *second);
}

// ---- Boundaries
// ------------------------------------------------------------------------------------------------------

void add_literal(const FactValue& value, FactBoundaries& boundaries) {
  const auto found = std::find(boundaries.literals.begin(), boundaries.literals.end(), value);
  if (found == boundaries.literals.end()) boundaries.literals.push_back(value);
}

void add_whole(Decimal value, FactBoundaries& boundaries) {
  for (const auto& rounded : {floor(value), ceiling(value)}) {
    const auto whole = rounded ? rounded->whole() : std::nullopt;
    if (whole) add_literal(FactValue(*whole), boundaries);
  }
}

bool add_boundary(const FactDeclaration& fact, const Value& literal, FactBoundaries& boundaries) {
  if (const auto* list = literal.get<List>()) {
    return std::all_of(list->elements.begin(), list->elements.end(),
                       [&](const Value& element) { return add_boundary(fact, element, boundaries); });
  }
  if (const auto* interval = literal.get<Interval>()) {
    return (interval->low->is_null() || add_boundary(fact, *interval->low, boundaries)) &&
           (interval->high->is_null() || add_boundary(fact, *interval->high, boundaries));
  }
  const Value value = comparable_literal(fact, literal);
  if (value.is<bool>()) return true;  // both values of a Boolean are tried anyway
  if (const auto* date = value.get<Date>()) return add_literal(FactValue(*date), boundaries), true;
  if (const auto* decimal = value.get<Decimal>()) {
    if (fact.type == FactType::kInteger) return add_whole(*decimal, boundaries), true;
    return add_literal(FactValue(*decimal), boundaries), true;
  }
  if (const auto* text = value.get<std::string>()) {
    const auto index = fact.value_index(*text);
    if (index && fact.type == FactType::kChoice) add_literal(FactValue(Choice{*index}), boundaries);
    if (index && fact.type == FactType::kChoices)
      add_literal(FactValue(ChoiceSet{std::uint64_t{1} << *index}), boundaries);
    return index.has_value();
  }
  const auto* quantity = value.get<Quantity>();
  const auto amount = quantity ? convert(quantity->value, quantity->unit, fact.unit) : std::nullopt;
  if (amount) add_literal(FactValue(Quantity{*amount, fact.unit}), boundaries);
  return amount.has_value();
}

}  // namespace

const Expression& without_defines(const Expression& node) {
  const Expression* at = &node;
  while (at->kind == Kind::kDefine) at = at->operands[0].get();
  return *at;
}

const Value* literal_of(const Expression& node) {
  const Expression& bare = without_defines(node);
  return bare.kind == Kind::kLiteral ? &bare.value : nullptr;
}

std::optional<FactId> bare_fact(const Expression& node) {
  const Expression* at = &node;
  while (at->kind == Kind::kDefine || at->kind == Kind::kConvert) at = at->operands[0].get();
  return at->kind == Kind::kFact ? std::optional(at->fact) : std::nullopt;
}

std::optional<FactComparison> fact_comparison(const Expression& node) {
  if (node.kind != Kind::kCall || node.operands.size() != 2 || node.precision) return std::nullopt;
  const NamedOp* named = find_op(node.signature->name);
  if (!named) return std::nullopt;
  for (const std::size_t left : {std::size_t{0}, std::size_t{1}}) {
    const auto fact = bare_fact(*node.operands[left]);
    const Expression& other = *node.operands[1 - left];
    const Value* literal = literal_of(other);
    if (!fact || !literal || literal->is_null()) continue;
    FactComparison comparison{*fact, left == 0 ? named->op : named->flipped, literal, &without_defines(other), false};
    comparison.converted = without_defines(*node.operands[left]).kind == Kind::kConvert;
    return comparison;
  }
  return std::nullopt;
}

const Expression* always_null(const Expression& node, const Vocabulary& vocabulary) {
  const Expression& bare = without_defines(node);
  if (bare.kind == Kind::kLiteral) return bare.value.is_null() ? &bare : nullptr;
  const bool passes_null = bare.kind == Kind::kConvert || bare.kind == Kind::kAs || bare.kind == Kind::kProperty ||
                           (bare.kind == Kind::kCall && !bare.signature->has(kSeesNull));
  if (bare.kind == Kind::kCall && mixes_units(bare, vocabulary)) return &bare;
  if (!passes_null) return nullptr;
  for (const auto& operand : bare.operands) {
    if (const Expression* cause = always_null(*operand, vocabulary)) return cause;
  }
  return nullptr;
}

void check_fact_comparisons(const Expression& node, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
  if (node.kind == Kind::kDefine) return;  // checked where it is defined
  check_choice_literals(node, vocabulary, diagnostics);
  check_range(node, vocabulary, diagnostics);
  for (const auto& operand : node.operands) check_fact_comparisons(*operand, vocabulary, diagnostics);
  if (!node.query) return;
  for (const auto& part : query_parts(*node.query)) check_fact_comparisons(*part, vocabulary, diagnostics);
}

void collect_boundaries(const Expression& outer, FactId fact, const Vocabulary& vocabulary,
                        FactBoundaries& boundaries) {
  const Expression& node = without_defines(outer);
  if (const auto comparison = fact_comparison(node); comparison && comparison->fact == fact) {
    if (!add_boundary(vocabulary[fact], *comparison->literal, boundaries)) boundaries.exact = false;
    return;
  }
  const bool boolean = node.kind == Kind::kFact && vocabulary[fact].type == FactType::kBoolean;
  if ((node.kind == Kind::kFact || node.kind == Kind::kKnown) && node.fact == fact && !boolean)
    boundaries.exact = false;
  for (const auto& operand : node.operands) collect_boundaries(*operand, fact, vocabulary, boundaries);
  if (!node.query) return;
  for (const auto& part : query_parts(*node.query)) collect_boundaries(*part, fact, vocabulary, boundaries);
}

}  // namespace caveat
