// Checks in code and derived facts: what the host derives again, and what it refuses.
#include "bench.hpp"

namespace caveat::test {

namespace {

Bench misbehaving(const std::string& behaviour) {
  Bench bench(load({test_plugin("misbehaving")}));
  Bench::give(bench.rule("warning_sign", "sign"), "behaviour", {behaviour});
  bench.set(bench.profile(), "pregnant", true);
  bench.profile();  // not known
  return bench;
}

std::vector<PluginReply> check(const std::string& behaviour) {
  const Bench bench = misbehaving(behaviour);
  const std::array statuses = {RuleStatus::kNotMet, RuleStatus::kNotMet};
  return bench.bind().advise(bench.profiles(), {2, statuses}, "en");
}

std::vector<Derivation> derive(const std::string& behaviour) {
  const Bench bench = misbehaving(behaviour);
  return bench.bind().derive(bench.profiles());
}

struct Case {
  const char* behaviour;
  const char* reason;
};

}  // namespace

TEST_CASE("abi.checks: a check that reports is copied with its explanation") {
  const auto replies = check("nothing");
  REQUIRE(replies[0].checks.size() == 1);
  CHECK(replies[0].checks[0].status == RuleStatus::kMet);
  REQUIRE(replies[0].checks[0].root == 0u);
  CHECK(replies[0].checks[0].nodes[0].value == Tri::kTrue);
  CHECK(replies[0].checks[0].nodes[0].reads.size() == 1);
  CHECK(replies[1].checks[0].status == RuleStatus::kUndetermined);
}

TEST_CASE("abi.checks: an explanation that does not hold makes the plugin fail") {
  const Case cases[] = {
      {"check-throws", "raised an exception"},
      {"truth-out-of-range", "a truth value that does not exist"},
      {"reads-undeclared", "a fact that it does not declare to read"},
      {"reads-nothing", "reads no fact"},
      {"wordless-leaf", "without words"},
      {"unknown-op", "an unknown kind"},
      {"node-contradiction", "its explanation contradicts itself"},
      {"two-parents", "two parents"},
      {"node-out-of-range", "a node that does not exist (1000)"},
      {"deep", "nests too deeply"},
      {"many-nodes", "more nodes than its quota"},
      {"check-out-of-range", "a check that does not exist (5)"},
      {"report-contradiction", "contradicts its explanation"},
      {"no-explanation", "without an explanation"},
      {"reports-twice", "reported twice"},
      {"check-promises", "wording refused"},
  };
  for (const Case& one : cases) {
    INFO(one.behaviour);
    const auto replies = check(one.behaviour);
    CHECK_THAT(replies[0].failure, Catch::Contains(one.reason));
    CHECK(replies[0].checks.empty());
  }
}

TEST_CASE("abi.checks: a finding from a missing answer is refused: missing is never no") {
  const auto replies = check("claims-from-nothing");
  CHECK_THAT(replies[1].failure, Catch::Contains("no fact behind it is known"));
}

TEST_CASE("abi.checks: a check that does not report has failed") {
  for (const PluginReply& reply : check("check-silent")) {
    CHECK(reply.failure.empty());
    REQUIRE(reply.checks.size() == 1);
    CHECK(reply.checks[0].status == RuleStatus::kFailed);
    CHECK_FALSE(reply.checks[0].root.has_value());
  }
}

TEST_CASE("abi.checks: a derived fact is a value, or unknown, never a guess") {
  const auto derived = derive("nothing");
  CHECK(derived[0].failure.empty());
  CHECK(derived[0].values == std::vector<std::optional<FactValue>>{FactValue(std::int64_t{1})});
  CHECK(derived[1].failure.empty());
  CHECK(derived[1].values == std::vector<std::optional<FactValue>>{std::nullopt});
  CHECK(derive("derives-no-value")[0].values == std::vector<std::optional<FactValue>>{std::nullopt});
}

TEST_CASE("abi.checks: a derived value that cannot be right makes the plugin fail") {
  const Case cases[] = {
      {"derive-throws", "raised an exception"},
      {"derives-another-type", "of another type than `sign_count`"},
      {"derives-out-of-range", "out of its declared range"},
      {"derives-no-such-fact", "a fact that does not exist (7)"},
      {"derives-twice", "derived `sign_count` twice"},
  };
  for (const Case& one : cases) {
    INFO(one.behaviour);
    const auto derived = derive(one.behaviour);
    CHECK_THAT(derived[0].failure, Catch::Contains(one.reason));
    CHECK(derived[0].values == std::vector<std::optional<FactValue>>{std::nullopt});
  }
  CHECK_THAT(derive("derives-from-nothing")[1].failure, Catch::Contains("no fact that it reads is known"));
  CHECK(derive("derives-from-nothing")[0].failure.empty());
}

}  // namespace caveat::test
