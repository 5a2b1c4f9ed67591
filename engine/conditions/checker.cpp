#include "conditions/checker.hpp"

#include "conditions/checker_state.hpp"
#include "conditions/interpreter.hpp"
#include "conditions/limits.hpp"
#include "conditions/value_functions.hpp"

#include <algorithm>
#include <limits>

namespace caveat {
namespace {

using Kind = Expression::Kind;

bool can_raise(const Expression& node) {
  if (node.kind == Kind::kCall) return node.signature->has(kRaises);
  return node.kind == Kind::kInterval || node.kind == Kind::kQuery || (node.kind == Kind::kAs && node.strict);
}

// Uncertain whole numbers may raise in operators that need a certain one.
bool may_be_uncertain(const Expression& node) {
  if (node.kind != Kind::kCall) return false;
  const auto name = node.signature->name;
  return name == "duration between" || name == "difference between" || name == "duration of" || name == "difference of";
}

// A time that every constant is folded at: no constant depends on it.
const DateTime& any_time() {
  static const DateTime time{};
  return time;
}

ExpressionPtr fold(const std::shared_ptr<Expression>& node, const Vocabulary& vocabulary) {
  const bool constant = !node->reads_facts && !node->reads_clock && !node->reads_alias;
  if (!constant || node->kind == Kind::kLiteral || node->kind == Kind::kDefine) return node;
  const Facts none;
  const EvaluationContext context{none, any_time()};
  Runtime run(context, vocabulary);
  Value value = evaluate(*node, run);
  if (run.raised() || (value.is<Interval>() && !node->type.is(TypeKind::kInterval))) return node;
  if (value.is_null() && is_decimal_arithmetic(*node)) return node;  // a part of a larger sum may exceed the range
  auto folded = std::make_shared<Expression>();
  folded->kind = Kind::kLiteral;
  folded->type = node->type;
  folded->value = std::move(value);
  if (node->kind == Kind::kList) folded->operands = node->operands;  // kept for the elements' places
  folded->source = node->source;
  folded->begin = node->begin;
  folded->end = node->end;
  folded->name_at = node->name_at;
  folded->parenthesized = node->parenthesized;
  return folded;
}

}  // namespace

Type type_of_fact(const FactDeclaration& declaration) {
  switch (declaration.type) {
    case FactType::kBoolean: return TypeKind::kBoolean;
    case FactType::kInteger: return TypeKind::kInteger;
    case FactType::kDecimal: return TypeKind::kDecimal;
    case FactType::kQuantity: return TypeKind::kQuantity;
    case FactType::kChoice: return TypeKind::kString;
    case FactType::kChoices: return list_of(TypeKind::kString);
    case FactType::kDate: return TypeKind::kDate;
  }
  return {};
}

Checker::Made Checker::make(const Syntax& node, Kind kind, Type type) {
  auto made = std::make_shared<Expression>();
  made->kind = kind;
  made->type = std::move(type);
  made->source = &source_;
  made->begin = node.begin;
  made->end = node.end;
  made->name_at = node.name_at;
  made->parenthesized = node.parenthesized;
  return made;
}

ExpressionPtr Checker::finish(Made made) {
  const auto take = [&made](const Expression& part) {
    made->reads_facts = made->reads_facts || part.reads_facts;
    made->reads_clock = made->reads_clock || part.reads_clock;
    made->reads_alias = made->reads_alias || part.reads_alias;
    made->may_raise = made->may_raise || part.may_raise;
    made->size += part.size;
  };
  for (const auto& operand : made->operands) take(*operand);
  if (made->query) {
    for (const auto& part : query_parts(*made->query)) take(*part);
  }
  made->reads_facts = made->reads_facts || made->kind == Kind::kFact || made->kind == Kind::kKnown;
  made->reads_alias = made->reads_alias || made->kind == Kind::kAlias;
  made->reads_clock = made->reads_clock || made->kind == Kind::kLocalDateTime ||
                      (made->kind == Kind::kCall && made->signature->has(kClock)) ||
                      (made->kind == Kind::kConvert && made->type.is(TypeKind::kDateTime));
  made->may_raise = made->may_raise || can_raise(*made) || may_be_uncertain(*made);
  if (made->size > kTypedNodesMax) {
    return error(made->begin, "too-large", "the expression and its defines have more than 100000 parts");
  }
  return fold(made, inputs_.vocabulary);
}

ExpressionPtr Checker::error(std::size_t at, std::string_view code, std::string message, std::string help) {
  failed_ = true;
  inputs_.diagnostics.error(code, source_.place ? source_.place(at) : Place{}, std::move(message), std::move(help));
  return wrong();
}

ExpressionPtr Checker::check(const Syntax& node) {
  switch (node.kind) {
    case Syntax::Kind::kLiteral: return literal(node);
    case Syntax::Kind::kName: return name(node);
    case Syntax::Kind::kCall: return call(node);
    case Syntax::Kind::kList: return list(node);
    case Syntax::Kind::kTuple: return tuple(node);
    case Syntax::Kind::kInterval: return interval(node);
    case Syntax::Kind::kIf: return if_term(node);
    case Syntax::Kind::kCase: return case_term(node);
    case Syntax::Kind::kProperty: return property(node);
    case Syntax::Kind::kTypeOperator: return type_operator(node);
    case Syntax::Kind::kQuery: return query(node);
  }
  return wrong();
}

ExpressionPtr Checker::literal(const Syntax& node) {
  Made made = make(node, node.local_offset ? Kind::kLocalDateTime : Kind::kLiteral, node.type);
  made->value = node.value;
  return finish(std::move(made));
}

// ---- Names
// -----------------------------------------------------------------------------------------------------------

ExpressionPtr Checker::fact(const Syntax& node, FactId id) {
  const FactDeclaration& declaration = inputs_.vocabulary[id];
  Made made = make(node, Kind::kFact, type_of_fact(declaration));
  made->fact = id;
  const Decimal low(std::numeric_limits<std::int32_t>::min());
  const Decimal high(std::numeric_limits<std::int32_t>::max());
  const bool bounded = declaration.min && declaration.max && *declaration.min >= low && *declaration.max <= high;
  made->may_raise = declaration.type == FactType::kInteger && !bounded;
  return finish(std::move(made));
}

ExpressionPtr Checker::name(const Syntax& node) {
  for (auto alias = aliases_.rbegin(); alias != aliases_.rend(); ++alias) {
    if (alias->name != node.name) continue;
    Made made = make(node, Kind::kAlias, alias->type);
    made->slot = alias->slot;
    return finish(std::move(made));
  }
  if (ExpressionPtr field = sorted_field(node)) return field;
  if (const auto id = inputs_.vocabulary.find(node.name)) return fact(node, *id);
  if (const auto define = inputs_.define(node.name, node.begin)) {
    if (!*define) {
      failed_ = true;
      return wrong();
    }
    Made made = make(node, Kind::kDefine, (*define)->type);
    made->name = node.name;
    made->operands.push_back(*define);
    return finish(std::move(made));
  }
  auto names = inputs_.vocabulary.names();
  names.insert(names.end(), inputs_.define_names.begin(), inputs_.define_names.end());
  return error(node.begin, "unknown-name", "`" + node.name + "` is neither a fact nor a define",
               did_you_mean(node.name, names));
}

// ---- Logic and structure
// ---------------------------------------------------------------------------------------------

ExpressionPtr Checker::boolean(const Syntax& node, std::string_view what) {
  ExpressionPtr checked = check(node);
  if (checked->type.is(TypeKind::kError)) return checked;
  if (!checked->type.is(TypeKind::kNull) && !checked->type.is(TypeKind::kBoolean)) {
    return error(
        node.begin, "type-error",
        std::string(what) + " must be Boolean, and `" + text_of(*checked) + "` is " + to_string(checked->type));
  }
  return convert(checked, TypeKind::kBoolean);
}

ExpressionPtr Checker::logical(const Syntax& node) {
  const Kind kind = node.name == "and" ? Kind::kAnd : node.name == "or" ? Kind::kOr : Kind::kImplies;
  Made made = make(node, kind, TypeKind::kBoolean);
  bool wrong_operand = false;
  for (const auto& operand : node.operands) {
    made->operands.push_back(boolean(*operand, "an operand of `" + node.name + "`"));
    wrong_operand = wrong_operand || made->operands.back()->type.is(TypeKind::kError);
  }
  if (wrong_operand) return wrong();
  return finish(std::move(made));
}

std::optional<Type> Checker::shared_type(const std::vector<ExpressionPtr>& parts) {
  std::optional<Type> shared = Type(TypeKind::kNull);
  for (const auto& part : parts) {
    if (shared) shared = common_type(*shared, part->type);
  }
  return shared;
}

ExpressionPtr Checker::convert(const ExpressionPtr& from, const Type& to) {
  if (from->type == to || from->type.is(TypeKind::kError) || to.is(TypeKind::kError)) return from;
  auto made = std::make_shared<Expression>();
  made->kind = Kind::kConvert;
  made->type = to;
  made->operands.push_back(from);
  made->source = from->source;
  made->begin = from->begin;
  made->end = from->end;
  made->name_at = from->name_at;
  made->parenthesized = from->parenthesized;
  return finish(std::move(made));
}

ExpressionPtr Checker::list(const Syntax& node) {
  std::vector<ExpressionPtr> elements;
  for (const auto& element : node.operands) elements.push_back(check(*element));
  const bool typed = !node.type.is(TypeKind::kError);
  const Type element = typed ? node.type : shared_type(elements).value_or(TypeKind::kAny);
  Made made = make(node, Kind::kList, list_of(element));
  for (const auto& value : elements) {
    if (value->type.is(TypeKind::kError)) return wrong();
    if (!conversion_cost(value->type, element)) {
      return error(
          value->begin, "type-error",
          "the list holds " + to_string(element) + ", and `" + text_of(*value) + "` is " + to_string(value->type));
    }
    made->operands.push_back(convert(value, element));
  }
  return finish(std::move(made));
}

ExpressionPtr Checker::tuple(const Syntax& node) {
  TypeFields fields;
  Made made = make(node, Kind::kTuple, {});
  made->keys = node.keys;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    made->operands.push_back(check(*node.operands[i]));
    if (made->operands.back()->type.is(TypeKind::kError)) return wrong();
    fields.emplace_back(node.keys[i], made->operands.back()->type);
  }
  made->type = tuple_of(std::move(fields));
  return finish(std::move(made));
}

ExpressionPtr Checker::interval(const Syntax& node) {
  std::vector<ExpressionPtr> bounds;
  for (const auto& bound : node.operands) bounds.push_back(check(*bound));
  for (const auto& bound : bounds) {
    if (bound->type.is(TypeKind::kError)) return wrong();
  }
  const auto point = shared_type(bounds);
  if (!point || (!is_point(*point) && !point->is(TypeKind::kNull))) {
    return error(node.begin, "type-error",
                 "an interval cannot reach from " + to_string(bounds[0]->type) + " to " + to_string(bounds[1]->type));
  }
  Made made = make(node, Kind::kInterval, interval_of(*point));
  made->low_closed = node.low_closed;
  made->high_closed = node.high_closed;
  for (const auto& bound : bounds) made->operands.push_back(convert(bound, *point));
  return finish(std::move(made));
}

ExpressionPtr Checker::if_term(const Syntax& node) {
  ExpressionPtr condition = boolean(*node.operands[0], "the condition of `if`");
  std::vector<ExpressionPtr> branches = {check(*node.operands[1]), check(*node.operands[2])};
  if (condition->type.is(TypeKind::kError)) return wrong();
  for (const auto& branch : branches) {
    if (branch->type.is(TypeKind::kError)) return wrong();
  }
  const Type type = shared_type(branches).value_or(TypeKind::kAny);
  Made made = make(node, Kind::kIf, type);
  made->operands.push_back(std::move(condition));
  for (const auto& branch : branches) made->operands.push_back(convert(branch, type));
  return finish(std::move(made));
}

ExpressionPtr Checker::case_term(const Syntax& node) {
  const std::size_t first = node.has_comparand ? 1 : 0;
  std::vector<ExpressionPtr> tests, results;
  if (node.has_comparand) tests.push_back(check(*node.operands[0]));
  for (std::size_t i = first; i + 1 < node.operands.size(); i += 2) {
    tests.push_back(node.has_comparand ? check(*node.operands[i])
                                       : boolean(*node.operands[i], "a condition of `case`"));
    results.push_back(check(*node.operands[i + 1]));
  }
  results.push_back(check(*node.operands.back()));
  for (const auto* parts : {&tests, &results}) {
    for (const auto& part : *parts) {
      if (part->type.is(TypeKind::kError)) return wrong();
    }
  }
  const auto compared = shared_type(tests);
  if (!compared) return error(node.begin, "type-error", "the values that `case` compares are of different types");
  const Type type = shared_type(results).value_or(TypeKind::kAny);
  Made made = make(node, Kind::kCase, type);
  made->has_comparand = node.has_comparand;
  if (node.has_comparand) made->operands.push_back(convert(tests[0], *compared));
  for (std::size_t i = 0; i + 1 < results.size(); ++i) {
    made->operands.push_back(convert(tests[i + first], *compared));
    made->operands.push_back(convert(results[i], type));
  }
  made->operands.push_back(convert(results.back(), type));
  return finish(std::move(made));
}

ExpressionPtr Checker::property(const Syntax& node) {
  ExpressionPtr base = check(*node.operands[0]);
  if (base->type.is(TypeKind::kError)) return base;
  if (base->type.is(TypeKind::kInterval) && (node.name == "low" || node.name == "high")) {
    return resolve(node, "$" + node.name, {base});
  }
  if (base->type.is(TypeKind::kQuantity) && (node.name == "value" || node.name == "unit")) {
    return resolve(node, "$" + node.name, {base});
  }
  if (!base->type.is(TypeKind::kTuple)) {
    return error(node.name_at, "type-error", to_string(base->type) + " has no element `" + node.name + "`");
  }
  std::vector<std::string> names;
  for (const auto& [key, type] : *base->type.fields) {
    names.push_back(key);
    if (key != node.name) continue;
    Made made = make(node, Kind::kProperty, type);
    made->name = node.name;
    made->operands.push_back(base);
    return finish(std::move(made));
  }
  return error(node.name_at, "unknown-name", "the tuple has no element `" + node.name + "`",
               did_you_mean(node.name, names));
}

ExpressionPtr Checker::extent(const Syntax& node) {
  const Value value = node.name == "minimum" ? minimum_of(node.type) : maximum_of(node.type);
  if (value.is_null()) {
    return error(node.begin, "type-error", to_string(node.type) + " has no " + node.name);
  }
  Made made = make(node, Kind::kLiteral, node.type);
  made->value = value;
  return finish(std::move(made));
}

ExpressionPtr Checker::type_operator(const Syntax& node) {
  if (node.name == "minimum" || node.name == "maximum") return extent(node);
  ExpressionPtr operand = check(*node.operands[0]);
  if (operand->type.is(TypeKind::kError)) return operand;
  if (node.name == "convert") {
    if (operand->type == node.type) return operand;
    return resolve(node, "To" + to_string(node.type), {operand});
  }
  if (node.name == "is") {
    Made made = make(node, Kind::kIs, TypeKind::kBoolean);
    made->tested = node.type;
    made->operands.push_back(operand);
    return finish(std::move(made));
  }
  const bool possible = conversion_cost(operand->type, node.type) || conversion_cost(node.type, operand->type) ||
                        operand->type.is(TypeKind::kAny) ||
                        (operand->type.is(TypeKind::kList) && operand->type.element->is(TypeKind::kAny));
  if (!possible) {
    return error(
        node.name_at, "type-error",
        "`" + text_of(*operand) + "` is " + to_string(operand->type) + ", which is never " + to_string(node.type));
  }
  if (operand->type.is(TypeKind::kNull)) return convert(operand, node.type);
  Made made = make(node, Kind::kAs, node.type);
  made->strict = node.name == "cast";
  made->operands.push_back(operand);
  return finish(std::move(made));
}

ExpressionPtr check(const Syntax& tree, const ExpressionSource& source, const CheckerInputs& inputs) {
  Checker checker(source, inputs);
  ExpressionPtr made = checker.check(tree);
  if (checker.failed() || made->type.is(TypeKind::kError)) return nullptr;
  return made;
}

ExpressionPtr check_boolean(ExpressionPtr tree, Diagnostics& diagnostics) {
  if (!tree || tree->type.is(TypeKind::kBoolean)) return tree;
  if (tree->type.is(TypeKind::kNull)) {
    auto converted = std::make_shared<Expression>(*tree);
    converted->type = TypeKind::kBoolean;
    return converted;
  }
  diagnostics.error("type-error", place_of(*tree),
                    "a condition must be Boolean, and `" + text_of(*tree) + "` is " + to_string(tree->type));
  return nullptr;
}

}  // namespace caveat
