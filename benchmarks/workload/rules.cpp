#include "workload/random.hpp"
#include "workload/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace caveat::bench {

namespace {

using Op = Condition::Op;

constexpr std::array<std::string_view, 3> kKinds = {"contraindication", "approach", "timeline_factor"};

std::size_t index_of(std::string_view name) {
  const auto found = std::find_if(facts().begin(), facts().end(), [&](const Fact& fact) { return fact.name == name; });
  return static_cast<std::size_t>(found - facts().begin());
}

Condition is(std::string_view fact) { return {Op::kIs, index_of(fact)}; }
Condition no(Condition part) { return {Op::kNot, 0, 0, {}, {std::move(part)}}; }
Condition all(std::vector<Condition> parts) { return {Op::kAnd, 0, 0, {}, std::move(parts)}; }
Condition any(std::vector<Condition> parts) { return {Op::kOr, 0, 0, {}, std::move(parts)}; }
Condition less(std::string_view fact, int bound) { return {Op::kLess, index_of(fact), bound}; }
Condition at_least(std::string_view fact, int bound) { return {Op::kAtLeast, index_of(fact), bound}; }
Condition equals(std::string_view fact, int choice) { return {Op::kEquals, index_of(fact), 0, {choice}}; }
Condition in(std::string_view fact, std::vector<int> choices) {
  return {Op::kIn, index_of(fact), 0, std::move(choices)};
}

Condition number_literal(const Fact& fact, std::size_t index, Random& random) {
  return {random.chance(0.5) ? Op::kLess : Op::kAtLeast, index, random.between(fact.low + 1, fact.high)};
}

Condition choice_literal(const Fact& fact, std::size_t index, Random& random) {
  const int values = static_cast<int>(fact.values.size());
  if (values == 2 || random.chance(0.5)) return {Op::kEquals, index, 0, {random.below(values)}};
  std::vector<int> choices;
  const int first = random.below(values - 1);
  for (int i = first; i < first + std::min(3, values - 1); ++i) choices.push_back(i % values);
  std::sort(choices.begin(), choices.end());
  return {Op::kIn, index, 0, std::move(choices)};
}

Condition literal(std::size_t index, Random& random) {
  const Fact& fact = facts()[index];
  switch (fact.type) {
    case FactType::kInteger:
    case FactType::kDecimal: return number_literal(fact, index, random);
    case FactType::kChoice: {
      Condition choice = choice_literal(fact, index, random);
      return random.chance(0.25) ? no(std::move(choice)) : choice;
    }
    case FactType::kBoolean: break;
  }
  return random.chance(0.4) ? no({Op::kIs, index}) : Condition{Op::kIs, index};
}

// Over different facts, so that no rule is always true or never.
Condition seeded_condition(Random& random) {
  std::array<std::size_t, kFacts> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto literals = static_cast<std::size_t>(random.between(2, 5));
  std::vector<Condition> parts;
  for (std::size_t i = 0; i < literals; ++i) {
    const auto other = i + static_cast<std::size_t>(random.below(static_cast<int>(kFacts - i)));
    std::swap(order[i], order[other]);
    parts.push_back(literal(order[i], random));
  }
  return random.chance(0.5) ? all(std::move(parts)) : any(std::move(parts));
}

}  // namespace

std::vector<Rule> common_rules() {
  const auto uncontrolled = [] { return all({is("inflammatory_condition"), no(is("inflammation_controlled"))}); };
  std::vector<Rule> rules;
  const auto add = [&](std::size_t kind, const char* id, Condition when) {
    rules.push_back({id, kKinds[kind], std::move(when)});
  };
  add(0, "active-infection", is("active_infection"));
  add(0, "open-wound", is("open_wound"));
  add(0, "uncontrolled-inflammation", uncontrolled());
  add(0, "keloid-tendency", is("keloid_tendency"));
  add(0, "pregnancy-or-breastfeeding", any({is("pregnant"), is("breastfeeding")}));
  add(0, "infected-wound", all({is("active_infection"), is("open_wound")}));

  add(1, "dullness", all({is("dullness"), no(is("open_wound"))}));
  add(1, "fine-lines", all({is("fine_lines"), at_least("age", 25)}));
  add(1, "enlarged-pores", all({is("enlarged_pores"), no(is("active_infection"))}));
  add(1, "surface-irregularities", all({is("surface_irregularities"), no(uncontrolled())}));
  add(1, "uneven-tone", all({is("uneven_tone"), in("skin_type", {2, 3, 4, 5})}));
  add(1, "marks", all({is("marks"), no(is("keloid_tendency"))}));

  add(2, "skin-type", in("skin_type", {3, 4, 5}));
  add(2, "age", at_least("age", 40));
  add(2, "collagen", equals("collagen", 1));
  add(2, "sun-exposure", any({equals("sun_exposure", 2), all({equals("sun_exposure", 1), at_least("age", 50)})}));
  add(2, "skincare-habits", no(is("daily_skincare")));
  add(2, "sleep", less("sleep_hours", 13));
  return rules;
}

std::vector<Rule> seeded_rules(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Rule> rules;
  rules.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    rules.push_back({fmt::format("rule-{:05}", i + 1), kKinds[i * kKinds.size() / count], seeded_condition(random)});
  }
  return rules;
}

}  // namespace caveat::bench
