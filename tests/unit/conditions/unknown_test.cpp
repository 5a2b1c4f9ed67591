// Unknown is not null: proved for every row of the signature table, for every operand, and for every other construct.
#include "conditions_support.hpp"

#include "base/tri.hpp"
#include "support/catch.hpp"

using namespace caveat::test;
namespace caveat {
namespace {

constexpr FactId kMissing = 3;

const ExpressionSource& any_source() {
  static const ExpressionSource made = source("x");
  return made;
}

Type concrete(const Type& pattern) {
  if (pattern.is(TypeKind::kVariable)) return pattern.variable == 'D' ? TypeKind::kDate : TypeKind::kInteger;
  if (pattern.is(TypeKind::kList)) return list_of(concrete(*pattern.element));
  if (pattern.is(TypeKind::kInterval)) return interval_of(concrete(*pattern.element));
  return pattern;
}

Value sample(const Type& type) {
  switch (type.kind) {
    case TypeKind::kBoolean: return Value(true);
    case TypeKind::kInteger: return Value(std::int32_t{2});
    case TypeKind::kLong: return Value(std::int64_t{2});
    case TypeKind::kDecimal: return Value(Decimal(2));
    case TypeKind::kString: return Value(std::string("kg"));
    case TypeKind::kDate: return Value(Date{2020, 2, 2, Precision::kDay});
    case TypeKind::kDateTime: return Value(*parse_rfc3339("2020-02-02T10:00:00Z"));
    case TypeKind::kTime: return Value(Time{10, 0, 0, 0, Precision::kMillisecond});
    case TypeKind::kQuantity: return Value(Quantity{Decimal(2), "day"});
    case TypeKind::kRatio: return Value(Ratio{Quantity{Decimal(1), "1"}, Quantity{Decimal(2), "1"}});
    case TypeKind::kList: return Value(List{{sample(*type.element)}});
    case TypeKind::kInterval: {
      const auto bound = std::make_shared<const Value>(sample(*type.element));
      return Value(Interval{bound, bound, true, true});
    }
    default: return Value();
  }
}

ExpressionPtr leaf(Expression::Kind kind, Type type, Value value, FactId fact = kMissing) {
  auto made = std::make_shared<Expression>();
  made->kind = kind;
  made->type = std::move(type);
  made->value = std::move(value);
  made->fact = fact;
  made->source = &any_source();
  made->end = 1;
  return made;
}

ExpressionPtr known_operand(const Type& type) { return leaf(Expression::Kind::kLiteral, type, sample(type)); }
ExpressionPtr null_operand(const Type& type) { return leaf(Expression::Kind::kLiteral, type, Value()); }
ExpressionPtr unknown_operand(const Type& type) { return leaf(Expression::Kind::kFact, type, Value()); }
ExpressionPtr raising_operand() { return typed("successor of (maximum Integer)"); }

std::shared_ptr<Expression> row_call(const Signature& row, std::size_t operands) {
  auto made = std::make_shared<Expression>();
  made->kind = Expression::Kind::kCall;
  made->type = concrete(row.result);
  made->signature = &row;
  made->source = &any_source();
  made->end = 1;
  if (row.has(kPrecision)) made->precision = Precision::kDay;
  made->offset = Offset{};
  for (std::size_t i = 0; i < operands; ++i) {
    made->operands.push_back(known_operand(concrete(row.parameters[std::min(i, row.parameters.size() - 1)])));
  }
  return made;
}

Value evaluated(const ExpressionPtr& tree, bool* raised = nullptr) {
  const Facts none(vocabulary().size());
  const EvaluationContext context{none, evaluated_at()};
  Runtime run(context, vocabulary());
  Value value = evaluate(*tree, run);
  if (raised) *raised = run.raised();
  return value;
}

bool is_unknown_of(const Value& value, const std::vector<FactId>& facts) {
  const auto* unknown = value.get<Unknown>();
  return unknown && unknown->facts == facts;
}

}  // namespace

TEST_CASE("conditions.signatures: every operator and function is strict in every operand") {
  REQUIRE(signatures().size() > 250);
  for (const auto& row : signatures()) {
    const std::size_t count = row.variadic ? 3 : row.parameters.size();
    for (std::size_t at = 0; at < count; ++at) {
      const Type type = concrete(row.parameters[std::min(at, row.parameters.size() - 1)]);
      INFO(row.name << ": " << row.spec << ", operand " << at);
      auto call = row_call(row, count);
      call->operands[at] = unknown_operand(type);
      CHECK(is_unknown_of(evaluated(call), {kMissing}));
      for (std::size_t other = 0; other < count; ++other) {
        if (other != at) call->operands[other] = null_operand(call->operands[other]->type);
      }
      CHECK(is_unknown_of(evaluated(call), {kMissing}));
    }
  }
}

TEST_CASE("conditions.signatures: an error among the operands wins over unknown, in every row") {
  for (const auto& row : signatures()) {
    if (row.variadic || row.parameters.size() < 2) continue;
    INFO(row.name << ": " << row.spec);
    auto call = row_call(row, row.parameters.size());
    call->operands[0] = unknown_operand(call->operands[0]->type);
    call->operands[1] = raising_operand();
    bool raised = false;
    evaluated(call, &raised);
    CHECK(raised);
  }
}

TEST_CASE("conditions.signatures: rows that promise a value never give null for known operands") {
  for (const auto& row : signatures()) {
    if (!row.has(kNeverNull)) continue;
    INFO(row.name << ": " << row.spec);
    CHECK(!evaluated(row_call(row, row.variadic ? 2 : row.parameters.size())).is_null());
  }
}

TEST_CASE("conditions.unknown: constructors, conditionals, types and queries") {
  const Facts none(vocabulary().size());
  for (const auto* text : {"{ 1, age }",
                           "Tuple { x: 1, y: age }",
                           "Interval[1, age]",
                           "Interval[age, 200)",
                           "Tuple { x: age }.x",
                           "if age > 1 then 1 else 1",
                           "if age is null then 1 else 2",
                           "case when age > 1 then 1 else 1 end",
                           "case age when 1 then 2 else 2 end",
                           "case 1 when age then 1 else 1 end",
                           "age is null",
                           "age is not null",
                           "Coalesce(1, age)",
                           "Coalesce(age, 1)",
                           "Coalesce({ 1, age })",
                           "(age > 1) is true",
                           "(age > 1) is not true",
                           "(age > 1) is false",
                           "(age > 1) is not false",
                           "age is Integer",
                           "age as Integer",
                           "age ~ null",
                           "age in { null }",
                           "age in Interval[0, 130]",
                           "exists { age }",
                           "Count({ age })",
                           "age in { 1, 2 }",
                           "null in { age }",
                           "({ 1, 2 }) x where x = age",
                           "({ 1, 2 }) x return age",
                           "({ age }) x",
                           "age + null",
                           "null = age",
                           "AnyTrue({ true, age > 1 })",
                           "years between @2000-01-01 and (@2020-01-01 + Quantity { value: age, unit: 'day' })",
                           "not (age > 1)",
                           "(age > 1) xor true",
                           "age > 1 and true",
                           "age > 1 or false",
                           "age > 1 and null",
                           "age > 1 or null",
                           "true implies age > 1",
                           "null implies age > 1",
                           "age > 1 implies false"}) {
    INFO(text);
    CHECK(shown(text, none) == "unknown: age");
  }
  CHECK(shown("Tuple { x: 1, y: age }.x", none) == "unknown: age");
  CHECK(shown("count + age", none) == "unknown: age, count");
  CHECK(shown("a and (b or c)", none) == "unknown: a, b, c");
  CHECK(shown("(a and b) is true", none) == "unknown: a, b");
}

TEST_CASE("conditions.logic: and, or and implies absorb unknown by Kleene; Known looks at it") {
  const Facts none(vocabulary().size());
  CHECK(shown("age > 1 and false", none) == "false");
  CHECK(shown("false and age > 1", none) == "false");
  CHECK(shown("age > 1 or true", none) == "true");
  CHECK(shown("false implies age > 1", none) == "true");
  CHECK(shown("age > 1 implies true", none) == "true");
  CHECK(shown("(age > 1 and false) is true", none) == "false");
  CHECK(shown("Known(age)", none) == "false");
  CHECK(shown("Known(age)", facts({{"age", std::int64_t{3}}})) == "true");
}

TEST_CASE("conditions.logic: every pair of true, false, null and unknown") {
  const Facts none(vocabulary().size());
  const std::vector<std::pair<std::string, Tri>> values = {
      {"true", Tri::kTrue}, {"false", Tri::kFalse}, {"null", Tri::kUnknown}, {"c", Tri::kUnknown}};
  const auto expected = [](Tri truth, bool unknown) {
    if (known(truth)) return std::string(to_string(truth));
    return std::string(unknown ? "unknown: c" : "null");
  };
  for (const auto& [left, a] : values) {
    for (const auto& [right, b] : values) {
      const bool unknown = left == "c" || right == "c";
      INFO(left << " with " << right);
      CHECK(shown(left + " and " + right, none) == expected(tri_and(a, b), unknown));
      CHECK(shown(left + " or " + right, none) == expected(tri_or(a, b), unknown));
      CHECK(shown(left + " implies " + right, none) == expected(tri_implies(a, b), unknown));
      CHECK(shown(left + " xor " + right, none) == expected(tri_xor(a, b), unknown));
    }
    CHECK(shown("not " + left, none) == expected(tri_not(a), left == "c"));
  }
}

TEST_CASE("conditions.unknown: null follows CQL") {
  const Facts none(vocabulary().size());
  CHECK(shown("null in { 1 }", none) == "false");
  CHECK(shown("null contains 1", none) == "false");
  CHECK(shown("null and false", none) == "false");
  CHECK(shown("null or true", none) == "true");
  CHECK(shown("null is null", none) == "true");
  CHECK(shown("1 + null", none) == "null");
}

}  // namespace caveat
