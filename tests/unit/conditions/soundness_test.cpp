// Properties over random conditions and profiles, from fixed seeds: one more answer never turns a known truth, and the
// fast paths are the interpreter.
#include "conditions_support.hpp"

#include "conditions/fast_path.hpp"
#include "support/catch.hpp"

#include <random>

using namespace caveat::test;
namespace caveat {
namespace {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  bool chance(std::size_t in) { return below(in) == 0; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937 engine_;
};

std::string simple_atom(Random& random) {
  static const std::vector<std::string> ops = {"<", "<=", ">", ">=", "=", "!="};
  static const std::vector<std::string> skins = {"'I'", "'II'", "'III'", "'IV'", "'V'", "'VI'"};
  static const std::vector<std::string> concerns = {"'dullness'", "'fine-lines'", "'marks'"};
  static const std::vector<std::string> dates = {"@2020-05-01", "@2020-05", "@2020", "@2021-01-01"};
  static const std::vector<std::string> phrases = {" before ", " after ", " on or before ", " same or after ",
                                                   " same as "};
  const std::string number = std::to_string(random.below(6));
  switch (random.below(12)) {
    case 0: return "a";
    case 1: return "b";
    case 2: return "age " + random.pick(ops) + " " + number;
    case 3: return number + ".5 " + random.pick(ops) + " age";
    case 4: return "score " + random.pick(ops) + " " + number + ".0";
    case 5: return "weight " + random.pick(ops) + " " + number + (random.chance(2) ? " 'kg'" : "000 'g'");
    case 6: return "skin_type " + std::string(random.chance(2) ? "=" : "!=") + " " + random.pick(skins);
    case 7: return "skin_type in {" + random.pick(skins) + ", " + random.pick(skins) + "}";
    case 8: return "concerns contains " + random.pick(concerns);
    case 9: return random.pick(concerns) + " in concerns";
    case 10: return "last_dose " + random.pick(ops) + " " + random.pick(dates);
    default: return "last_dose" + random.pick(phrases) + random.pick(dates);
  }
}

std::string odd_atom(Random& random) {
  static const std::vector<std::string> forms = {"(X) is true",
                                                 "(X) is not true",
                                                 "(X) is null",
                                                 "(X or Y) is false",
                                                 "if X then Y else b",
                                                 "Coalesce(X, Y)",
                                                 "(X) = (Y)",
                                                 "(X) ~ (Y)",
                                                 "case when X then Y else a end",
                                                 "AnyTrue({X, Y})",
                                                 "AllTrue({X, Y})",
                                                 "exists concerns",
                                                 "age in Interval[1, 4]",
                                                 "age + 1 > score",
                                                 "Count(concerns) > 1",
                                                 "years between last_dose and Today() > 5",
                                                 "last_dose 6 months or less before @2020-09-09",
                                                 "{ 'marks' } included in concerns",
                                                 "age between 1 and 3"};
  std::string form = random.pick(forms);
  for (const char hole : {'X', 'Y'}) {
    for (auto at = form.find(hole); at != std::string::npos; at = form.find(hole, at)) {
      const std::string inner = simple_atom(random);
      form.replace(at, 1, inner);
      at += inner.size();
    }
  }
  return "(" + form + ")";
}

std::string condition(Random& random, int depth) {
  if (depth == 0) return random.chance(3) ? odd_atom(random) : "(" + simple_atom(random) + ")";
  static const std::vector<std::string> joints = {" and ", " or ", " implies ", " xor "};
  if (random.chance(5)) return "not (" + condition(random, depth - 1) + ")";
  return "(" + condition(random, depth - 1) + random.pick(joints) + condition(random, depth - 1) + ")";
}

FactValue random_value(const FactDeclaration& fact, Random& random) {
  switch (fact.type) {
    case FactType::kBoolean: return random.chance(2);
    case FactType::kInteger: return static_cast<std::int64_t>(random.below(7));
    case FactType::kDecimal: return *Decimal::from_units(static_cast<Int128>(random.below(13)) * 50'000'000);
    case FactType::kQuantity:
      return Quantity{*Decimal::from_units(static_cast<Int128>(random.below(13)) * 50'000'000), fact.unit};
    case FactType::kChoice: return Choice{static_cast<std::uint32_t>(random.below(fact.values.size()))};
    case FactType::kChoices: return ChoiceSet{random.below(std::size_t{1} << fact.values.size())};
    case FactType::kDate: break;
  }
  Date date{static_cast<std::int16_t>(2019 + random.below(3)), static_cast<std::uint8_t>(1 + random.below(12)), 1,
            Precision::kDay};
  if (random.chance(3)) date = Date{date.year, date.month, 1, Precision::kMonth};
  return date;
}

Facts random_facts(Random& random, std::size_t missing_in) {
  Facts made(vocabulary().size());
  for (FactId fact = 0; fact < vocabulary().size(); ++fact) {
    if (random.chance(missing_in)) continue;
    made[fact].known = true;
    made[fact].value = random_value(vocabulary()[fact], random);
  }
  return made;
}

AtomValue by_interpreter(const Expression& tree, const Facts& known) {
  const EvaluationContext context{known, evaluated_at()};
  Runtime run(context, vocabulary());
  const Value value = evaluate(tree, run);
  if (run.raised()) return {AtomValue::Kind::kError, Tri::kUnknown};
  if (value.is_unknown()) return {AtomValue::Kind::kUnknown, Tri::kUnknown};
  if (value.is_null()) return {AtomValue::Kind::kNull, Tri::kUnknown};
  return {AtomValue::Kind::kTruth, tri(*value.get<bool>())};
}

}  // namespace

TEST_CASE("conditions.soundness: fast paths give what the interpreter gives") {
  Random random(7);
  std::size_t fast = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = simple_atom(random);
    const ExpressionPtr tree = typed(text);
    const FastAtom atom = fast_path(*tree, vocabulary());
    if (atom.kind == FastAtom::Kind::kNone) continue;
    ++fast;
    const Facts known = random_facts(random, 4);
    const AtomValue expected = by_interpreter(*tree, known);
    const AtomValue given = evaluate(atom, known);
    INFO(text);
    CHECK(given.kind == expected.kind);
    CHECK(given.truth == expected.truth);
  }
  CHECK(fast > 2000);
}

TEST_CASE("conditions.soundness: one more answer never turns a known truth") {
  Random random(11);
  int decided = 0;
  for (int i = 0; i < 1500; ++i) {
    Diagnostics diagnostics;
    ProgramBuilder builder(vocabulary(), diagnostics);
    const std::string text = condition(random, 2);
    const auto made = builder.condition(source(text), {});
    INFO(text);
    for (const auto& diagnostic : diagnostics.all()) {
      if (diagnostic.level == DiagnosticLevel::kError) FAIL(to_string(diagnostic));
    }
    REQUIRE(made);
    const Program program = builder.finish();
    Facts known = random_facts(random, 2);
    std::vector<AtomValue> atoms(program.atoms().size());
    Tri before = Tri::kUnknown;
    for (FactId fact = 0; fact <= vocabulary().size(); ++fact) {
      program.evaluate_all(EvaluationContext{known, evaluated_at()}, atoms);
      const Tri now = program.truth(program.root(*made), atoms);
      if (caveat::known(before)) CHECK(now == before);
      before = now;
      if (fact == vocabulary().size() || known[fact].known) continue;
      known[fact].known = true;
      known[fact].value = random_value(vocabulary()[fact], random);
    }
    decided += caveat::known(before) ? 1 : 0;
  }
  CHECK(decided > 500);
}

}  // namespace caveat
