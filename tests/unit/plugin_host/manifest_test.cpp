#include "plugin_host/manifest.hpp"

#include "support/catch.hpp"

#include <stdexcept>

namespace caveat {

namespace {

const Guard& guard() {
  static const Guard loaded = [] {
    auto result = Guard::load(CAVEAT_SOURCE_DIR "/rules/wording");
    if (!result) throw std::runtime_error(to_string(result.error().diagnostics.front()));
    return std::move(*result);
  }();
  return loaded;
}

constexpr std::string_view kPlugin = R"([plugin]
id = "org.example.doses"
version = "1.0.0"
license = "Apache-2.0"
vendor = "Example"
abi = 1
threading = "any"
pure = true
)";

constexpr std::string_view kKind = R"([kind.dose]
role = "informs"
severity = "info"
speaks = ["met"]
when = "optional"
)";

Manifest read(const std::string& text) {
  auto manifest = read_manifest(text, "plugin.toml", guard());
  if (!manifest) FAIL(to_string(manifest.error().diagnostics.front()));
  return std::move(*manifest);
}

/// All that is wrong with a text, one diagnostic a line.
std::string mistakes(const std::string& text) {
  const auto manifest = read_manifest(text, "plugin.toml", guard());
  if (manifest) return "";
  CHECK(manifest.error().kind == ErrorKind::kLoad);
  std::string out;
  for (const Diagnostic& diagnostic : manifest.error().diagnostics) out += to_string(diagnostic) + "\n";
  return out;
}

std::string with(std::string_view more) { return std::string(kPlugin) + std::string(kKind) + std::string(more); }

}  // namespace

TEST_CASE("plugin_host.manifest: everything that a manifest may hold is read in order") {
  const Manifest manifest = read(std::string(kPlugin) + R"(reads = ["age"]
[kind.dose]
role = "bars"
severity = "critical"
speaks = ["met", "undetermined", "failed"]
when = "required"
[kind.dose.field.zeta]
type = "list of fact"
doc = "Facts."
[kind.dose.field.alpha]
type = "choice"
choices = ["b", "a"]
required = true
doc = "A choice."
[derived.total]
type = "integer"
label = { en = "Total" }
reads = ["age", "weight"]
[check.interval]
role = "informs"
severity = "info"
speaks = ["met"]
reads = ["age"]
title = { en = "Interval" }
says = { en = "The interval between doses is short." }
source = { title = "Guideline", section = "4", url = "https://example.org" }
[text.second]
en = "{label}: {value}"
[text.first]
en = "A note."
)");
  CHECK(manifest.id == "org.example.doses");
  CHECK(manifest.threading == Manifest::Threading::kAny);
  CHECK(manifest.pure);
  CHECK(manifest.reads == std::vector<std::string>{"age"});
  REQUIRE(manifest.kinds.size() == 1);
  const KindSchema& kind = manifest.kinds[0];
  CHECK(kind.plugin == "org.example.doses");
  CHECK(kind.role == Role::kBars);
  CHECK(kind.severity == Severity::kCritical);
  CHECK(kind.when_required);
  REQUIRE(kind.fields.size() == 2);
  CHECK(kind.fields[0].name == "zeta");
  CHECK(kind.fields[0].type == FieldType::kFact);
  CHECK(kind.fields[0].list);
  CHECK(kind.fields[1].required);
  CHECK(kind.fields[1].choices == std::vector<std::string>{"b", "a"});
  REQUIRE(manifest.derives.size() == 1);
  CHECK(manifest.derives[0].derived);
  CHECK(manifest.derives[0].plugin == "org.example.doses");
  CHECK(manifest.derives[0].reads == std::vector<std::string>{"age", "weight"});
  REQUIRE(manifest.checks.size() == 1);
  CHECK(manifest.checks[0].full_id == "org.example.doses/interval");
  CHECK(manifest.checks[0].source_section == "4");
  REQUIRE(manifest.texts.size() == 2);
  CHECK(manifest.texts[0].first == "second");
}

TEST_CASE("plugin_host.manifest: a mistake is reported with its place and help") {
  struct Case {
    std::string text;
    const char* message;
  };
  const std::string plugin(kPlugin);
  const Case cases[] = {
      {with("[kind.dose.field.f]\ntype = \"texts\"\ndoc = \"d\"\n"),
       "plugin.toml:15:8: error: `texts` is no type of a field"},
      {with("[kind.dose.field.f]\ntype = \"choice\"\ndoc = \"d\"\n"), "has no `choices`"},
      {with("[kind.dose.field.f]\ntype = \"text\"\nchoices = [\"a\"]\ndoc = \"d\"\n"), "is no choice"},
      {with("[kind.dose.field.says]\ntype = \"text\"\ndoc = \"d\"\n"), "`says` is a field of every rule"},
      {with("[kind.fact]\nrole = \"bars\"\n"), "`fact` is a table of the pack format itself"},
      {with("[kind.Dose]\n"), "`Dose` is no name for a kind"},
      {with("[kind.other]\nrole = \"blocks\"\nseverity = \"info\"\nspeaks = [\"met\"]\nwhen = \"optional\"\n"),
       "`blocks` is no value of `role`"},
      {with(
           "[kind.other]\nrole = \"bars\"\nseverity = \"info\"\nspeaks = [\"met\", \"failed\"]\nwhen = \"required\"\n"),
       "does not speak when undetermined"},
      {with("[kind.other]\nrole = \"informs\"\nseverity = \"info\"\nspeaks = []\nwhen = \"required\"\n"),
       "does not speak when met"},
      {with("[kind.other]\nrole = \"informs\"\nseverity = \"info\"\nspeaks = [\"met\", \"not-met\"]\nwhen = "
            "\"required\"\n"),
       "`not-met` is no value of `speaks`"},
      {with("[text.a]\nen = \"Guaranteed results in two weeks.\"\n"), "must not be said"},
      {with("[text.a]\nen = \"See {vlaue}.\"\n"), "a brace that is no placeholder"},
      {with("[text.a]\nen = \"One.\"\ntr = \"Bir.\"\n[text.b]\nen = \"Two.\"\n"), "no text in `tr`"},
      {with("[text.a]\nxx = \"One.\"\n"), "no wording lexicon for the language `xx`"},
      {with("[derived.a]\ntype = \"integer\"\nlabel = \"A\"\nreads = [\"b\"]\n[derived.b]\ntype = \"integer\"\nlabel = "
            "\"B\"\nreads = [\"c\"]\n"),
       "`a` reads `b`, which the same plugin derives"},
      {with("[check.a]\nrole = \"informs\"\nseverity = \"info\"\nspeaks = [\"met\"]\nreads = []\ntitle = \"A\"\nsays = "
            "\"B\"\nsource = { title = \"T\" }\n"),
       "reads nothing"},
      {with("[check.a]\nrole = \"informs\"\nseverity = \"info\"\nspeaks = [\"met\"]\nreads = [\"x\"]\ntitle = "
            "\"{label}\"\nsays = \"B\"\nsource = { title = \"T\" }\n"),
       "there is no fact to show here"},
      {with("[text.a]\nen = \"One.\"\n[unknown]\n"), "unknown"},
      {plugin, "declares no kind, no derived fact and no check"},
      {std::string(kKind), "the manifest has no `plugin`"},
      {with("") + "[plugin]\n", "plugin.toml:"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    CHECK_THAT(mistakes(one.text), Catch::Contains(one.message));
  }
}

TEST_CASE("plugin_host.manifest: what a plugin says of itself is checked") {
  const auto replaced = [](std::string_view what, std::string_view by) {
    std::string text = with("");
    text.replace(text.find(what), what.size(), by);
    return mistakes(text);
  };
  CHECK(mistakes(with("")).empty());
  CHECK_THAT(replaced("org.example.doses", "doses"), Catch::Contains("`doses` is no plugin id"));
  CHECK_THAT(replaced("org.example.doses", "org..doses"), Catch::Contains("is no plugin id"));
  CHECK_THAT(replaced("1.0.0", "one"), Catch::Contains("`one` is no version"));
  CHECK_THAT(replaced("abi = 1", "abi = 2"), Catch::Contains("plugin.toml:6:7: error: needs version 2"));
  CHECK_THAT(replaced("abi = 1", "abi = \"1\""), Catch::Contains("`abi` must be an integer"));
  CHECK_THAT(replaced("\"any\"", "\"some\""), Catch::Contains("`some` is no value of `threading`"));
  CHECK_THAT(replaced("pure = true", "pure = 1"), Catch::Contains("`pure` must be"));
  CHECK_THAT(replaced("license = \"Apache-2.0\"\n", ""), Catch::Contains("has no `license`"));
}

TEST_CASE("plugin_host.manifest: all mistakes are reported at once") {
  const std::string all = mistakes(R"([plugin]
id = "x"
abi = 9
[kind.pack]
role = "nothing"
[text.a]
en = "Guaranteed."
)");
  for (const char* part : {"`x` is no plugin id", "has no `version`", "needs version 9", "`pack` is a table",
                           "`nothing` is no value of `role`", "must not be said"}) {
    CHECK_THAT(all, Catch::Contains(part));
  }
}

TEST_CASE("plugin_host.manifest: what a plugin takes a fact to be is read, and its mistakes are told") {
  const std::string reads =
      std::string(kPlugin) + "reads = [\"weight\", \"skin_type\", \"seen\"]\n" + std::string(kKind);
  const Manifest manifest = read(reads + R"([expects.weight]
type = "quantity"
unit = "kg"
[expects.skin_type]
type = "choice"
values = ["I", "II"]
[expects.seen]
type = "date"
)");
  REQUIRE(manifest.expects.size() == 3);
  CHECK(manifest.expects[0].unit == "kg");
  CHECK(manifest.expects[1].values == std::vector<std::string>{"I", "II"});
  CHECK(manifest.expects[2].type == FactType::kDate);

  const std::string all = mistakes(reads + R"([expects.weight]
type = "quantity"
[expects.skin_type]
type = "integer"
values = ["I", "I"]
unit = "kg"
[expects.seen]
type = "day"
colour = "red"
[expects.wieght]
type = "choice"
values = ["I", "I"]
)");
  for (const char* part : {"`unit`", "`values` belongs to", "`unit` belongs to", "`day` is no type of a fact",
                           "`colour`", "nothing of the manifest reads `wieght`", "`weight`?", "a value stands twice"}) {
    INFO(all);
    CHECK_THAT(all, Catch::Contains(part));
  }
}

}  // namespace caveat
