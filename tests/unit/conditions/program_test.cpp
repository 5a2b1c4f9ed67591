#include "conditions_support.hpp"

#include "support/catch.hpp"

using namespace caveat::test;
namespace caveat {
namespace {

/// Builds a program from defines and conditions, and keeps what was said about them.
struct Built {
  Diagnostics diagnostics;
  std::vector<std::optional<ConditionId>> ids;
  std::optional<Program> program;

  explicit Built(const std::vector<std::string>& conditions,
                 const std::vector<std::pair<std::string, std::string>>& defines = {}, bool allow_known = true) {
    ProgramBuilder builder(vocabulary(), diagnostics);
    for (const auto& [name, text] : defines) builder.define(name, source(text), Place{"test.toml", 9, 1}, true);
    for (const auto& text : conditions) {
      ids.push_back(builder.condition(source(text), ProgramBuilder::ConditionOptions{allow_known}));
    }
    program = builder.finish();
  }

  [[nodiscard]] std::vector<AtomValue> evaluate(const Facts& known) const {
    std::vector<AtomValue> values(program->atoms().size());
    program->evaluate_all(EvaluationContext{known, evaluated_at()}, values);
    return values;
  }

  [[nodiscard]] Tri truth(const Facts& known, std::size_t condition = 0) const {
    return program->truth(program->root(*ids[condition]), evaluate(known));
  }

  [[nodiscard]] std::string codes() const {
    std::string all;
    for (const auto& diagnostic : diagnostics.all()) all += (all.empty() ? "" : " ") + diagnostic.code;
    return all;
  }

  [[nodiscard]] const Diagnostic& first() const { return diagnostics.all().front(); }
};

AtomValue::Kind kind_of(const std::string& text, const Facts& known) {
  const Built built({text});
  return built.evaluate(known).at(0).kind;
}

}  // namespace

TEST_CASE("conditions.program: a condition is a tree over shared atoms") {
  const Built built({"pregnant or breastfeeding or age < 18", "age  <  18 and not pregnant"});
  REQUIRE(built.codes().empty());
  const Program& program = *built.program;
  CHECK(program.atoms().size() == 3);
  CHECK(program.condition_count() == 2);
  const Node& root = program.node(program.root(0));
  CHECK(root.op == Node::Op::kOr);
  REQUIRE(root.children.size() == 3);
  CHECK(root.text == "pregnant or breastfeeding or age < 18");
  CHECK(program.node(root.children[2]).text == "age < 18");
  CHECK(program.node(root.children[2]).place.column == 30);
  const Node& second = program.node(program.root(1));
  CHECK(second.op == Node::Op::kAnd);
  CHECK(second.text == "age < 18 and not pregnant");
  CHECK(program.node(second.children[1]).op == Node::Op::kNot);
  CHECK(program.reads(0).size() == 3);
  CHECK(program.reads(1).size() == 2);
  CHECK(program.atoms_of(1).size() == 2);
  CHECK(program.atoms_reading(id("pregnant")).size() == 1);
  CHECK(program.atoms_reading(id("weight")).empty());
}

TEST_CASE("conditions.program: groups in parentheses keep their own node") {
  const Built built({"(a or b) and (c or a)", "a and b and c", "(a and b) and c"});
  CHECK(built.program->node(built.program->root(0)).children.size() == 2);
  CHECK(built.program->node(built.program->root(1)).children.size() == 3);
  CHECK(built.program->node(built.program->root(2)).children.size() == 2);
}

TEST_CASE("conditions.program: truth and residual") {
  const Built built({"pregnant or breastfeeding"});
  CHECK(built.truth(facts({{"pregnant", true}})) == Tri::kTrue);
  CHECK(built.truth(facts({{"pregnant", false}, {"breastfeeding", false}})) == Tri::kFalse);
  const Facts half = facts({{"pregnant", false}});
  CHECK(built.truth(half) == Tri::kUnknown);
  std::vector<AtomId> rest;
  built.program->residual(built.program->root(0), built.evaluate(half), rest);
  REQUIRE(rest.size() == 1);
  CHECK(built.program->atoms()[rest[0]].text == "breastfeeding");
  rest.clear();
  built.program->residual(built.program->root(0), built.evaluate(facts({{"pregnant", true}})), rest);
  CHECK(rest.empty());
}

TEST_CASE("conditions.program: defines") {
  const Built built({"\"keloid risk\" and not c"},
                    {{"keloid risk", "a or old"}, {"old", "age >= limit"}, {"limit", "65"}});
  REQUIRE(built.codes().empty());
  const Node& root = built.program->node(built.program->root(0));
  const Node& define = built.program->node(root.children[0]);
  CHECK(define.op == Node::Op::kDefine);
  CHECK(define.text == "\"keloid risk\"");
  const Node& body = built.program->node(define.children[0]);
  CHECK(body.op == Node::Op::kOr);
  CHECK(built.program->node(body.children[1]).op == Node::Op::kDefine);
  CHECK(built.truth(facts({{"age", std::int64_t{70}}, {"c", false}})) == Tri::kTrue);
  CHECK(built.program->boundaries(0, id("age")).literals == std::vector<FactValue>{std::int64_t{65}});
}

TEST_CASE("conditions.program: mistakes of defines") {
  const Built cycle({"x"}, {{"x", "y"}, {"y", "not x"}});
  CHECK(cycle.codes() == "cyclic-define");
  CHECK(cycle.first().message.find("`x` → `y` → `x`") != std::string::npos);
  CHECK(Built({"a"}, {{"unused", "b"}}).codes() == "unused-define");
  CHECK(Built({"a"}, {{"b", "c"}}).codes() == "name-clash unused-define");
  CHECK(Built({"x"}, {{"x", "a"}, {"x", "b"}}).codes().find("duplicate-define") != std::string::npos);
  CHECK(Built({"x"}, {{"x", "a and"}}).codes() == "syntax-error");
}

TEST_CASE("conditions.program: null and errors are not false") {
  CHECK(kind_of("last_dose < @2020", facts({{"last_dose", Date{2020, 1, 1, Precision::kDay}}})) ==
        AtomValue::Kind::kNull);
  CHECK(kind_of("age in Interval[5, 3]", facts({{"age", std::int64_t{4}}})) == AtomValue::Kind::kError);
  CHECK(kind_of("age in Interval[5, 3]", facts({})) == AtomValue::Kind::kError);
  CHECK(kind_of("(successor of count) > 1", facts({{"count", std::int64_t{2147483647}}})) == AtomValue::Kind::kError);
  CHECK(kind_of("count > 1", facts({{"count", std::int64_t{5000000000}}})) == AtomValue::Kind::kError);

  const Built both({"false and 1 in Interval[5, 3]"});
  const auto values = both.evaluate(facts({}));
  CHECK(std::any_of(values.begin(), values.end(),
                    [](const AtomValue& value) { return value.kind == AtomValue::Kind::kError; }));
}

TEST_CASE("conditions.program: reasons name the place and hold no value") {
  const Built built({"last_dose < @2020", "age in Interval[5, 3]"});
  const Facts known = facts({{"last_dose", Date{2020, 7, 9, Precision::kDay}}});
  const EvaluationContext context{known, evaluated_at()};
  CHECK(built.program->reason(0, context) ==
        "`last_dose < @2020` has no value: the dates are not precise enough to tell");
  CHECK(built.program->reason(1, context) == "the interval `Interval[5, 3]` ends before it starts");
}

TEST_CASE("conditions.program: boundaries") {
  const Built built({"age < 18 or age in Interval[65, 80) or score > 2.5 or weight < 50000 'g' or a"});
  const auto age = built.program->boundaries(0, id("age"));
  CHECK(age.exact);
  CHECK(age.literals == std::vector<FactValue>{std::int64_t{18}, std::int64_t{65}, std::int64_t{80}});
  CHECK(built.program->boundaries(0, id("score")).literals == std::vector<FactValue>{*Decimal::parse("2.5")});
  CHECK(built.program->boundaries(0, id("weight")).literals == std::vector<FactValue>{Quantity{Decimal(50), "kg"}});
  CHECK(built.program->boundaries(0, id("a")).exact);
  CHECK(!Built({"age / 2 > 9"}).program->boundaries(0, id("age")).exact);
}

TEST_CASE("conditions.program: mistakes point at the text and offer the nearest name") {
  const Built unknown({"a and pregnat"});
  CHECK(unknown.codes() == "unknown-name");
  CHECK(unknown.first().place.column == 7);
  CHECK(unknown.first().help == "did you mean `pregnant`?");
  CHECK(Built({"age"}).codes() == "type-error");
  CHECK(Built({"age < 'x'"}).codes() == "type-error");
  CHECK(Built({"not age < 18"}).codes() == "type-error");
  CHECK(Built({"a and and"}).codes() == "syntax-error");
  CHECK(Built({"skin_type = 'VII'"}).codes() == "unknown-value");
  CHECK(Built({"skin_type in {'I', 'iv'}"}).codes() == "unknown-value");
  CHECK(Built({"concerns contains 'mark'"}).first().help == "did you mean `marks`?");
  CHECK(Built({"weight > 5 'cm'"}).codes() == "always-null");
  CHECK(Built({"weight > 50"}).codes() == "always-null");
  CHECK(Built({"a or null"}).codes() == "always-null");
  CHECK(Built({"age = null"}).codes() == "always-null");
  CHECK(Built({"age < 0"}).codes() == "constant-comparison");
  CHECK(Built({"age <= 130"}).codes() == "constant-comparison");
  CHECK(Built({"a and not a"}).codes() == "unreachable-rule");
  CHECK(Built({"a and false"}).codes() == "unreachable-rule");
  CHECK(Built({"a or not a"}).codes() == "constant-condition");
  CHECK(Built({"Known(a)"}, {}, false).codes() == "known-in-bars");
  CHECK(Built({"x"}, {{"x", "Known(a)"}}, false).codes() == "known-in-bars");
  CHECK(Built({"Known(a)"}).codes().empty());
  CHECK(Built({"AgeInYers() > 5"}).first().help == "did you mean `AgeInYears`?");
}

TEST_CASE("conditions.program: ages come from the birth date") {
  const Facts born = facts({{"birth_date", Date{1990, 11, 23, Precision::kDay}}});
  CHECK(shown("AgeInYears()", born) == "35");
  CHECK(shown("AgeInMonths()", born) == "431");
  CHECK(shown("AgeInYearsAt(@2026-11-23)", born) == "36");
  CHECK(shown("AgeInYears()", facts({})) == "unknown: birth_date");
  CHECK(shown("AgeInYears() >= 18", facts({{"birth_date", Date{2008, 1, 1, Precision::kYear}}})) == "null");
  CHECK(shown("AgeInYears() >= 18", facts({{"birth_date", Date{2000, 1, 1, Precision::kYear}}})) == "true");
}

}  // namespace caveat
