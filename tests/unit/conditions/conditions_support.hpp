// A small vocabulary, profiles for it, and one-line compiling: what the tests of this room share.
#pragma once

#include "conditions/checker.hpp"
#include "conditions/interpreter.hpp"
#include "conditions/parser.hpp"
#include "conditions/program.hpp"

#include <deque>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace caveat::test {

inline FactDeclaration declaration(std::string name, FactType type) {
  FactDeclaration fact;
  fact.name = std::move(name);
  fact.type = type;
  return fact;
}

inline const Vocabulary& vocabulary() {
  static const Vocabulary made = [] {
    Vocabulary facts;
    Diagnostics diagnostics;
    for (const auto* name : {"a", "b", "c", "pregnant", "breastfeeding"}) {
      facts.declare(declaration(name, FactType::kBoolean), diagnostics);
    }
    auto age = declaration("age", FactType::kInteger);
    age.min = Decimal(0);
    age.max = Decimal(130);
    facts.declare(age, diagnostics);
    facts.declare(declaration("count", FactType::kInteger), diagnostics);
    facts.declare(declaration("score", FactType::kDecimal), diagnostics);
    auto weight = declaration("weight", FactType::kQuantity);
    weight.unit = "kg";
    facts.declare(weight, diagnostics);
    auto skin = declaration("skin_type", FactType::kChoice);
    skin.values = {"I", "II", "III", "IV", "V", "VI"};
    facts.declare(skin, diagnostics);
    auto concerns = declaration("concerns", FactType::kChoices);
    concerns.values = {"dullness", "fine-lines", "marks"};
    facts.declare(concerns, diagnostics);
    facts.declare(declaration("birth_date", FactType::kDate), diagnostics);
    facts.declare(declaration("last_dose", FactType::kDate), diagnostics);
    return facts;
  }();
  return made;
}

inline const DateTime& evaluated_at() {
  static const DateTime at = *parse_rfc3339("2026-11-22T10:00:00Z");
  return at;
}

inline FactId id(std::string_view name) { return *vocabulary().find(name); }

inline Facts facts(const std::map<std::string, FactValue>& values) {
  Facts made(vocabulary().size());
  for (const auto& [name, value] : values) {
    made[id(name)].known = true;
    made[id(name)].value = value;
  }
  return made;
}

inline ExpressionSource source(std::string text) {
  return {std::move(text),
          [](std::size_t offset) { return Place{"test.toml", 1, static_cast<std::uint32_t>(offset + 1)}; }};
}

inline Result<Value> eval(const std::string& text, const Facts& known) {
  return evaluate_expression(source(text), vocabulary(), EvaluationContext{known, evaluated_at()});
}

/// The value as a literal; `unknown: a, b` with the facts that it came from; `error: message`.
inline std::string shown(const std::string& text, const Facts& known) {
  const auto result = eval(text, known);
  if (!result) return "error: " + result.error().diagnostics.front().message;
  const auto* unknown = result->get<Unknown>();
  if (!unknown) return to_literal(*result);
  std::string names;
  for (const FactId fact : unknown->facts) names += (names.empty() ? "" : ", ") + vocabulary()[fact].name;
  return "unknown: " + names;
}

/// The typed tree of an expression that must be right. The source lives as long as the tests.
inline ExpressionPtr typed(const std::string& text) {
  static std::deque<ExpressionSource> sources;
  sources.push_back(source(text));
  Diagnostics diagnostics;
  const std::vector<std::string> no_defines;
  const CheckerInputs inputs{vocabulary(), diagnostics,
                             [](const std::string&, std::size_t) { return std::optional<ExpressionPtr>(); },
                             no_defines};
  const Parsed parsed = parse_expression(sources.back().text);
  ExpressionPtr tree = parsed.tree ? check(*parsed.tree, sources.back(), inputs) : nullptr;
  if (!tree) {
    const std::string why = parsed.error ? parsed.error->message : diagnostics.all().front().message;
    throw std::runtime_error(text + ": " + why);
  }
  return tree;
}

}  // namespace caveat::test
