#include "cli.hpp"

#include <algorithm>

using caveat::testing::Arguments;
using caveat::testing::contains;
using caveat::testing::Folder;
using caveat::testing::kAt;
using caveat::testing::kPlugins;
using caveat::testing::kSource;
using caveat::testing::lines_of;
using caveat::testing::read_file;
using caveat::testing::run_caveat;
using caveat::testing::shell;

namespace {

constexpr const char* kFirstVisit = "examples/profiles/first-visit.toml";
constexpr const char* kPregnant = "examples/profiles/pregnant.json";

}  // namespace

TEST_CASE("cli.evaluate: the main job, as text") {
  const auto result = run_caveat({"evaluate", kFirstVisit, "--at", kAt});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK(contains(result.out, "authorised healthcare professional"));
  CHECK_FALSE(contains(result.out, "\x1b["));
  CHECK(run_caveat({"evaluate", kFirstVisit}).exit_code == 0);
}

TEST_CASE("cli.evaluate: json is one line a profile, and the same bytes each time") {
  const auto once = run_caveat({"evaluate", kFirstVisit, kPregnant, "--at", kAt, "--format", "json"});
  CHECK(once.exit_code == 0);
  const auto lines = lines_of(once.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with(R"({"schema":"caveat.evaluation/1")"));
  CHECK(contains(lines[0], R"("disposition":"insufficient-information")"));
  CHECK(contains(lines[1], R"("disposition":"refer")"));
  CHECK(run_caveat({"evaluate", kFirstVisit, kPregnant, "--at", kAt, "--format", "json"}).out == once.out);
  CHECK(contains(run_caveat({"evaluate", kPregnant, "--at", kAt, "--format=json", "--pretty"}).out, "{\n  \"schema\""));
}

TEST_CASE("cli.evaluate: markdown, languages and how much is explained") {
  CHECK(contains(run_caveat({"evaluate", kPregnant, "--at", kAt, "--format", "markdown"}).out, "#"));
  CHECK(contains(run_caveat({"evaluate", kPregnant, "--at", kAt, "--lang", "tr"}).out, "profesyoneli"));
  const auto none = run_caveat({"evaluate", kPregnant, "--at", kAt, "--explain", "none"});
  const auto brief = run_caveat({"evaluate", kPregnant, "--at", kAt});
  const auto full = run_caveat({"evaluate", kPregnant, "--at", kAt, "--explain", "full"});
  CHECK(none.out.size() < brief.out.size());
  CHECK(brief.out.size() < full.out.size());
}

TEST_CASE("cli.evaluate: standard input, once") {
  const std::string profile = read_file(kSource / kPregnant);
  const auto result = run_caveat({"evaluate", "-", "--at", kAt, "--format", "json"}, profile);
  CHECK(result.exit_code == 0);
  CHECK(result.out == run_caveat({"evaluate", kPregnant, "--at", kAt, "--format", "json"}).out);
  CHECK(run_caveat({"evaluate", "-", "-"}, profile).exit_code == 2);
}

TEST_CASE("cli.evaluate: a bad profile costs only itself") {
  const Folder folder;
  const std::string bad = folder.write("bad.toml", "[facts]\nage = 212\nskin_type = \"VII\"\n");
  const auto result = run_caveat({"evaluate", bad, kPregnant, "--at", kAt, "--format", "json"});
  CHECK(result.exit_code == 2);
  CHECK(lines_of(result.out).size() == 1);
  CHECK(contains(result.out, R"("disposition":"refer")"));
  CHECK(contains(result.err, bad + ":2:"));
  CHECK(contains(result.err, bad + ":3:"));
}

TEST_CASE("cli.evaluate: an answer dated after the evaluation is the profile's mistake") {
  const auto result = run_caveat({"evaluate", kFirstVisit, "--at", "2020-01-01T00:00:00Z"});
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(contains(result.err, kFirstVisit));
}

TEST_CASE("cli.evaluate: dispositions that end with 10") {
  CHECK(run_caveat({"evaluate", kPregnant, "--at", kAt, "--exit-on", "refer"}).exit_code == 10);
  CHECK(run_caveat({"evaluate", kPregnant, "--at", kAt, "--exit-on", "incomplete,refer"}).exit_code == 10);
  CHECK(run_caveat({"evaluate", kPregnant, "--at", kAt, "--exit-on", "incomplete", "--exit-on", "refer"}).exit_code ==
        10);
  CHECK(run_caveat({"evaluate", kPregnant, "--at", kAt, "--exit-on", "insufficient-information"}).exit_code == 0);
  CHECK(run_caveat({"evaluate", "no-such-file.toml", kPregnant, "--at", kAt, "--exit-on", "refer"}).exit_code == 2);
  const auto slip = run_caveat({"evaluate", kPregnant, "--exit-on", "reffer"});
  CHECK(slip.exit_code == 2);
  CHECK(contains(slip.err, "did you mean `refer`?"));
}

TEST_CASE("cli.evaluate: FHIR records in, FHIR and HTML out") {
  const std::string record = "examples/records/checkup.json";
  const auto text = run_caveat({"evaluate", record, "--at", kAt});
  CHECK(text.exit_code == 0);
  CHECK(contains(text.out, "Condition/keloid-1"));
  CHECK(contains(text.out, "1 Encounter"));
  const auto fhir = run_caveat({"evaluate", record, kPregnant, "--at", kAt, "--format", "fhir"});
  CHECK(fhir.exit_code == 0);
  CHECK(std::count(fhir.out.begin(), fhir.out.end(), '\n') == 2);
  CHECK(contains(fhir.out, "\"resourceType\":\"GuidanceResponse\""));
  CHECK(contains(fhir.out, "\"reference\":\"Patient/p-002\""));
  const auto html = run_caveat({"evaluate", record, kPregnant, "--at", kAt, "--format", "html"});
  CHECK(html.exit_code == 0);
  CHECK(html.out.starts_with("<!DOCTYPE html>"));
  CHECK(html.out.find("<!DOCTYPE", 1) == std::string::npos);
  const auto stranger = run_caveat({"evaluate", record, "--at", kAt, "--patient", "someone-else"});
  CHECK(stranger.exit_code == 0);
  CHECK(contains(stranger.out, "is not of the patient of this record"));
}

TEST_CASE("cli.evaluate: options that cannot be") {
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{{"--format", "xml"},
                                                                                    {"--at", "yesterday"},
                                                                                    {"--at", "2026-11-22"},
                                                                                    {"--lang", "xx"},
                                                                                    {"--pack", "microneedle"},
                                                                                    {"--explain", "all"},
                                                                                    {"--limit-bytes", "much"},
                                                                                    {"--limit-facts", "0"}}) {
    std::vector<std::string> arguments = {"evaluate", kPregnant};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run_caveat(arguments);
    INFO(more[0] << ' ' << more[1] << ": " << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(contains(result.err, "error: "));
    CHECK(contains(result.err, "help: "));
  }
}

TEST_CASE("cli.evaluate: facts that nothing declares, by leave") {
  const Folder folder;
  const std::string profile = folder.write("p.toml", "[facts]\nshoe_size = 42\npregnant = true\n");
  CHECK(run_caveat({"evaluate", profile, "--at", kAt}).exit_code == 2);
  CHECK(run_caveat({"evaluate", profile, "--at", kAt, "--lenient"}).exit_code == 0);
}

TEST_CASE("cli.evaluate: limits are options") {
  CHECK(run_caveat({"evaluate", kFirstVisit, "--at", kAt, "--limit-facts", "3"}).exit_code == 2);
  CHECK(run_caveat({"evaluate", kFirstVisit, "--at", kAt, "--limit-bytes", "100"}).exit_code == 2);
  CHECK(run_caveat({"evaluate", kFirstVisit, "--at", kAt, "--limit-depth", "1"}).exit_code == 2);
}

TEST_CASE("cli.evaluate: rules and plugins by option, then by environment, then beside the command") {
  const std::string rules = (kSource / "rules").string();
  const std::string plugins = kPlugins.string();
  const auto usual = run_caveat({"evaluate", kPregnant, "--at", kAt, "--format", "json"});
  CHECK(run_caveat({"evaluate", kPregnant, "--at", kAt, "--format", "json", "--rules", rules, "--plugins", plugins})
            .out == usual.out);
  const auto by_environment = run_caveat({"evaluate", kPregnant, "--at", kAt, "--format", "json"}, {},
                                         {{"CAVEAT_RULES", rules}, {"CAVEAT_PLUGINS", plugins}});
  CHECK(by_environment.out == usual.out);
  CHECK(run_caveat({"evaluate", kPregnant}, {}, {{"CAVEAT_RULES", "/nowhere"}}).exit_code == 3);
  CHECK(run_caveat({"evaluate", kPregnant}, {}, {{"CAVEAT_PLUGINS", "/nowhere"}}).exit_code == 3);
  CHECK(run_caveat({"evaluate", kPregnant, "--rules", rules}, {}, {{"CAVEAT_RULES", "/nowhere"}}).exit_code == 0);
}

TEST_CASE("cli.evaluate: a folder of rules anywhere, held to the standard lexicons") {
  const auto result = run_caveat(
      {"evaluate", "--rules", "examples/write_a_rule_pack", "examples/write_a_rule_pack/profile.toml", "--at", kAt});
  INFO(result.err);
  CHECK(result.exit_code == 0);
}

TEST_CASE("cli.evaluate: every pack, where none is chosen") {
  const Folder folder;
  caveat::testing::write_pack(folder, "second", caveat::testing::kTiredRule);
  const std::string profile = folder.write("p.toml", "[facts]\npregnant = true\n");
  const Arguments both = {"evaluate", profile,        "--at",    kAt,
                          "--format", "json",         "--rules", (kSource / "rules").string(),
                          "--rules",  folder.string()};
  const auto all = run_caveat(both);
  INFO(all.err);
  CHECK(all.exit_code == 0);
  CHECK(lines_of(all.out).size() == 2);
  Arguments one = both;
  one.insert(one.end(), {"--pack", "second"});
  const auto chosen = run_caveat(one);
  REQUIRE(lines_of(chosen.out).size() == 1);
  CHECK(contains(chosen.out, R"("id":"second")"));
}

TEST_CASE("cli.evaluate: results that cannot be written are a failure") {
  if (std::filesystem::exists("/dev/full")) {
    const auto full = shell("caveat evaluate examples/profiles/pregnant.json > /dev/full");
    CHECK(full.exit_code == 4);
    CHECK(contains(full.err, "could not be written"));
    CHECK(shell("caveat --help > /dev/full").exit_code == 4);
  } else {
    WARN("there is no /dev/full here: a full disk was not tried");
  }
  const auto closed = shell("caveat evaluate examples/profiles/pregnant.json >&-");
  CHECK(closed.exit_code == 4);
  CHECK(contains(closed.err, "could not be written"));
}

TEST_CASE("cli.evaluate: a reader that leaves is no failure") {
  const auto result = shell("set -o pipefail; caveat facts --format json | head -n 1; exit ${PIPESTATUS[0]}");
  CHECK(result.exit_code == 0);
  CHECK(result.out == "{\n");
  CHECK(result.err.empty());
}
