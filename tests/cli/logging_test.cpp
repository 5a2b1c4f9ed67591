#include "cli.hpp"

using caveat::testing::Arguments;
using caveat::testing::contains;
using caveat::testing::Folder;
using caveat::testing::kAt;
using caveat::testing::run_caveat;

namespace {

// Values that stand nowhere else, so that finding one in a log proves where it came from.
constexpr std::string_view kProfile =
    "id = \"patient-zq7741\"\nrecorded = 2026-10-09\n[facts]\n"
    "age = { value = 97, recorded = 2026-11-13, source = \"sourcexq55\" }\n"
    "skin_type = { value = \"IV\", recorded = 2026-11-14, source = \"otherxq56\" }\n"
    "concerns = [\"uneven-tone\", \"surface-irregularities\"]\nsun_exposure_history = \"moderate\"\npregnant = true\n";
constexpr std::string_view kSecrets[] = {"zq7741", "97",          "2026-10-09",             "2026-11-13", "xq5",
                                         "IV",     "uneven-tone", "surface-irregularities", "moderate",   "2026-11-14"};

}  // namespace

TEST_CASE("cli.logging: no value and no id, at any level and in any format") {
  const Folder folder;
  const std::string profile = folder.write("p.toml", kProfile);
  for (const char* level : {"trace", "debug", "info", "warn", "error"}) {
    for (const Arguments& command :
         {Arguments{"evaluate", profile, "--at", kAt, "--format", "json"}, Arguments{"evaluate", profile, "--at", kAt},
          Arguments{"eval", "age > 18", "--profile", profile, "--at", kAt}}) {
      Arguments arguments = command;
      arguments.insert(arguments.end(), {"--log-level", level});
      const auto result = run_caveat(arguments);
      INFO(level << "\n" << result.err);
      CHECK(result.exit_code == 0);
      for (const std::string_view secret : kSecrets) {
        INFO(secret);
        CHECK_FALSE(contains(result.err, secret));
      }
    }
  }
}

TEST_CASE("cli.logging: a trace says what was loaded and what came of it") {
  const auto result = run_caveat({"evaluate", "examples/profiles/pregnant.json", "--at", kAt, "--log-level", "trace"});
  CHECK(contains(result.err, "caveat: info: pack loaded id=microneedling"));
  CHECK(contains(result.err, "plugin loaded id=caveat.contraindications"));
  CHECK(contains(result.err, "disposition=refer"));
}

TEST_CASE("cli.logging: silent by default, chosen by option before environment") {
  const Arguments command = {"evaluate", "examples/profiles/pregnant.json", "--at", kAt};
  CHECK(run_caveat(command).err.empty());
  CHECK(contains(run_caveat(command, {}, {{"CAVEAT_LOG", "info"}}).err, "caveat: info: "));
  Arguments quiet = command;
  quiet.insert(quiet.end(), {"--log-level", "off"});
  CHECK(run_caveat(quiet, {}, {{"CAVEAT_LOG", "trace"}}).err.empty());
  CHECK(run_caveat({"--log-level", "info", "evaluate", "examples/profiles/pregnant.json", "--at", kAt}).exit_code == 0);
  CHECK(run_caveat(command, {}, {{"CAVEAT_LOG", "loud"}}).exit_code == 2);
  Arguments loud = command;
  loud.insert(loud.end(), {"--log-level", "loud"});
  CHECK(run_caveat(loud).exit_code == 2);
}
