#include "cli.hpp"

using caveat::testing::contains;
using caveat::testing::Folder;
using caveat::testing::kAt;
using caveat::testing::run_caveat;

TEST_CASE("cli.eval: prints the value as a literal of the language") {
  CHECK(run_caveat({"eval", "1 + 1"}).out == "2\n");
  CHECK(run_caveat({"eval", "-1 + 3"}).out == "2\n");
  CHECK(run_caveat({"eval", "1 'g' = 1000 'mg'"}).out == "true\n");
  CHECK(run_caveat({"eval", "Today()", "--at", "2026-11-22T23:30:00-05:00"}).out == "@2026-11-22\n");
  CHECK(run_caveat({"eval", "null"}).out == "null\n");
}

TEST_CASE("cli.eval: unknown is a value, and says why") {
  const auto result = run_caveat({"eval", "pregnant or open_wound"});
  CHECK(result.exit_code == 0);
  CHECK(result.out == "unknown\n");
  CHECK(contains(result.err, "pregnant (not-asked)"));
  CHECK(contains(result.err, "open_wound (not-asked)"));
}

TEST_CASE("cli.eval: the facts of a profile") {
  const std::string profile = "examples/profiles/first-visit.toml";
  CHECK(run_caveat({"eval", "age", "--profile", profile, "--at", kAt}).out == "34\n");
  CHECK(run_caveat({"eval", "age < 18 or pregnant", "--profile", profile, "--at", kAt}).out == "false\n");
  const auto unknown = run_caveat({"eval", "breastfeeding", "--profile", profile, "--at", kAt});
  CHECK(unknown.out == "unknown\n");
  CHECK(contains(unknown.err, "breastfeeding (not-known)"));
  CHECK(run_caveat({"eval", "age", "--profile", "no-such-profile.toml"}).exit_code == 2);
}

TEST_CASE("cli.eval: mistakes have a place, and end with 2") {
  for (const char* expression : {"1 +", "pregnent", "1 / ", "age < 'young'", "", "'unclosed", "\"no such name\""}) {
    const auto result = run_caveat({"eval", expression});
    INFO(expression << ": " << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(contains(result.err, "expression:1:"));
    CHECK(contains(result.err, "error: "));
  }
  CHECK(contains(run_caveat({"eval", "pregnent"}).err, "did you mean `pregnant`?"));
}

TEST_CASE("cli.eval: one expression a line, one result a line") {
  const auto result = run_caveat({"eval"}, "1 + 1\n\nnot null\n1 +\npregnant\n");
  CHECK(result.exit_code == 2);
  CHECK(result.out == "2\nnull\ninvalid\nunknown\n");
  CHECK(contains(result.err, "standard input:4:"));
  CHECK_FALSE(contains(result.out, ">"));
  CHECK(run_caveat({"eval"}, "1\n2").out == "1\n2\n");
  CHECK(run_caveat({"eval"}, "").exit_code == 0);
}

TEST_CASE("cli.eval: needs no rules for what names no fact") {
  const Folder folder;
  std::filesystem::create_directories(folder / "bin");
  const std::string moved = folder / "bin/caveat";
  std::filesystem::copy_file(caveat::testing::kBuild / "bin/caveat", moved);
  caveat::testing::Command command;
  command.arguments = {moved, "eval", "2 * 3"};
  command.environment = {{"CAVEAT_RULES", "-unset-"}, {"CAVEAT_PLUGINS", "-unset-"}};
  const auto alone = caveat::testing::run(command);
  CHECK(alone.exit_code == 0);
  CHECK(alone.out == "6\n");
  CHECK(contains(alone.err, "warning: no rules could be loaded"));
  CHECK(run_caveat({"eval", "2 * 3", "--rules", "/nowhere"}).exit_code == 3);
}

TEST_CASE("cli.eval: text that is none") {
  CHECK(run_caveat({"eval", "'\xff'"}).exit_code == 2);
  CHECK(run_caveat({"eval"}, std::string("1\0", 2) + "\n2\n").out == "invalid\n2\n");
}
