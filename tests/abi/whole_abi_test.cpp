// A plugin that uses the whole ABI: a fifth kind with fields of every type, a derived fact, and a check in code.
#include "bench.hpp"

namespace caveat::test {

namespace {

Quantity amount(const char* value, const char* unit) { return {*Decimal::parse(value), unit}; }

/// Rows: low, not low, nothing known, only the height known, low but too small to apply.
Bench body_mass() {
  Bench bench(load({test_plugin("body_mass")}));
  const auto person = [&](const char* weight, const char* height) {
    Facts& facts = bench.profile();
    if (weight != nullptr) bench.set(facts, "weight", amount(weight, "kg"));
    if (height != nullptr) bench.set(facts, "height", amount(height, "cm"));
  };
  person("50", "170");
  person("70.5", "175");
  person(nullptr, nullptr);
  person(nullptr, "180");
  person("9", "80");
  return bench;
}

}  // namespace

TEST_CASE("abi.whole: a derived fact is computed exactly from what is known") {
  const Bench bench = body_mass();
  const auto derived = bench.bind().derive(bench.profiles());
  REQUIRE(derived.size() == 5);
  const auto value = [&](std::size_t row) { return std::get<Decimal>(*derived[row].values[0]).to_canonical(); };
  CHECK(value(0) == "17.3");
  CHECK(value(1) == "23.02");
  CHECK_FALSE(derived[2].values[0].has_value());
  CHECK_FALSE(derived[3].values[0].has_value());
  CHECK(value(4) == "14.06");
}

TEST_CASE("abi.whole: a check in code reports with a tree of nodes") {
  Bench bench = body_mass();
  const Binding binding = bench.bind();
  const auto derived = binding.derive(bench.profiles());
  std::vector<Facts> facts;
  for (std::size_t row = 0; row < 5; ++row) {
    facts.push_back(*bench.profiles()[row]);
    if (derived[row].values[0]) bench.set(facts.back(), "body_mass_index", *derived[row].values[0]);
  }
  std::vector<const Facts*> profiles;
  for (const Facts& one : facts) profiles.push_back(&one);
  const auto replies = binding.advise(profiles, {5, {}}, "en");
  const std::array expected = {RuleStatus::kMet, RuleStatus::kNotMet, RuleStatus::kUndetermined,
                               RuleStatus::kUndetermined, RuleStatus::kNotMet};
  for (std::size_t row = 0; row < 5; ++row) {
    INFO(row << replies[row].failure);
    REQUIRE(replies[row].checks.size() == 1);
    const CheckReport& report = replies[row].checks[0];
    CHECK(report.status == expected[row]);
    REQUIRE(report.nodes.size() == 4);
    const CheckNode& root = report.nodes[*report.root];
    CHECK(root.op == CheckNode::Op::kAll);
    CHECK(root.text.vetted->in("en") == "The measure applies, and it is low.");
    REQUIRE(root.children.size() == 2);
    CHECK(report.nodes[root.children[0]].reads == std::vector<FactId>{bench.id("body_mass_index")});
    CHECK(report.nodes[root.children[1]].op == CheckNode::Op::kNot);
  }
}

TEST_CASE("abi.whole: fields of every type reach the plugin, and a field's fact is shown but not seen") {
  Bench bench(load({test_plugin("body_mass")}));
  Rule& rule = bench.rule("reminder", "weigh");
  Bench::give(rule, "note", {text("Weigh again.")});
  Bench::give(rule, "tag", {std::string("Ward 7")});
  Bench::give(rule, "weeks", {std::int64_t{4}});
  Bench::give(rule, "ratio", {*Decimal::parse("0.5")});
  Bench::give(rule, "urgent", {true});
  Bench::give(rule, "channel", {std::string("letter")});
  Bench::give(rule, "about", {bench.id("age")});
  Bench::give(rule, "points", {text("One."), text("Two.")});
  bench.rule("reminder", "bare");
  bench.profile();
  const std::array statuses = {RuleStatus::kMet, RuleStatus::kFailed};
  const auto replies = bench.bind().advise(bench.profiles(), {1, statuses}, "en");
  INFO(replies[0].failure);
  REQUIRE(replies[0].drafts.size() == 2);
  const Draft& full = replies[0].drafts[0];
  CHECK(full.rule == 0);
  CHECK(full.severity == Severity::kWarning);
  CHECK(full.subject == bench.id("age"));
  std::vector<std::string> details;
  for (const DraftText& detail : full.details) {
    details.emplace_back(detail.vetted != nullptr ? std::string(detail.vetted->in("en")) : detail.free);
  }
  CHECK(details ==
        std::vector<std::string>{"Weigh again.", "One.", "Two.", "{label}: {value}", "By letter.", "Ward 7"});
  CHECK(replies[0].drafts[1].details.empty());
  CHECK_FALSE(replies[0].drafts[1].severity.has_value());
}

TEST_CASE("abi.whole: several bindings of one plugin live side by side, and outlive being moved") {
  const Bench first = body_mass();
  Binding one = first.bind();
  Binding two = first.bind();
  two = std::move(one);
  CHECK(two.derive(first.profiles()).size() == 5);
  CHECK(two.derive({}).empty());
  CHECK(two.rules().empty());
}

}  // namespace caveat::test
