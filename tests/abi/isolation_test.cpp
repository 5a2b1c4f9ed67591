// Plugins in processes of their own, through the plugin host: what a batch gets when one of its profiles kills, hangs
// or garbles the process.
#include "bench.hpp"
#include "support/patience.hpp"

#include <chrono>
#include <thread>

namespace caveat::test {

namespace {

IsolationOptions quick() {
  IsolationOptions options;
  options.deadline_ms = 1000 * kPatience;
  return options;
}

/// A bench with the attacking plugin and one rule, `where:what`.
struct Attack {
  explicit Attack(const std::string& behaviour, const IsolationOptions& isolation = quick())
      : bench(load({test_plugin("attacks")}, Placement::kIsolated, isolation)) {
    Bench::give(bench.rule("warning_sign", "sign"), "behaviour", {behaviour});
  }
  Bench bench;
};

std::vector<PluginReply> advise(Bench& bench, const Binding& binding, std::size_t rows, std::size_t met) {
  while (bench.profiles().size() < rows) bench.set(bench.profile(), "pregnant", FactValue(true));
  std::vector<RuleStatus> statuses(rows, RuleStatus::kUndetermined);
  if (met < rows) statuses[met] = RuleStatus::kMet;
  return binding.advise(bench.profiles(), {rows, statuses}, "en");
}

}  // namespace

TEST_CASE("abi.isolation: a plugin says in its own process what it says in the host's") {
  for (const std::size_t rows : {std::size_t{1}, std::size_t{64}, std::size_t{700}}) {
    std::vector<std::vector<PluginReply>> said;
    for (const Placement placement : {Placement::kInProcess, Placement::kIsolated}) {
      Bench bench(load({test_plugin("attacks")}, placement));
      Bench::give(bench.rule("warning_sign", "sign"), "behaviour", {std::string("nothing")});
      const Binding binding = bench.bind();
      said.push_back(advise(bench, binding, rows, 3));
      const std::vector<Derivation> derived = binding.derive(bench.profiles());
      CHECK(derived.size() == rows);
      CHECK(derived.back().failure.empty());
      CHECK(derived.back().values.at(0) == FactValue(std::int64_t{1}));
    }
    REQUIRE(said[0].size() == rows);
    REQUIRE(said[1].size() == rows);
    for (std::size_t row = 0; row < rows; ++row) {
      CHECK(said[1][row].failure.empty());
      CHECK(said[1][row].drafts.size() == said[0][row].drafts.size());
      REQUIRE(said[1][row].checks.size() == 1);
      CHECK(said[1][row].checks[0].status == said[0][row].checks[0].status);
      CHECK(said[1][row].checks[0].nodes.size() == said[0][row].checks[0].nodes.size());
    }
  }
}

TEST_CASE("abi.isolation: a profile that kills the process fails alone") {
  for (const std::size_t poison : {std::size_t{0}, std::size_t{77}, std::size_t{255}, std::size_t{299}}) {
    Attack attack("advise-when-met:segv");
    const Binding binding = attack.bench.bind();
    const auto replies = advise(attack.bench, binding, 300, poison);
    REQUIRE(replies.size() == 300);
    for (std::size_t row = 0; row < replies.size(); ++row) {
      INFO(row << " " << replies[row].failure);
      CHECK(replies[row].failure.empty() == (row != poison));
      CHECK(replies[row].drafts.size() == (row == poison ? 0 : 1));
    }
    CHECK(replies[poison].failure == "it crashed: it used memory that it does not have");
  }
}

TEST_CASE("abi.isolation: a profile on which it hangs fails alone, within the batch's time") {
  Attack attack("advise-when-met:endless-loop");
  const Binding binding = attack.bench.bind();
  const auto begin = std::chrono::steady_clock::now();
  // In a second batch, so that what follows in the first and what follows it is seen.
  const auto replies = advise(attack.bench, binding, 600, 300);
  // Three batches of advisories and three of checks, each in its time.
  CHECK(std::chrono::steady_clock::now() - begin < 7 * std::chrono::milliseconds(quick().deadline_ms));
  for (std::size_t row = 0; row < replies.size(); ++row) {
    INFO(row);
    CHECK(replies[row].failure == (row == 300 ? "it did not answer in time" : ""));
  }
}

TEST_CASE("abi.isolation: a plugin that always fails is left alone for a while, and then tried again") {
  IsolationOptions isolation = quick();
  isolation.quarantine_ms = 1000;
  Attack attack("derive:abort", isolation);
  attack.bench.set(attack.bench.profile(), "pregnant", FactValue(true));
  const Binding binding = attack.bench.bind();
  std::string last;
  for (int i = 0; i < 6; ++i) {
    last = binding.derive(attack.bench.profiles()).at(0).failure;
    // What works hides nothing of what never does.
    CHECK(advise(attack.bench, binding, 1, 1).at(0).failure.empty());
  }
  CHECK_THAT(last, Catch::Contains("times in a row and is not called for a while"));
  for (int i = 0; i < 1000 && last.find("in a row") != std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    last = binding.derive(attack.bench.profiles()).at(0).failure;
  }
  CHECK(last == "it ended itself (abort)");
}

TEST_CASE("abi.isolation: what keeps a plugin in here is known by doing it") {
  const auto support = load({}, Placement::kIsolated).isolation_support();
  REQUIRE(support.has_value());
  CHECK(support->enforced.front() == "system-call filters (seccomp)");
  CHECK(support->enforced.size() + support->missing.size() == 4);
}

TEST_CASE("abi.isolation: without the worker program nothing runs isolated, and the reason is named") {
  IsolationOptions isolation;
  isolation.worker = "/nowhere/caveat-plugin-worker";
  Attack attack("nothing", isolation);
  attack.bench.set(attack.bench.profile(), "pregnant", FactValue(true));
  const Binding binding = attack.bench.bind();
  CHECK_THAT(binding.derive(attack.bench.profiles()).at(0).failure, Catch::Contains("cannot be started"));
  const auto support = attack.bench.host.isolation_support();
  REQUIRE_FALSE(support.has_value());
  CHECK(support.error().kind == ErrorKind::kLoad);
}

TEST_CASE("abi.isolation: a library that needs more than the run time is refused by name") {
  const auto host = PluginHost::load({test_plugin("needs_a_library")}, guard(), everywhere(Placement::kIsolated));
  REQUIRE_FALSE(host.has_value());
  CHECK_THAT(all_messages(host.error()), Catch::Contains("needs the library `libssl.so.3`"));
}

}  // namespace caveat::test
