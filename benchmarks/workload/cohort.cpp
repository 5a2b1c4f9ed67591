#include "workload/random.hpp"
#include "workload/workload.hpp"

#include <fmt/format.h>

#include <iterator>

namespace caveat::bench {

namespace {

int value_of(const Fact& fact, Random& random) {
  switch (fact.type) {
    case FactType::kBoolean: return random.chance(fact.often) ? 1 : 0;
    case FactType::kChoice: return random.below(static_cast<int>(fact.values.size()));
    case FactType::kInteger:
    case FactType::kDecimal: break;
  }
  return random.between(fact.low, fact.high);
}

}  // namespace

Cohort::Cohort(std::uint64_t seed) : state_(seed) {}

Answers Cohort::next() {
  Random random(state_++ * 0x2545f4914f6cdd1dU);
  Answers answers;
  for (std::size_t i = 0; i < kFacts; ++i) {
    if (!random.chance(kMissing)) answers[i] = value_of(facts()[i], random);
  }
  return answers;
}

std::string json_of(const Fact& fact, int value) {
  switch (fact.type) {
    case FactType::kBoolean: return value != 0 ? "true" : "false";
    case FactType::kChoice: return fmt::format("\"{}\"", fact.values[static_cast<std::size_t>(value)]);
    case FactType::kDecimal: return fmt::format("{}.{}", value / 2, value % 2 == 0 ? 0 : 5);
    case FactType::kInteger: break;
  }
  return std::to_string(value);
}

std::string line_of(std::size_t number, const Answers& answers) {
  std::string line = fmt::format("{{\"id\":\"p-{:07}\",\"facts\":{{", number);
  const char* comma = "";
  for (std::size_t i = 0; i < kFacts; ++i) {
    if (!answers[i]) continue;
    fmt::format_to(std::back_inserter(line), "{}\"{}\":{}", comma, facts()[i].name, json_of(facts()[i], *answers[i]));
    comma = ",";
  }
  return line + "}}\n";
}

}  // namespace caveat::bench
