// Outcomes belong to the host: whatever a plugin does with the rules of its kinds, it fails for the profile concerned,
// with a reason that holds no value, and the evaluation then speaks for it.
#include "bench.hpp"

#include <random>

namespace caveat::test {

namespace {

/// One rule `pack/sign`, three profiles: met, undetermined, not met.
std::vector<PluginReply> misbehave(const std::string& behaviour) {
  Bench bench(load({test_plugin("misbehaving")}));
  Bench::give(bench.rule("warning_sign", "sign"), "behaviour", {behaviour});
  for (int i = 0; i < 3; ++i) bench.set(bench.profile(), "pregnant", i == 0);
  const std::array statuses = {RuleStatus::kMet, RuleStatus::kUndetermined, RuleStatus::kNotMet};
  return bench.bind().advise(bench.profiles(), {3, statuses}, "en");
}

}  // namespace

TEST_CASE("abi.outcomes: the plugin speaks rightly when it is not told to misbehave") {
  const auto replies = misbehave("nothing");
  REQUIRE(replies.size() == 3);
  for (const PluginReply& reply : replies) CHECK(reply.failure.empty());
  CHECK(replies[0].drafts.size() == 1);
  CHECK(replies[1].drafts.size() == 1);
  CHECK(replies[2].drafts.empty());
}

TEST_CASE("abi.outcomes: a plugin that misbehaves has failed for the profile, readably and without a value") {
  struct Case {
    const char* behaviour;
    const char* reason;
  };
  const Case cases[] = {
      {"throws", "it raised an exception"},
      {"throws-a-number", "it raised an exception"},
      {"fails", "it reported that it failed"},
      {"odd-status", "it returned the status 1234"},
      {"row-out-of-range", "a profile that is not in the batch"},
      {"rule-out-of-range", "a rule that does not exist (77)"},
      {"zeroed", "a rule that does not exist (0)"},
      {"no-advice", "no advisory"},
      {"text-out-of-range", "a text that does not exist"},
      {"fact-out-of-range", "a fact that does not exist (99)"},
      {"placeholder-without-fact", "named no fact"},
      {"severity-out-of-range", "a severity that does not exist (9)"},
      {"severity-lowered", "lowered the severity of `pack/sign`"},
      {"not-utf8", "not UTF-8"},
      {"no-bytes", "a text without its bytes"},
      {"promises", "wording refused: "},
      {"endless-words", ""},
      {"too-many-details", "a list of paragraphs that is too long"},
      {"huge-text", "quota of words"},
      {"details-missing", "a list of paragraphs that is too long or not there"},
      {"twice", "spoke twice of `pack/sign`"},
      {"derives-in-advise", "does not belong to the call"},
      {"gives-up", "it gave up: The plugin could not work with this profile."},
  };
  for (const Case& one : cases) {
    INFO(one.behaviour);
    const auto replies = misbehave(one.behaviour);
    REQUIRE(replies.size() == 3);
    for (std::size_t i = 0; i < 2; ++i) {
      if (std::string_view(one.reason).empty()) {
        CHECK(replies[i].failure.empty());
        continue;
      }
      CHECK_THAT(replies[i].failure, Catch::Contains(one.reason));
      CHECK(replies[i].failure.find("42") == std::string::npos);
      CHECK(replies[i].drafts.empty());
      CHECK(replies[i].checks.empty());
    }
  }
}

TEST_CASE("abi.outcomes: a plugin cannot speak of a rule on whose outcome its kind does not speak") {
  const auto replies = misbehave("speaks-on-not-met");
  CHECK(replies[0].failure.empty());
  CHECK_THAT(replies[2].failure, Catch::Contains("on whose outcome its kind does not speak"));
}

TEST_CASE("abi.outcomes: a rule left out is left out visibly, so that the host can speak") {
  const auto replies = misbehave("silent");
  CHECK(replies[0].failure.empty());
  CHECK(replies[0].drafts.empty());
  CHECK(replies[1].drafts.size() == 1);
}

TEST_CASE("abi.outcomes: only the profile at fault fails when a batch fails as a whole") {
  const auto replies = misbehave("throws-when-met");
  CHECK(replies[0].failure == "it raised an exception");
  CHECK(replies[1].failure.empty());
  CHECK(replies[1].drafts.size() == 1);
  CHECK(replies[2].failure.empty());
  CHECK(replies[2].checks.size() == 1);
}

TEST_CASE("abi.outcomes: a severity may be raised, and own words may be said") {
  const auto raised = misbehave("severity-raised");
  REQUIRE(raised[0].drafts.size() == 1);
  CHECK(raised[0].drafts[0].severity == Severity::kCritical);
  const auto own = misbehave("own-words");
  INFO(own[0].failure);
  REQUIRE(own[0].drafts.size() == 1);
  CHECK(own[0].drafts[0].statement.vetted == nullptr);
  CHECK(own[0].drafts[0].statement.free == "This sign is for a professional to look at.");
}

TEST_CASE("abi.outcomes: own words in a language without a lexicon are refused") {
  Bench bench(load({test_plugin("misbehaving")}));
  Bench::give(bench.rule("warning_sign", "sign"), "behaviour", {std::string("own-words")});
  bench.profile();
  const RuleStatus status = RuleStatus::kMet;
  const auto replies = bench.bind().advise(bench.profiles(), {1, {&status, 1}}, "xx");
  CHECK_THAT(replies[0].failure, Catch::Contains("wording refused"));
}

TEST_CASE("abi.outcomes: own words are refused when there is no guard to judge them") {
  Bench bench(load({test_plugin("misbehaving")}));
  Bench::give(bench.rule("warning_sign", "sign"), "behaviour", {std::string("own-words")});
  bench.profile();
  const RuleStatus status = RuleStatus::kMet;
  const auto bound = bench.host.bind(0, bench.rules(), bench.vocabulary);
  REQUIRE(bound.has_value());
  CHECK_THAT(bound->advise(bench.profiles(), {1, {&status, 1}}, "en")[0].failure, Catch::Contains("wording refused"));
}

TEST_CASE("abi.outcomes: the standard contraindications speak in every status, and say what is not settled") {
  Bench bench(load({CAVEAT_STANDARD_PLUGINS}));
  Rule& rule = bench.rule("contraindication", "wound");
  Bench::give(rule, "why", {text("Because it matters.")});
  for (int i = 0; i < 4; ++i) bench.profile();
  const std::array statuses = {RuleStatus::kMet, RuleStatus::kUndetermined, RuleStatus::kFailed, RuleStatus::kNotMet};
  const std::size_t plugin = *bench.host.find("caveat.contraindications");
  const auto replies = bench.bind(plugin).advise(bench.profiles(), {4, statuses}, "tr");
  const Manifest& manifest = bench.host.plugins()[plugin].manifest;
  for (std::size_t i = 0; i < 3; ++i) {
    INFO(i);
    CHECK(replies[i].failure.empty());
    REQUIRE(replies[i].drafts.size() == 1);
    CHECK(replies[i].drafts[0].title.vetted == &rule.title);
    CHECK_FALSE(replies[i].drafts[0].severity.has_value());
  }
  CHECK(replies[3].drafts.empty());
  CHECK(replies[0].drafts[0].statement.vetted == &rule.says);
  CHECK(replies[0].drafts[0].details.size() == 1);
  CHECK(replies[1].drafts[0].statement.vetted == &manifest.texts[0].second);
  CHECK(replies[1].drafts[0].details[0].vetted == &rule.says);
  CHECK(replies[2].drafts[0].statement.vetted == &manifest.texts[1].second);
}

TEST_CASE("abi.outcomes: the other standard plugins speak as their kinds say") {
  Bench bench(load({CAVEAT_STANDARD_PLUGINS}));
  Rule& factor = bench.rule("timeline_factor", "age");
  Bench::give(factor, "fact", {bench.id("age")});
  for (int i = 0; i < 3; ++i) bench.profile();
  const std::array statuses = {RuleStatus::kMet, RuleStatus::kUndetermined, RuleStatus::kFailed};
  const auto replies = bench.bind(*bench.host.find("caveat.timeline")).advise(bench.profiles(), {3, statuses}, "en");
  REQUIRE(replies[0].drafts.size() == 1);
  CHECK(replies[0].drafts[0].subject == bench.id("age"));
  CHECK(replies[0].drafts[0].details.size() == 2);
  CHECK(replies[0].drafts[0].details[0].vetted->in("en") == "{label}: {value}");
  CHECK(replies[1].failure.empty());
  CHECK(replies[1].drafts.empty());
  REQUIRE(replies[2].drafts.size() == 1);

  Bench second(load({CAVEAT_STANDARD_PLUGINS}));
  Rule& information = second.rule("information", "process");
  Bench::give(information, "points", {text("First."), text("Second.")});
  second.profile();
  const RuleStatus met = RuleStatus::kMet;
  const auto points =
      second.bind(*second.host.find("caveat.information")).advise(second.profiles(), {1, {&met, 1}}, "en");
  REQUIRE(points[0].drafts.size() == 1);
  CHECK(points[0].drafts[0].details.size() == 2);

  Bench third(load({CAVEAT_STANDARD_PLUGINS}));
  Rule& approach = third.rule("approach", "tone");
  Bench::give(approach, "supports", {text("It may support a more even look.")});
  third.profile();
  const auto drafted = third.bind(*third.host.find("caveat.approaches")).advise(third.profiles(), {1, {&met, 1}}, "en");
  REQUIRE(drafted[0].drafts.size() == 1);
  CHECK(drafted[0].drafts[0].details.size() == 2);
}

TEST_CASE("abi.outcomes: a batch says of each profile what it would say of it alone, in every order") {
  constexpr std::size_t kRows = 200, kRules = 5;
  constexpr unsigned kSeed = 20261122;
  Bench bench(load({CAVEAT_STANDARD_PLUGINS}));
  for (std::size_t i = 0; i < kRules; ++i) bench.rule("contraindication", "rule-" + std::to_string(i));
  for (std::size_t i = 0; i < kRows; ++i) bench.profile();
  std::mt19937 random(kSeed);
  std::vector<RuleStatus> statuses(kRows * kRules);
  for (RuleStatus& status : statuses) status = static_cast<RuleStatus>(random() % 4);
  const Binding binding = bench.bind(*bench.host.find("caveat.contraindications"));
  const auto profiles = bench.profiles();
  const auto together = binding.advise(profiles, {kRows, statuses}, "en");
  for (std::size_t row = 0; row < kRows; ++row) {
    std::vector<RuleStatus> own;
    for (std::size_t rule = 0; rule < kRules; ++rule) own.push_back(statuses[rule * kRows + row]);
    const auto alone = binding.advise({&profiles[row], 1}, {1, own}, "en");
    REQUIRE(alone[0].drafts.size() == together[row].drafts.size());
    std::size_t speaking = 0;
    for (const RuleStatus status : own) speaking += status != RuleStatus::kNotMet;
    REQUIRE(together[row].drafts.size() == speaking);
    for (std::size_t i = 0; i < alone[0].drafts.size(); ++i) {
      CHECK(alone[0].drafts[i].rule == together[row].drafts[i].rule);
      CHECK(alone[0].drafts[i].statement.vetted == together[row].drafts[i].statement.vetted);
    }
  }
}

}  // namespace caveat::test
