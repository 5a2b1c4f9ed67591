// Overloads: which row of the signature table a call means.
#include "conditions/checker_state.hpp"
#include "conditions/comparisons.hpp"

#include <algorithm>
#include <array>

namespace caveat {
namespace {

using Bindings = std::array<std::optional<Type>, 26>;

std::optional<Type>& slot(Bindings& bindings, char variable) {
  return bindings[static_cast<std::size_t>(variable - 'A')];
}

bool allowed(char variable, const Type& type) {
  if (type.is(TypeKind::kNull) || type.is(TypeKind::kError)) return true;
  if (variable == 'O') return is_ordered(type);
  if (variable == 'P') return is_point(type);
  if (variable == 'D') return is_temporal(type);
  return true;
}

// First pass: what each variable must be able to hold.
bool bind(const Type& pattern, const Type& operand, Bindings& bindings) {
  if (pattern.is(TypeKind::kVariable)) {
    auto& bound = slot(bindings, pattern.variable);
    auto shared = bound ? common_type(*bound, operand) : std::optional(operand);
    if (!shared || !allowed(pattern.variable, *shared)) return false;
    bound = *std::move(shared);
    return true;
  }
  if (!pattern.element) return true;
  if (operand.is(TypeKind::kNull) || operand.is(TypeKind::kError)) return true;
  return operand.kind == pattern.kind && operand.element && bind(*pattern.element, *operand.element, bindings);
}

Type substitute(const Type& pattern, Bindings& bindings) {
  if (pattern.is(TypeKind::kVariable)) return slot(bindings, pattern.variable).value_or(TypeKind::kNull);
  if (pattern.is(TypeKind::kList)) return list_of(substitute(*pattern.element, bindings));
  if (pattern.is(TypeKind::kInterval)) return interval_of(substitute(*pattern.element, bindings));
  return pattern;
}

bool right_count(const Signature& signature, std::size_t operands) {
  if (signature.variadic) return operands >= 2;
  return operands == signature.parameters.size();
}

std::optional<Match> fit(const Signature& signature, const std::vector<Type>& operands) {
  if (!right_count(signature, operands.size())) return std::nullopt;
  const auto pattern = [&](std::size_t i) -> const Type& {
    return signature.parameters[std::min(i, signature.parameters.size() - 1)];
  };
  Bindings bindings;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (!bind(pattern(i), operands[i], bindings)) return std::nullopt;
  }
  Match match{&signature, {}, {}, 0};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    match.parameters.push_back(substitute(pattern(i), bindings));
    const auto cost = conversion_cost(operands[i], match.parameters.back());
    if (!cost) return std::nullopt;
    match.cost += *cost;
  }
  match.result = substitute(signature.result, bindings);
  return match;
}

std::string types_of(const std::vector<ExpressionPtr>& operands) {
  std::string text;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == operands.size() ? " and " : ", ") + to_string(operands[i]->type);
  }
  return text;
}

bool any_error(const std::vector<ExpressionPtr>& operands) {
  return std::any_of(operands.begin(), operands.end(),
                     [](const ExpressionPtr& operand) { return operand->type.is(TypeKind::kError); });
}

// Integer powers with a negative exponent are fractions: they are taken as decimals.
bool has_negative_exponent(std::string_view name, const std::vector<ExpressionPtr>& operands) {
  if ((name != "^" && name != "Power") || operands.size() != 2) return false;
  const Value* exponent = literal_of(*operands[1]);
  if (!exponent) return false;
  if (const auto* integer = exponent->get<std::int32_t>()) return *integer < 0;
  const auto* wide = exponent->get<std::int64_t>();
  return wide && *wide < 0;
}

}  // namespace

std::optional<Match> match_signature(std::string_view name, const std::vector<Type>& operands) {
  std::optional<Match> best;
  for (const Signature* signature : signatures_named(name)) {
    auto match = fit(*signature, operands);
    if (match && (!best || match->cost < best->cost)) best = std::move(match);
  }
  return best;
}

ExpressionPtr Checker::resolve(const Syntax& node, std::string_view name, std::vector<ExpressionPtr> operands) {
  if (any_error(operands)) return wrong();
  std::vector<Type> types;
  for (const auto& operand : operands) types.push_back(operand->type);
  if (has_negative_exponent(name, operands) && conversion_cost(types[0], TypeKind::kDecimal)) {
    types.assign(2, TypeKind::kDecimal);
  }
  const auto match = match_signature(name, types);
  if (!match) return no_overload(node, name, operands);
  const bool temporal = std::any_of(match->parameters.begin(), match->parameters.end(), [](const Type& type) {
    return is_temporal(type) || type.is(TypeKind::kNull) || (type.element && is_temporal(*type.element)) ||
           (type.element && type.element->is(TypeKind::kNull));
  });
  if (node.precision && (!match->signature->has(kPrecision) || !temporal)) {
    return error(node.name_at, "type-error",
                 "a precision such as `" + std::string(to_string(*node.precision)) +
                     "` applies to dates and times only, not to " + types_of(operands));
  }
  Made made = make(node, Expression::Kind::kCall, match->result);
  made->signature = match->signature;
  made->precision = node.precision;
  made->offset = node.offset;
  for (std::size_t i = 0; i < operands.size(); ++i)
    made->operands.push_back(convert(operands[i], match->parameters[i]));
  return finish(std::move(made));
}

ExpressionPtr Checker::no_overload(const Syntax& node, std::string_view name,
                                   const std::vector<ExpressionPtr>& operands) {
  const auto rows = signatures_named(name);
  const bool count_known =
      std::any_of(rows.begin(), rows.end(), [&](const Signature* row) { return right_count(*row, operands.size()); });
  if (!count_known) {
    return error(node.name_at, "type-error",
                 "`" + readable_name(name) + "` does not take " + std::to_string(operands.size()) +
                     (operands.size() == 1 ? " operand" : " operands"));
  }
  std::string help = "it takes ";
  std::size_t shown = 0;
  for (const Signature* row : rows) {
    if (!right_count(*row, operands.size()) || shown == 4) continue;
    const std::string_view spec = row->spec.substr(0, row->spec.find(" ->"));
    help += (shown++ == 0 ? "" : "; ") + std::string(spec);
  }
  return error(node.name_at, "type-error", "`" + readable_name(name) + "` cannot be applied to " + types_of(operands),
               std::move(help));
}

ExpressionPtr Checker::unknown_function(const Syntax& node) {
  auto names = function_names();
  for (const auto* own : {"Known", "AgeInYears", "AgeInMonths", "AgeInWeeks", "AgeInDays", "AgeInYearsAt"}) {
    names.emplace_back(own);
  }
  return error(node.begin, "unknown-function", "the function `" + node.name + "` is unknown",
               did_you_mean(node.name, names));
}

ExpressionPtr Checker::known(const Syntax& node) {
  const bool one_name = node.operands.size() == 1 && node.operands[0]->kind == Syntax::Kind::kName;
  const auto id = one_name ? inputs_.vocabulary.find(node.operands[0]->name) : std::nullopt;
  if (!id) {
    return error(node.begin, "type-error", "`Known` takes the name of one fact",
                 one_name ? did_you_mean(node.operands[0]->name, inputs_.vocabulary.names()) : "");
  }
  Made made = make(node, Expression::Kind::kKnown, TypeKind::kBoolean);
  made->fact = *id;
  return finish(std::move(made));
}

// AgeInYears() is `years between birth_date and Today()`; AgeInYearsAt(d) takes another day.
ExpressionPtr Checker::age(const Syntax& node) {
  std::string_view rest = std::string_view(node.name).substr(std::string_view("AgeIn").size());
  const bool at = rest.ends_with("At");
  if (at) rest.remove_suffix(2);
  std::string unit(rest);
  if (!unit.empty() && unit[0] >= 'A' && unit[0] <= 'Z') unit[0] = static_cast<char>(unit[0] - 'A' + 'a');
  auto precision = calendar_unit(unit);
  if (precision && *precision > Precision::kDay) precision.reset();  // a date has no hours
  if (!precision || node.operands.size() != (at ? 1U : 0U)) {
    if (!precision) return unknown_function(node);
    return error(node.begin, "type-error", "`" + node.name + "` takes " + (at ? "one operand" : "no operand"));
  }
  const auto id = inputs_.vocabulary.find("birth_date");
  if (!id || inputs_.vocabulary[*id].type != FactType::kDate) {
    return error(node.begin, "unknown-fact", "`" + node.name + "` needs a fact `birth_date` of type date",
                 "declare `[fact.birth_date]` with `type = \"date\"`");
  }
  std::vector<ExpressionPtr> operands;
  operands.push_back(fact(node, *id));
  operands.push_back(at ? check(*node.operands[0]) : resolve(node, "Today", {}));
  Syntax between;
  between.kind = Syntax::Kind::kCall;
  between.begin = node.begin;
  between.end = node.end;
  between.name_at = node.begin;
  between.precision = precision;
  return resolve(between, "duration between", std::move(operands));
}

ExpressionPtr Checker::call(const Syntax& node) {
  const auto& name = node.name;
  if (!node.is_function) {
    if (name == "and" || name == "or" || name == "implies") return logical(node);
  } else {
    if (name == "Known") return known(node);
    if (name.starts_with("AgeIn")) return age(node);
    const bool public_name = name[0] >= 'A' && name[0] <= 'Z' && !signatures_named(name).empty();
    if (!public_name) return unknown_function(node);
  }
  std::vector<ExpressionPtr> operands;
  for (const auto& operand : node.operands) operands.push_back(check(*operand));
  return resolve(node, name, std::move(operands));
}

}  // namespace caveat
