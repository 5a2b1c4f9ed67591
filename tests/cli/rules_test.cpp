#include "cli.hpp"

using caveat::testing::contains;
using caveat::testing::Folder;
using caveat::testing::kTiredRule;
using caveat::testing::run_caveat;
using caveat::testing::write_pack;

namespace {

caveat::testing::Finished check(const std::string& folder) { return run_caveat({"rules", "check", folder}); }
caveat::testing::Finished test(const std::string& folder) { return run_caveat({"rules", "test", folder}); }

constexpr std::string_view kCase = "[[case]]\nname = \"tired\"\nfacts = { tired = true }\n";

}  // namespace

TEST_CASE("cli.rules: the standard pack is clean, and its cases hold") {
  const auto clean = check("rules/microneedling");
  INFO(clean.out << clean.err);
  CHECK(clean.exit_code == 0);
  CHECK(contains(clean.out, "0 errors, 0 warnings"));
  const auto cases = test("rules/microneedling");
  INFO(cases.out << cases.err);
  CHECK(cases.exit_code == 0);
  CHECK(contains(cases.out, " cases, 0 failed\n"));
}

TEST_CASE("cli.rules: the example's pack is clean, and its cases hold") {
  const auto clean = check("examples/write_a_rule_pack/giving-blood");
  INFO(clean.out << clean.err);
  CHECK(clean.exit_code == 0);
  const auto cases = test("examples/write_a_rule_pack/giving-blood");
  INFO(cases.out << cases.err);
  CHECK(cases.exit_code == 0);
}

TEST_CASE("cli.rules: every mistake at once, with its place") {
  const Folder folder;
  const std::string pack = write_pack(folder, "bad",
      "[[contraindication]]\nid = \"one\"\nwhen = \"tird\"\ntitle = \"One\"\nsays = \"Text.\"\ncite = \"leaflet\"\n\n"
      "[[contraindication]]\nid = \"two\"\nwhen = \"tired\"\ntitle = \"Two\"\nsays = \"Text.\"\ncite = \"leaflets\"\n");
  const auto result = check(pack);
  CHECK(result.exit_code == 1);
  CHECK(contains(result.out, pack + "/rules.toml:3:9: error: "));
  CHECK(contains(result.out, "did you mean `tired`?"));
  CHECK(contains(result.out, pack + "/rules.toml:13:"));
  CHECK(contains(result.out, "2 errors"));
}

TEST_CASE("cli.rules: a warning is a finding") {
  const Folder folder;
  const std::string pack =
      write_pack(folder, "warned", std::string(kTiredRule) + "\n[define]\n\"unused\" = \"tired\"\n");
  const auto result = check(pack);
  INFO(result.out << result.err);
  CHECK(result.exit_code == 1);
  CHECK(contains(result.out, "warning: "));
  CHECK(contains(result.out, "0 errors, 1 warning\n"));
}

TEST_CASE("cli.rules: what cannot be loaded at all") {
  const Folder folder;
  CHECK(check(folder / "nowhere").exit_code == 3);
  CHECK(check(folder.string()).exit_code == 3);
  CHECK(test(folder / "nowhere").exit_code == 3);
  CHECK(run_caveat({"rules", "check", "rules/microneedling", "--plugins", "/nowhere"}).exit_code == 3);
  CHECK(run_caveat({"rules", "check", "rules/microneedling", "--wording", "/nowhere"}).exit_code == 3);
  const std::string broken = write_pack(folder, "broken", "[[contraindication]\n");
  CHECK(check(broken).exit_code == 1);
  const auto untested = test(broken);
  CHECK(untested.exit_code == 3);
  CHECK(contains(untested.err, "rules check"));
}

TEST_CASE("cli.rules: a case fails with its place, what was expected, and what came") {
  const Folder folder;
  const std::string pack = write_pack(folder, "wrong", kTiredRule);
  folder.write("wrong/cases/a.toml", std::string(kCase) +
                                         "expect.disposition = \"no-contraindication-found\"\nexpect.met = "
                                         "[]\nexpect.not-met = [\"tired\"]\nexpect.complete = false\n");
  const auto result = test(pack);
  INFO(result.out << result.err);
  CHECK(result.exit_code == 1);
  CHECK(contains(result.out, pack + "/cases/a.toml:1:1: failed: tired\n"));
  CHECK(contains(result.out, "a.toml:4:22: `disposition`: expected no-contraindication-found, got refer\n"));
  CHECK(contains(result.out, "a.toml:5:14: `tired`: expected not met, got met\n"));
  CHECK(contains(result.out, "a.toml:6:19: `tired`: expected not-met, got met\n"));
  CHECK(contains(result.out, "a.toml:7:19: `complete`: expected false, got true\n"));
  CHECK(contains(result.out, "1 case, 1 failed\n"));
}

TEST_CASE("cli.rules: a pack without cases does not hold") {
  const Folder folder;
  const auto result = test(write_pack(folder, "bare", kTiredRule));
  CHECK(result.exit_code == 1);
  CHECK(contains(result.out, "0 cases, 0 failed"));
}

TEST_CASE("cli.rules: rules that are always met may be left out of a list, or stand in it") {
  const Folder folder;
  const std::string always =
      "\n[[information]]\nid = \"always\"\ntitle = \"Always\"\nsays = \"A text.\"\ncite = \"leaflet\"\n";
  const std::string pack = write_pack(folder, "lists", std::string(kTiredRule) + always);
  folder.write("lists/cases/a.toml", std::string(kCase) + "expect.met = [\"tired\"]\nexpect.not_met = []\n\n"
               "[[case]]\nname = \"listed\"\nfacts = { tired = true }\nexpect.met = [\"tired\", \"lists/always\"]\n");
  const auto result = test(pack);
  INFO(result.out << result.err);
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "2 cases, 0 failed\n"));
}

TEST_CASE("cli.rules: what is wrong with a case") {
  struct Wrong {
    std::string_view text;
    std::string_view says;
  };
  const std::vector<Wrong> all = {
      {"[[case]]\nname = \"a\"\nfacts = {}\n", "has no `expect`"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect = {}\n", "expects nothing"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect.met = [\"tierd\"]\n", "did you mean `tired`?"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect.met = [\"tired\"]\nexpect.failed = [\"tired\"]\n", "twice"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect.met = \"tired\"\n", "a list of rule ids"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect.disposition = \"safe\"\n", "no disposition `safe`"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect.outcome = \"refer\"\n", "outcome"},
      {"[[case]]\nname = \"a\"\nfacts = { tird = true }\nexpect.met = []\n", "cases/a.toml:3:"},
      {"[[case]]\nname = \"a\"\nfacts = { tired = 3 }\nexpect.met = []\n", "cases/a.toml:3:"},
      {"[[case]]\nfacts = {}\nexpect.met = []\n", "has no `name`"},
      {"[[case]]\nname = \"a\"\nexpect.met = []\n", "has no `facts`"},
      {"[[case]]\nname = \"a\"\nat = 2026-11-22\nfacts = {}\nexpect.met = []\n", "a date-time with an offset"},
      {"[[case]]\nname = \"a\"\nlang = \"xx\"\nfacts = {}\nexpect.met = []\n", "language"},
      {"[[case]]\nname = \"a\"\nfact = {}\nfacts = {}\nexpect.met = []\n", "`fact`"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect.not-met = []\nexpect.not_met = []\n", "mean the same"},
      {"[[case]]\nname = \"a\"\nfacts = {}\nexpect.met = []\n[[case]]\nname = \"a\"\nfacts = {}\nexpect.met = []\n",
       "second case"},
      {"[[case]]\nname = \"a\"\nfacts = {\n", "cases/a.toml:"},
      {"[case]\nname = \"a\"\n", "`[[case]]`"},
      {"", "no case"},
  };
  const Folder folder;
  const std::string pack = write_pack(folder, "cases", kTiredRule);
  for (const Wrong& wrong : all) {
    folder.write("cases/cases/a.toml", wrong.text);
    const auto checked = check(pack);
    INFO(wrong.text << checked.out << checked.err);
    CHECK(checked.exit_code == 1);
    CHECK(contains(checked.out, wrong.says));
    CHECK(test(pack).exit_code == 1);
  }
}

TEST_CASE("cli.rules: the syntax of cases is checked even when the pack does not load") {
  const Folder folder;
  const std::string pack = write_pack(folder, "both", "[[contraindication]\n");
  folder.write("both/cases/a.toml", "[[case]\n");
  const auto result = check(pack);
  CHECK(contains(result.out, "rules.toml:1:"));
  CHECK(contains(result.out, "cases/a.toml:1:"));
}

TEST_CASE("cli.rules: a pack finds the packs it uses beside it") {
  const Folder folder;
  write_pack(folder, "ground", kTiredRule);
  const std::string pack =
      write_pack(folder, "above",
                 "[[contraindication]]\nid = \"also\"\nwhen = \"tired\"\ntitle = \"Also\"\n"
                 "says = \"People who are tired are asked to speak to the nurse.\"\ncite = \"leaflet\"\n",
                 "");
  std::string header = caveat::testing::read_file(pack + "/pack.toml");
  header.insert(header.find("title = "), "uses = [\"ground\"]\n");
  folder.write("above/pack.toml", header);
  const auto result = check(pack);
  INFO(result.out << result.err);
  CHECK(result.exit_code == 0);
}

TEST_CASE("cli.rules: show reads as a person reads") {
  const auto result = run_caveat({"rules", "show", "rules/microneedling"});
  CHECK(result.exit_code == 0);
  for (const char* part : {"microneedling 1.2.0 (active)", "when pregnant or breastfeeding", "source article#",
                           "timeline_factor", "when always"}) {
    INFO(part);
    CHECK(contains(result.out, part));
  }
  CHECK(contains(run_caveat({"rules", "show", "rules/microneedling", "--lang", "tr"}).out, "Mikro"));
  CHECK(run_caveat({"rules", "show", "/nowhere"}).exit_code == 3);
}
