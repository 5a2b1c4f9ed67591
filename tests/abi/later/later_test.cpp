// The plugin host itself, compiled against the header of a later minor: every struct and every stride is longer.
#include "abi/versions.hpp"

#include <caveat/plugin.h>

namespace caveat::test {

static_assert(CAVEAT_ABI_MINOR == 7u && sizeof(caveat_outcome) > 24, "not the header of the later minor");

TEST_CASE("abi_later.versions: a later host works with plugins of the first minor, of today's and of its own") {
  check_versions_plugin("frozen_1_0", kOlderHost);
  check_versions_plugin("todays", kOlderHost);
  check_versions_plugin("later_minor", kLaterHost);
}

TEST_CASE("abi_later.versions: a later host works with a C++ plugin that was built today") {
  Bench bench(load({test_plugin("body_mass")}));
  bench.rule("reminder", "bare");
  bench.rule("reminder", "second");
  Facts& facts = bench.profile();
  bench.set(facts, "weight", Quantity{*Decimal::parse("50"), "kg"});
  bench.set(facts, "height", Quantity{*Decimal::parse("170"), "cm"});
  const Binding binding = bench.bind();
  const auto derived = binding.derive(bench.profiles());
  CHECK(derived[0].failure.empty());
  CHECK(std::get<Decimal>(*derived[0].values[0]).to_canonical() == "17.3");
  const std::array statuses = {RuleStatus::kMet, RuleStatus::kFailed};
  const auto replies = binding.advise(bench.profiles(), {1, statuses}, "en");
  CHECK(replies[0].failure.empty());
  CHECK(replies[0].drafts.size() == 2);
  REQUIRE(replies[0].checks.size() == 1);
  CHECK(replies[0].checks[0].status == RuleStatus::kUndetermined);
}

}  // namespace caveat::test
