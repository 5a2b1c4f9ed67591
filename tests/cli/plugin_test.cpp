#include "cli.hpp"

using caveat::testing::contains;
using caveat::testing::Folder;
using caveat::testing::kBuild;
using caveat::testing::kPlugins;
using caveat::testing::run_caveat;

TEST_CASE("cli.plugin: list shows the four standard plugins, and where they run") {
  const auto result = run_caveat({"plugin", "list"});
  CHECK(result.exit_code == 0);
  for (const char* id : {"caveat.approaches", "caveat.contraindications", "caveat.information", "caveat.timeline"}) {
    CHECK(contains(result.out, id));
  }
  CHECK(contains(result.out, "in process"));
  const auto json = run_caveat({"plugin", "list", "--format", "json"});
  CHECK(contains(json.out, "\"schema\": \"caveat.plugins/1\""));
  CHECK(contains(json.out, "\"state\": \"in process\""));
}

TEST_CASE("cli.plugin: info reads the manifest and runs nothing") {
  const auto result = run_caveat({"plugin", "info", (kPlugins / "timeline.so").string()});
  CHECK(result.exit_code == 0);
  CHECK(contains(result.out, "caveat.timeline"));
  CHECK(contains(result.out, "kind: timeline_factor"));
  CHECK(contains(run_caveat({"plugin", "info", (kPlugins / "timeline.so").string(), "--format", "json"}).out,
                 "\"kinds\""));
}

TEST_CASE("cli.plugin: a file that is no plugin") {
  const Folder folder;
  const std::string text = folder.write("text.so", "not a library\n");
  for (const std::string& file :
       {text, folder / "nowhere.so", folder.string(), (kBuild / "tests/plugins/no_manifest/no_manifest.so").string()}) {
    const auto result = run_caveat({"plugin", "info", file});
    INFO(file << ": " << result.err);
    CHECK(result.exit_code == 3);
    CHECK(result.out.empty());
    CHECK(contains(result.err, file));
  }
}
