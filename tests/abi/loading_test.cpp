#include "bench.hpp"

#include <fstream>
#include <functional>

namespace caveat::test {

namespace {

/// A folder of this test's own, empty.
fs::path scratch(const std::string& name) {
  const fs::path folder = fs::path(CAVEAT_BINARY_DIR) / "tests" / "scratch" / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

void write(const fs::path& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What loading the folders is refused for.
std::string refusal(const std::vector<fs::path>& folders, Placement placement = Placement::kInProcess) {
  const auto host = PluginHost::load(folders, guard(), everywhere(placement));
  if (host) return "";
  CHECK(host.error().kind == ErrorKind::kLoad);
  return all_messages(host.error());
}

}  // namespace

TEST_CASE("abi.loading: the standard plugins load by file name and own their kinds") {
  const PluginHost host = load({CAVEAT_STANDARD_PLUGINS});
  std::vector<std::string> ids;
  for (const PluginInfo& plugin : host.plugins()) ids.push_back(plugin.manifest.id);
  CHECK(ids == std::vector<std::string>{"caveat.approaches", "caveat.contraindications", "caveat.information",
                                        "caveat.timeline"});
  CHECK(host.find("caveat.timeline") == 3u);
  CHECK_FALSE(host.find("caveat.nothing").has_value());
  CHECK(host.kind_names() ==
        std::vector<std::string>{"approach", "contraindication", "information", "timeline_factor"});
  const KindSchema* kind = host.kind("contraindication");
  REQUIRE(kind != nullptr);
  CHECK(kind->role == Role::kBars);
  CHECK(kind->severity == Severity::kWarning);
  CHECK(kind->when_required);
  CHECK(kind->speaks == std::array<bool, 4>{true, false, true, true});
  CHECK_FALSE(host.kind("approach")->speaks_when(RuleStatus::kUndetermined));
  CHECK(host.kind("timeline_factor")->fields.front().required);
  CHECK(host.kind("nothing") == nullptr);
}

TEST_CASE("abi.loading: a library that a host must refuse is refused, with its reason") {
  struct Case {
    const char* plugin;
    const char* reason;
  };
  const Case cases[] = {
      {"wrong_major", "`org.example.refused` refuses this engine"},
      {"other_major_in_table", "version 2 of the plugin ABI"},
      {"other_manifest", "another manifest than its section"},
      {"missing_function", "no function `advise`"},
      {"short_table", "no function `advise`"},
      {"later_abi", "needs version 2 of the plugin ABI"},
      {"no_manifest", "without a Caveat manifest"},
  };
  for (const Case& one : cases) {
    INFO(one.plugin);
    CHECK_THAT(refusal({test_plugin(one.plugin)}), Catch::Contains(one.reason));
    CHECK_THAT(refusal({test_plugin(one.plugin)}, Placement::kIsolated), Catch::Contains(one.reason));
    CHECK_THAT(refusal({CAVEAT_STANDARD_PLUGINS, test_plugin(one.plugin)}), Catch::Contains(one.reason));
  }
}

TEST_CASE("abi.loading: what is no library is refused without being loaded") {
  const fs::path folder = scratch("not-a-library");
  write(folder / "text.so", "[plugin]\nid = \"org.example.text\"\n");
  CHECK_THAT(refusal({folder}), Catch::Contains("text.so: error: not an ELF shared library"));
  write(folder / "empty.so", "");
  write(folder / "truncated.so", read(test_plugin("plain_c") / "plain_c.so").substr(0, 4000));
  const std::string all = refusal({folder});
  CHECK_THAT(all, Catch::Contains("empty.so"));
  CHECK_THAT(all, Catch::Contains("truncated.so: error: a truncated shared library"));
  CHECK_THAT(all, Catch::Contains("text.so"));
  CHECK_THAT(refusal({folder / "nowhere"}), Catch::Contains("folder of plugins cannot be read"));
  const fs::path none = scratch("no-library");
  write(none / "README.md", "Not a plugin either, and nobody asked.");
  CHECK(refusal({none}).empty());
}

TEST_CASE("abi.loading: a folder named like a library is refused") {
  const fs::path folder = scratch("folder-named-so");
  fs::create_directories(folder / "folder.so");
  CHECK_THAT(refusal({folder}), Catch::Contains("no such file"));
}

TEST_CASE("abi.loading: two owners of a kind, an id or a derived fact are refused, all at once") {
  CHECK_THAT(refusal({CAVEAT_STANDARD_PLUGINS, test_plugin("second_owner")}),
             Catch::Contains("the kind `contraindication` belongs to the plugin `caveat.contraindications` too"));
  const fs::path folder = scratch("two-of-one-id");
  fs::copy_file(test_plugin("body_mass") / "body_mass.so", folder / "a.so");
  fs::copy_file(test_plugin("body_mass") / "body_mass.so", folder / "b.so");
  const std::string all = refusal({folder});
  CHECK_THAT(all, Catch::Contains("the id `org.example.body-mass`"));
  CHECK_THAT(all, Catch::Contains("the kind `reminder`"));
  CHECK_THAT(all, Catch::Contains("the derived fact `body_mass_index`"));
}

TEST_CASE("abi.loading: the mistakes of all plugins are reported at once") {
  const std::string all = refusal({test_plugin("later_abi"), test_plugin("no_manifest"), CAVEAT_STANDARD_PLUGINS});
  CHECK_THAT(all, Catch::Contains("later_abi.so(plugin.toml):6:7"));
  CHECK_THAT(all, Catch::Contains("no_manifest.so"));
}

TEST_CASE("abi.loading: a plugin in plain C loads and speaks") {
  Bench bench(load({test_plugin("plain_c")}));
  bench.rule("warning_sign", "sign");
  bench.profile();
  const RuleStatus status = RuleStatus::kMet;
  const auto replies = bench.bind().advise(bench.profiles(), {1, {&status, 1}}, "en");
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].failure.empty());
  REQUIRE(replies[0].drafts.size() == 1);
  CHECK(replies[0].drafts[0].title.vetted == nullptr);
}

TEST_CASE("abi.loading: what was judged is what is loaded, whatever becomes of the file in between") {
  const fs::path other = test_plugin("wrong_major") / "wrong_major.so";  // refused as soon as its code is asked
  const fs::path file = scratch("exchanged") / "plain_c.so";
  const std::string good = read(test_plugin("plain_c") / "plain_c.so");
  const std::vector<std::pair<const char*, std::function<void()>>> swaps = {
      {"written over", [&] { write(file, read(other)); }},
      {"exchanged",
       [&] {
         fs::copy_file(other, file.string() + ".new");
         fs::rename(file.string() + ".new", file);
       }},
      {"gone", [&] { fs::remove(file); }},
  };
  for (const auto& [what, swap] : swaps) {
    for (const Placement placement : {Placement::kInProcess, Placement::kIsolated}) {
      INFO(what << ", " << to_string(placement));
      write(file, good);
      const Judge judge = [&](const fs::path& path, std::string_view bytes, const Manifest& manifest) {
        auto standing = everywhere(placement)(path, bytes, manifest);
        swap();
        return standing;
      };
      auto host = PluginHost::load({file.parent_path()}, guard(), judge);
      if (!host) FAIL(all_messages(host.error()));
      CHECK((fs::exists(file) ? read(file) : "") != good);
      CHECK(host->plugins().front().standing.digest == sha256(good));
      Bench bench(std::move(*host));
      bench.rule("warning_sign", "sign");
      bench.profile();
      const RuleStatus status = RuleStatus::kMet;
      CHECK(bench.bind().advise(bench.profiles(), {1, {&status, 1}}, "en").front().failure.empty());
    }
  }
}

TEST_CASE("abi.loading: a plugin that cannot be bound is refused with its own words") {
  struct Case {
    const char* behaviour;
    const char* reason;
  };
  for (const Case& one : {Case{"bind-throws", "raised an exception"}, Case{"bind-fails", "it has no table"},
                          Case{"bind-lies", "made no instance"}}) {
    for (const Placement placement : {Placement::kInProcess, Placement::kIsolated}) {
      Bench bench(load({test_plugin("misbehaving")}, placement));
      Bench::give(bench.rule("warning_sign", "sign"), "behaviour", {std::string(one.behaviour)});
      const auto bound = bench.host.bind(0, bench.rules(), bench.vocabulary);
      REQUIRE_FALSE(bound.has_value());
      CHECK(bound.error().kind == ErrorKind::kLoad);
      CHECK_THAT(all_messages(bound.error()), Catch::Contains(one.reason));
    }
  }
}

TEST_CASE("abi.loading: a plugin that reads a fact nobody declares is refused") {
  const PluginHost host = load({test_plugin("body_mass")});
  const auto bound = host.bind(0, {}, Vocabulary());
  REQUIRE_FALSE(bound.has_value());
  const std::string all = all_messages(bound.error());
  CHECK_THAT(all, Catch::Contains("reads the fact `weight`, which nothing declares"));
  CHECK_THAT(all, Catch::Contains("`height`"));
}

TEST_CASE("abi.loading: a plugin is not bound to a fact that is something else than it expects") {
  const PluginHost host = load({test_plugin("body_mass")});
  const auto refused = [&](FactType type, const char* unit) {
    Vocabulary vocabulary;
    Diagnostics diagnostics;
    for (const char* name : {"weight", "height"}) {
      FactDeclaration fact;
      fact.name = name;
      fact.type = FactType::kQuantity;
      fact.unit = "cm";
      if (fact.name == "weight") std::tie(fact.type, fact.unit) = std::pair(type, unit);
      vocabulary.declare(fact, diagnostics);
    }
    for (const FactDeclaration& fact : host.plugins()[0].manifest.derives) vocabulary.declare(fact, diagnostics);
    const auto bound = host.bind(0, {}, vocabulary);
    return bound ? "" : all_messages(bound.error());
  };
  CHECK(refused(FactType::kQuantity, "kg").empty());
  CHECK_THAT(refused(FactType::kQuantity, "[lb_av]"), Catch::Contains("expects `kg`, and it is declared in `[lb_av]`"));
  CHECK_THAT(refused(FactType::kDecimal, ""),
             Catch::Contains("of the fact `weight` the plugin `org.example.body-mass`"));
  CHECK_THAT(refused(FactType::kDecimal, ""), Catch::Contains("expects quantity, and it is declared as decimal"));
}

}  // namespace caveat::test
