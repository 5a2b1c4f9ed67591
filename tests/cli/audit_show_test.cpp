#include "cli.hpp"

#include <boost/json.hpp>

#include <fstream>

using namespace caveat::testing;

namespace json = boost::json;

namespace {

const std::string kClear = "examples/profiles/clear.toml";
const std::string kPregnant = "examples/profiles/pregnant.json";

/// A log of two evaluations: records 2 and 3.
std::string recorded(const Folder& folder) {
  const std::string log = folder / "audit.db";
  REQUIRE(run_caveat({"evaluate", kClear, kPregnant, "--at", kAt, "--audit", log}).exit_code == 0);
  return log;
}

json::object parsed(const std::string& text) { return json::parse(text).as_object(); }

}  // namespace

TEST_CASE("cli.audit: list shows what there is, the newest last") {
  const Folder folder;
  const std::string log = recorded(folder);
  const auto all = lines_of(run_caveat({"audit", "list", "--audit", log}).out);
  REQUIRE(all.size() == 3);
  CHECK(all[0].starts_with("1       "));
  CHECK(contains(all[1], "evaluation microneedling        no-contraindication-found"));
  CHECK(contains(all[2], "evaluation microneedling        refer"));
  CHECK(lines_of(run_caveat({"audit", "list", "--audit", log, "--last", "2"}).out) ==
        std::vector<std::string>{all[1], all[2]});
  const auto listed = parsed(run_caveat({"audit", "list", "--audit", log, "--last", "9", "--format", "json"}).out);
  CHECK(listed.at("records").as_array().size() == 3);
  for (const char* wrong : {"0", "-1", "x", "1.5"})
    CHECK(run_caveat({"audit", "list", "--audit", log, "--last", wrong}).exit_code == 2);
}

TEST_CASE("cli.audit: show finds a record by its number and by the evaluation's id") {
  const Folder folder;
  const std::string log = recorded(folder);
  const auto evaluation = parsed(run_caveat({"evaluate", kPregnant, "--at", kAt, "--format", "json"}).out);
  const auto shown = run_caveat({"audit", "show", "3", "--audit", log, "--format", "json"});
  CHECK(shown.exit_code == 0);
  const auto record = parsed(shown.out);
  CHECK(record.at("record").at("disposition") == "refer");
  const json::value& then = record.at("context");
  CHECK(then.at("engine").at("version") == CAVEAT_VERSION);
  CHECK(then.at("plugins").as_array().size() == 4);
  CHECK(then.at("packs").at(0).at("digest") == evaluation.at("packs").at(0).at("digest"));

  const std::string id(evaluation.at("id").as_string());
  CHECK(run_caveat({"audit", "show", id, "--audit", log, "--format", "json"}).out == shown.out);
  CHECK(contains(run_caveat({"audit", "show", "3", "--audit", log}).out, "pack microneedling "));
  for (const char* wrong : {"4", "0", "x", "00000000000000000000000000000000"})
    CHECK(run_caveat({"audit", "show", wrong, "--audit", log}).exit_code == 2);
  std::filesystem::rename(log + ".key", log + ".gone");
  CHECK(run_caveat({"audit", "show", "3", "--audit", log}).exit_code == 0);
  CHECK(contains(run_caveat({"audit", "show", id, "--audit", log}).err, "needs the key"));
}

TEST_CASE("cli.audit: export is the records' own bytes, with what the engine had loaded before them") {
  const Folder folder;
  const std::string log = recorded(folder);
  const auto lines = lines_of(run_caveat({"audit", "export", "--audit", log}).out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[1].starts_with(R"({"content":"sha256:)"));
  std::string previous;
  for (const std::size_t i : {std::size_t{0}, std::size_t{2}, std::size_t{3}}) {
    const auto line = parsed(lines[i]);
    if (!previous.empty()) CHECK(line.at("record").at("previous").as_string() == previous);
    previous = std::string(line.at("hash").as_string());
  }
}

TEST_CASE("cli.audit: replay gives the same bytes, also with the pack that is no longer there") {
  const Folder folder;
  const std::string pack = write_pack(folder, "sleep", kTiredRule);
  const std::string profile = folder.write("p.json", R"({"id": "p-1", "facts": {"tired": true}})");
  const std::string log = folder / "audit.db";
  const Arguments evaluate = {"evaluate", profile, "--rules", pack, "--at", kAt, "--format", "json"};
  Arguments and_record = evaluate;
  and_record.insert(and_record.end(), {"--audit", log});
  const auto then = run_caveat(and_record);
  REQUIRE(then.exit_code == 0);

  // The pack says something else now.
  std::string changed(kTiredRule);
  changed.replace(changed.find("Tiredness"), 9, "Weariness");
  folder.write("sleep/rules.toml", changed);
  CHECK(run_caveat(evaluate).out != then.out);

  const auto again = run_caveat({"audit", "replay", "2", "--audit", log, "--profile", profile});
  CHECK(again.exit_code == 0);
  CHECK(again.out == then.out);
  CHECK(again.err.empty());
  const std::string id(parsed(then.out).at("id").as_string());
  CHECK(run_caveat({"audit", "replay", id, "--audit", log, "--profile", profile}).out == then.out);
}

TEST_CASE("cli.audit: replay says what differs, and ends with 1 when the bytes do") {
  const Folder folder;
  const std::string log = recorded(folder);
  const auto other = run_caveat({"audit", "replay", "2", "--audit", log, "--profile", kPregnant});
  CHECK(other.exit_code == 1);
  CHECK(contains(other.err, "answers are not those that were recorded [profile-differs]"));
  CHECK(contains(other.err, "[result-differs]"));

  // A plugin of other bytes that says the same: told, and the result holds.
  std::filesystem::create_directories(folder / "plugins");
  for (const auto& plugin : std::filesystem::directory_iterator(kPlugins))
    std::filesystem::copy_file(plugin.path(), folder / ("plugins/" + plugin.path().filename().string()));
  std::ofstream(folder / "plugins/timeline.so", std::ios::app | std::ios::binary) << "more";
  const auto rebuilt =
      run_caveat({"audit", "replay", "2", "--audit", log, "--profile", kClear, "--plugins", folder / "plugins"});
  CHECK(rebuilt.exit_code == 0);
  CHECK(contains(rebuilt.err, "warning: the plugin `caveat.timeline` was "));
  CHECK(contains(rebuilt.err, "[plugin-differs]"));

  std::filesystem::remove(folder / "plugins/timeline.so");
  CHECK(run_caveat({"audit", "replay", "2", "--audit", log, "--profile", kClear, "--plugins", folder / "plugins"})
            .exit_code == 3);
  CHECK(run_caveat({"audit", "replay", "1", "--audit", log, "--profile", kClear}).exit_code == 2);
  CHECK(run_caveat({"audit", "replay", "2", "--audit", log}).exit_code == 2);
}

TEST_CASE("cli.audit: a log that keeps profiles replays by itself, wherever they came from") {
  const Folder folder;
  const std::string log = folder / "audit.db";
  Arguments evaluate = {"evaluate", "--at", kAt, "--format", "json", "--audit", log, "--keep-profiles", "--"};
  for (const char* examples : {"examples/profiles", "examples/records"}) {
    for (const auto& each : std::filesystem::directory_iterator(kSource / examples))
      evaluate.push_back(each.path().string());
  }
  const auto then = run_caveat(evaluate);
  REQUIRE(then.exit_code == 0);
  const auto results = lines_of(then.out);
  REQUIRE(results.size() > 8);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto again = run_caveat({"audit", "replay", std::to_string(i + 2), "--audit", log});
    INFO(results[i]);
    CHECK(again.exit_code == 0);
    CHECK(again.out == results[i] + "\n");
  }
}

TEST_CASE("cli.audit: kept profiles are read with their own key alone") {
  const Folder folder;
  const std::string log = folder / "audit.db";
  const auto then =
      run_caveat({"evaluate", kPregnant, "--at", kAt, "--format", "json", "--audit", log, "--keep-profiles"});
  REQUIRE(then.exit_code == 0);
  std::filesystem::rename(log + ".profiles-key", folder / "elsewhere");
  CHECK(run_caveat({"audit", "replay", "2", "--audit", log}).exit_code == 2);
  CHECK(run_caveat({"audit", "replay", "2", "--audit", log, "--profiles-key", folder / "elsewhere"}).out == then.out);
  CHECK(run_caveat({"audit", "replay", "2", "--audit", log, "--profiles-key", log + ".key"}).exit_code == 2);
  CHECK(run_caveat({"evaluate", kPregnant, "--keep-profiles"}).exit_code == 2);
}

TEST_CASE("cli.audit: stats count how evaluations came out") {
  const Folder folder;
  const std::string log = recorded(folder);
  const auto shown = lines_of(run_caveat({"audit", "stats", "--audit", log}).out);
  CHECK(shown.at(0) == "2 evaluations: incomplete 0, insufficient-information 0, no-contraindication-found 1, refer 1");
  const auto counts = parsed(run_caveat({"audit", "stats", "--audit", log, "--format", "json"}).out);
  CHECK(counts.at("dispositions").at("refer").as_int64() == 1);
  CHECK(counts.at("packs").at(0).at("id") == "microneedling");
  CHECK(counts.at("rules").as_array().empty());
}
