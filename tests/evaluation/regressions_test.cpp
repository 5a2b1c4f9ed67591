// One case a mistake that was made once.
#include "evaluation/kit.hpp"

#include <algorithm>

using kit::outcomes, kit::rule, kit::strings, kit::text;
using kit::TempFolder, kit::advisory, kit::as_json, kit::booleans, kit::evaluate, kit::ids, kit::kHeader, kit::load;
namespace json = boost::json;

namespace {

const std::string kMeasures =
    "[fact.weight]\ntype = \"quantity\"\nunit = \"kg\"\nlabel = \"Weight\"\nask = \"How heavy?\"\nvalid_for = \"3 "
    "months\"\n"
    "[fact.height]\ntype = \"quantity\"\nunit = \"cm\"\nlabel = \"Height\"\nask = \"How tall?\"\n";

std::string header(const std::string& id, const std::string& more) {
  std::string out = kHeader;
  out.replace(out.find("\"test\""), 6, "\"" + id + "\"");
  return out.replace(out.find("defer_to"), 0, more);
}

const std::string kNeedsBodyMass = "requires = { plugins = [\"org.example.body-mass\"] }\n";

caveat::EngineOptions with_body_mass(const TempFolder& folder) {
  caveat::EngineOptions options = kit::options_for(folder.path());
  options.plugins = std::vector{kit::kPlugins, kit::kBuild / "tests/plugins/body_mass"};
  return options;
}

caveat::Engine body_mass(const TempFolder& folder, const std::string& rules) {
  folder.write("test/pack.toml", header("test", kNeedsBodyMass) + kMeasures + rules);
  return load(with_body_mass(folder));
}

bool holds(const std::vector<caveat::Diagnostic>& diagnostics, const std::string& code) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const auto& d) { return d.code == code; });
}

}  // namespace

TEST_CASE("evaluation.regressions: an old answer is not fresh because a derived fact was computed from it") {
  const TempFolder folder;
  folder.write("vitals/pack.toml",
               header("vitals", kNeedsBodyMass) + kMeasures + rule("contraindication", "x", "weight > 500 'kg'"));
  folder.write("test/pack.toml",
               header("test", kNeedsBodyMass) + rule("contraindication", "x", "body_mass_index < 18.5"));
  const auto engine = caveat::Engine::load(with_body_mass(folder));
  REQUIRE_FALSE(engine);  // what a derived fact is computed from counts as read
  CHECK(holds(engine.error().diagnostics, "foreign-fact"));
  const TempFolder other;
  const json::object result =
      as_json(evaluate(body_mass(other, rule("contraindication", "x", "body_mass_index < 18.5")),
                       "[facts]\nheight = { value = 180, unit = \"cm\" }\n"
                       "weight = { value = 80, unit = \"kg\", recorded = 2016-01-01 }"));
  CHECK(outcomes(result).at("test/x") == "undetermined");
  CHECK(strings(advisory(result, "test/x")->at("missing")) == std::vector<std::string>{"weight"});
  CHECK_FALSE(advisory(result, "test/x")->at("notes").as_array().empty());  // it hangs on a stale answer, and says so
}

TEST_CASE("evaluation.regressions: a check asks for what its derived facts are computed from") {
  const TempFolder folder;
  const json::object result =
      as_json(evaluate(body_mass(folder, ""), "[facts]\nheight = { value = 170, unit = \"cm\" }"));
  CHECK(outcomes(result).at("org.example.body-mass/low-body-mass") == "undetermined");
  REQUIRE(result.at("questions").as_array().size() == 1);
  CHECK(text(result.at("questions").at(0).at("fact")) == "weight");
  CHECK(strings(advisory(result, "org.example.body-mass/low-body-mass")->at("missing")) ==
        std::vector<std::string>{"weight"});
}

TEST_CASE("evaluation.regressions: a check that hangs on a failed derivation has failed") {
  const TempFolder folder;
  const json::object result =
      as_json(evaluate(body_mass(folder, ""),
                       "[facts]\nheight = { value = 1000, unit = \"cm\" }\nweight = { value = 1, unit = \"kg\" }"));
  CHECK(outcomes(result).at("org.example.body-mass/low-body-mass") == "failed");
  CHECK(text(result.at("disposition")) == "incomplete");
}

TEST_CASE("evaluation.regressions: a profile is not read as another engine's facts") {
  const TempFolder one, two;
  const caveat::Engine before = kit::engine_of(one, booleans({"a", "b"}) + rule("contraindication", "x", "a"));
  const caveat::Engine after = kit::engine_of(two, booleans({"b", "a"}) + rule("contraindication", "x", "a"));
  const auto profile = caveat::Profile::from_toml("[facts]\na = true\nb = false", before.vocabulary());
  REQUIRE(profile);
  const caveat::Evaluation evaluation = after.evaluate(*profile, {.at = {kit::kAt}});
  REQUIRE(evaluation.error() != nullptr);
  CHECK(evaluation.error()->diagnostics.front().code == "profile-of-another-engine");
  CHECK(evaluation.disposition() == caveat::Disposition::kIncomplete);
}

TEST_CASE("evaluation.regressions: an amount does not become zero by conversion") {
  const TempFolder folder;
  const caveat::Engine engine =
      kit::engine_of(folder, "[fact.dose]\ntype = \"quantity\"\nunit = \"g\"\nlabel = \"Dose\"\nask = \"?\"\n" +
                                 rule("contraindication", "x", "dose > 0 'g'"));
  const auto profile = caveat::Profile::from_toml("[facts]\ndose = { value = 1, unit = \"ng\" }", engine.vocabulary());
  REQUIRE_FALSE(profile);
  CHECK(holds(profile.error().diagnostics, "out-of-range"));
}

TEST_CASE("evaluation.regressions: a rule that defers to someone else says so in every rendering") {
  const TempFolder folder;
  const caveat::Engine engine =
      kit::engine_of(folder, booleans({"a"}) + rule("contraindication", "x", "a", "defer_to = \"oncologist\"\n"));
  const caveat::Evaluation evaluation = evaluate(engine, "[facts]\na = true");
  for (const std::string& out : {evaluation.to_text(), evaluation.to_markdown(), evaluation.to_json()}) {
    CHECK(out.find("oncologist") != std::string::npos);
  }
}

TEST_CASE("evaluation.regressions: placeholders without a fact to fill them are refused at load") {
  std::string words = rule("contraindication", "x", "a");
  words.replace(words.find("Says x."), 7, "See {label}.");
  CHECK(holds(kit::refused(booleans({"a"}) + words), "placeholder-without-fact"));
}

TEST_CASE("evaluation.regressions: the summary names what the site disabled") {
  const TempFolder folder;
  folder.write("test/pack.toml", kHeader + booleans({"a"}) + rule("contraindication", "x", "a"));
  caveat::EngineOptions options = kit::options_for(folder.path());
  options.disabled = {{"test/x", "a local check does it", "Medical lead", "2026-10-01"}};
  const caveat::Evaluation evaluation = evaluate(load(options), "[facts]\na = true");
  CHECK(evaluation.summary().find("test/x") != std::string::npos);
  CHECK(evaluation.disposition() == caveat::Disposition::kIncomplete);
}

TEST_CASE("evaluation.regressions: rules of different kinds stand in the order of the page") {
  const TempFolder folder;
  const caveat::Engine engine = kit::engine_of(
      folder, booleans({"a"}) + rule("contraindication", "bar", "a") + rule("information", "first", "") +
                  rule("timeline_factor", "second", "", "fact = \"a\"\n") + rule("information", "third", ""));
  CHECK(ids(as_json(evaluate(engine, "[facts]\na = false"))) ==
        std::vector<std::string>{"test/first", "test/second", "test/third"});
}

TEST_CASE("evaluation.regressions: a retired pack declares nothing") {
  const TempFolder folder;
  std::string old = header("old", "");
  old.replace(old.find("\"active\""), 8, "\"retired\"");
  folder.write("old/pack.toml", old + "[fact.a]\ntype = \"integer\"\nlabel = \"A\"\nask = \"?\"\n");
  folder.write("test/pack.toml", kHeader + booleans({"a"}) + rule("contraindication", "x", "a"));
  CHECK(load(kit::options_for(folder.path())).packs() == std::vector<std::string>{"test"});
}
