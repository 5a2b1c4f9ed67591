#include "cli.hpp"

using caveat::testing::Arguments;
using caveat::testing::contains;
using caveat::testing::Finished;
using caveat::testing::Folder;
using caveat::testing::kAt;
using caveat::testing::kBuild;
using caveat::testing::kPlugins;
using caveat::testing::kSource;
using caveat::testing::kTiredRule;
using caveat::testing::run_caveat;

namespace {

const std::string kRest = "wording = \"" + (kSource / "rules/wording").string() + "\"\n";

/// A folder with a pack `tired`, a profile and a configuration.
struct Site {
  Folder folder;
  std::string profile = folder.write("profile.json", R"({"id": "p", "facts": {"tired": true}})");

  Site() {
    caveat::testing::write_pack(folder, "packs/tired", kTiredRule);
    rename();
  }
  void rename() const {
    std::string header = caveat::testing::read_file(folder / "packs/tired/pack.toml");
    header.replace(header.find("packs/tired"), 11, "tired");
    folder.write("packs/tired/pack.toml", header);
  }
  [[nodiscard]] Finished evaluate(const std::string& configuration) const {
    const std::string file = folder.write("caveat.toml", configuration);
    return run_caveat({"evaluate", profile, "--at", kAt, "--format", "json", "--config", file});
  }
};

/// `[plugins]` with one beside the standard ones that nobody vouches for.
const std::string kStranger =
    "[plugins]\nfolders = [\"" + kPlugins.string() + "\", \"" + (kBuild / "tests/plugins/body_mass").string() + "\"]\n";

const std::string kPacks = "[packs]\nfolders = \"packs\"\n" + kRest;

}  // namespace

TEST_CASE("cli.configuration: by option, then by environment, else none") {
  const Site site;
  CHECK(contains(site.evaluate(kPacks).out, "\"tired/tired\""));
  const std::string file = site.folder / "caveat.toml";
  const std::vector<std::string> evaluate = {"evaluate", site.profile, "--at", kAt, "--format", "json"};
  CHECK(contains(run_caveat(evaluate, {}, {{"CAVEAT_CONFIG", file}}).out, "\"tired/tired\""));
  const std::string other = site.folder.write("other.toml", "[packs]\nfolders = \"nowhere\"\n" + kRest);
  auto chosen = evaluate;
  chosen.insert(chosen.end(), {"--config", file});
  CHECK(contains(run_caveat(chosen, {}, {{"CAVEAT_CONFIG", other}}).out, "\"tired/tired\""));
  CHECK(run_caveat(evaluate, {}, {{"CAVEAT_CONFIG", site.folder / "none.toml"}}).exit_code == 2);
  CHECK(run_caveat({"completion", "bash"}, {}, {{"CAVEAT_CONFIG", site.folder / "none.toml"}}).exit_code == 0);
}

TEST_CASE("cli.configuration: what is typed goes first") {
  const Site site;
  const std::string file = site.folder.write("caveat.toml", kPacks + "\n[limits]\nprofile_bytes = 10\n");
  const Finished limited = run_caveat({"evaluate", site.profile, "--at", kAt, "--config", file});
  CHECK(limited.exit_code == 2);
  CHECK(contains(limited.err, "holds more than 10 bytes"));
  CHECK(run_caveat({"evaluate", site.profile, "--at", kAt, "--config", file, "--limit-bytes", "1000"}).exit_code == 0);
  CHECK_FALSE(contains(run_caveat({"facts", "--config", file, "--rules", (kSource / "rules").string()}).out, "Tired?"));
  CHECK(contains(run_caveat({"facts", "--config", file}).out, "Tired?"));
  CHECK_FALSE(contains(
      run_caveat({"facts", "--config", file}, {}, {{"CAVEAT_RULES", (kSource / "rules").string()}}).out, "Tired?"));
}

TEST_CASE("cli.configuration: mistakes end the command, all at once, each with its place") {
  const Site site;
  const Finished wrong = site.evaluate("[packs]\nfolder = \"packs\"\n[isolation]\ndeadline_ms = 0\n");
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.out.empty());
  CHECK(contains(wrong.err, "caveat.toml:2:1: error: "));
  CHECK(contains(wrong.err, "did you mean `folders`?"));
  CHECK(contains(wrong.err, "caveat.toml:4:15: error: "));
}

TEST_CASE("cli.configuration: a rule that the site switched off is in every evaluation, with who, when and why") {
  const Site site;
  const std::string off =
      "\n[[disable]]\nrule = \"tired/tired\"\nreason = \"asked at the desk\"\nperson = \"Lead nurse\"\ndate = "
      "2026-10-01\n";
  const Finished silenced = site.evaluate(kPacks + off);
  INFO(silenced.err);
  CHECK(silenced.exit_code == 0);
  CHECK(contains(
      silenced.out,
      R"("disabled":[{"rule":"tired/tired","reason":"asked at the desk","person":"Lead nurse","date":"2026-10-01"}])"));
  CHECK(contains(silenced.out, "\"complete\":false"));
  const Finished text = run_caveat({"evaluate", site.profile, "--at", kAt, "--config", site.folder / "caveat.toml"});
  for (const char* part : {"tired/tired", "asked at the desk", "Lead nurse", "2026-10-01"})
    CHECK(contains(text.out, part));

  const Finished unknown = site.evaluate(
      kPacks + "\n[[disable]]\nrule = \"tired/tird\"\nreason = \"r\"\nperson = \"p\"\ndate = 2026-10-01\n");
  CHECK(unknown.exit_code == 3);
  CHECK(contains(unknown.err, "caveat.toml:5:1: error: "));
  CHECK(contains(unknown.err, "did you mean `tired/tired`?"));
  const Finished twice = site.evaluate(kPacks + off + off);
  CHECK(twice.exit_code == 3);
  CHECK(contains(twice.err, "a second time"));
}

TEST_CASE("cli.configuration: every command that loads plugins trusts them as the file says") {
  const Site site;
  const std::string log = site.folder / "audit.db";
  const std::string open = site.folder.write("open.toml", kPacks + kStranger);
  const std::string strict = site.folder.write("strict.toml", kPacks + kStranger + "[trust]\nallow_unsigned = false\n");
  const std::string pack = site.folder / "packs/tired";
  site.folder.write("packs/tired/cases/one.toml",
                    "[[case]]\nname = \"tired\"\nfacts.tired = true\nexpect.disposition = \"refer\"\n");
  for (const Arguments& command :
       std::vector<Arguments>{{"evaluate", site.profile, "--audit", log},
                              {"eval", "tired"},
                              {"facts"},
                              {"plugin", "list"},
                              {"rules", "show", pack},
                              {"rules", "check", pack},
                              {"audit", "replay", "2", "--audit", log, "--profile", site.profile}}) {
    const auto with = [&](const std::string& file) {
      Arguments all = command;
      all.insert(all.end(), {"--config", file});
      return run_caveat(all);
    };
    const Finished good = with(open), refused = with(strict);
    INFO(command.front() << ' ' << command.back() << '\n' << good.out << good.err << refused.out << refused.err);
    CHECK(good.exit_code <= 1);  // `rules check` finds that the pack could be better
    CHECK(refused.exit_code == 3);
    CHECK(contains(refused.err + refused.out, "`org.example.body-mass` 1.2.0 is not signed"));
  }
}

TEST_CASE("cli.configuration: isolation is as the file says") {
  const Site site;
  const std::string file = site.folder.write("caveat.toml", kPacks + kStranger + "[isolation]\nworker = \"nowhere\"\n");
  const Finished listed = run_caveat({"plugin", "list", "--config", file});
  CHECK(listed.exit_code == 3);
  CHECK(contains(listed.err, "cannot be started"));
}

TEST_CASE("cli.configuration: who looks at a pack sees all of it, and what was recorded replays as it was") {
  const Site site;
  const std::string log = site.folder / "audit.db";
  const std::string off =
      "\n[[disable]]\nrule = \"elsewhere/rule\"\nreason = \"r\"\nperson = \"p\"\ndate = 2026-10-01\n";
  const std::string file = site.folder.write("caveat.toml", kPacks);
  const Finished then =
      run_caveat({"evaluate", site.profile, "--at", kAt, "--format", "json", "--config", file, "--audit", log});
  REQUIRE(then.exit_code == 0);
  site.folder.write("caveat.toml", kPacks + "[[trust.deny]]\nid = \"tired\"\nreason = \"withdrawn\"\n" + off);
  CHECK(run_caveat({"evaluate", site.profile, "--at", kAt, "--config", file}).exit_code == 3);
  const Finished again =
      run_caveat({"audit", "replay", "2", "--audit", log, "--profile", site.profile, "--config", file});
  INFO(again.err);
  CHECK(again.exit_code == 0);
  CHECK(again.out == then.out);
  site.folder.write("caveat.toml", kPacks + off);
  CHECK(run_caveat({"rules", "show", site.folder / "packs/tired", "--config", file}).exit_code == 0);
}
