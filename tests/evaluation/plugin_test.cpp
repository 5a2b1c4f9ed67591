// Plugins in whole evaluations: one that adds everything an ABI can carry, and one that does everything wrong, each
// time beside a contraindication that is met.
#include "evaluation/kit.hpp"

#include <algorithm>

using kit::rule, kit::text;
using kit::TempFolder, kit::advisory, kit::as_json, kit::booleans, kit::evaluate, kit::kHeader, kit::load,
    kit::outcomes;
namespace json = boost::json;

namespace {

caveat::Engine engine_with(const TempFolder& folder, const std::string& plugin, const std::string& id,
                           const std::string& body) {
  std::string header = kHeader;
  header.replace(header.find("defer_to"), 0, "requires = { plugins = [\"" + id + "\"] }\n");
  folder.write("test/pack.toml", header + body);
  caveat::EngineOptions options = kit::options_for(folder.path());
  options.plugins = std::vector{kit::kPlugins, kit::kBuild / "tests/plugins" / plugin};
  return load(options);
}

const std::string kSign = booleans({"pregnant", "wound", "other"}) + rule("contraindication", "open-wound", "wound");

caveat::Engine misbehaving(const TempFolder& folder, const std::string& behaviour) {
  return engine_with(folder, "misbehaving", "org.example.misbehaving",
                     kSign + rule("warning_sign", "sign", "pregnant", "behaviour = \"" + behaviour + "\"\n") +
                         rule("warning_sign", "second", "other") + rule("information", "counted", "sign_count > 0"));
}

const json::object& plugin(const json::object& evaluation, const std::string& id) {
  for (const json::value& entry : evaluation.at("plugins").as_array()) {
    if (text(entry.at("id")) == id) return entry.as_object();
  }
  FAIL("no plugin " << id);
  throw;
}

bool notes_failure(const json::object& advisory) {
  const auto* notes = advisory.if_contains("notes");
  if (notes == nullptr) return false;
  const auto& all = notes->as_array();
  return std::any_of(all.begin(), all.end(),
                     [](const json::value& note) { return text(note).starts_with("plugin-failed: "); });
}

}  // namespace

TEST_CASE("evaluation.plugins: whatever a plugin does, no outcome is silenced or weakened") {
  for (const char* behaviour : {"throws",
                                "throws-a-number",
                                "throws-when-met",
                                "fails",
                                "odd-status",
                                "row-out-of-range",
                                "rule-out-of-range",
                                "zeroed",
                                "no-advice",
                                "text-out-of-range",
                                "fact-out-of-range",
                                "placeholder-without-fact",
                                "severity-out-of-range",
                                "severity-lowered",
                                "not-utf8",
                                "no-bytes",
                                "promises",
                                "too-many-details",
                                "huge-text",
                                "details-missing",
                                "twice",
                                "derives-in-advise",
                                "gives-up",
                                "silent"}) {
    INFO(behaviour);
    const TempFolder folder;
    const caveat::Engine engine = misbehaving(folder, behaviour);
    const json::object result = as_json(evaluate(engine, "[facts]\npregnant = true\nwound = true"));
    CHECK(text(result.at("disposition")) == "refer");
    CHECK_FALSE(result.at("complete").as_bool());
    CHECK(outcomes(result).at("test/sign") == "met");
    CHECK(outcomes(result).at("test/open-wound") == "met");
    // The other plugin's advisory is whole, and its plugin is fine.
    const json::object* wound = advisory(result, "test/open-wound");
    REQUIRE(wound != nullptr);
    CHECK_FALSE(notes_failure(*wound));
    CHECK(text(wound->at("statement")) == "Says open-wound.");
    CHECK(text(plugin(result, "caveat.contraindications").at("status")) == "ok");
    // The host speaks for the one that failed, with the pack's own words, source and severity.
    const json::object* sign = advisory(result, "test/sign");
    REQUIRE(sign != nullptr);
    CHECK(notes_failure(*sign));
    CHECK(text(sign->at("title")) == "Title of sign");
    CHECK(text(sign->at("statement")) == "Says sign.");
    CHECK(text(sign->at("severity")) == "warning");
    CHECK(json::serialize(sign->at("because")) == R"([{"fact":"pregnant","value":true}])");
    CHECK_FALSE(sign->at("sources").as_array().empty());
    CHECK(text(plugin(result, "org.example.misbehaving").at("status")) == "failed");
    CHECK_FALSE(text(plugin(result, "org.example.misbehaving").at("reason")).empty());
  }
}

TEST_CASE("evaluation.plugins: refer survives when the failing plugin's own rule is the only one met") {
  for (const char* behaviour : {"throws", "silent", "promises", "severity-lowered"}) {
    INFO(behaviour);
    const TempFolder folder;
    const caveat::Engine engine = misbehaving(folder, behaviour);
    const json::object result = as_json(evaluate(engine, "[facts]\npregnant = true\nwound = false\nother = false"));
    CHECK(text(result.at("disposition")) == "refer");
    CHECK(advisory(result, "test/sign") != nullptr);
  }
}

TEST_CASE("evaluation.plugins: the undetermined rule of a failed plugin still says that it is undetermined") {
  const TempFolder folder;
  const caveat::Engine engine = misbehaving(folder, "throws");
  const json::object result = as_json(evaluate(engine, "[facts]\npregnant = false\nwound = false"));
  const json::object* second = advisory(result, "test/second");
  REQUIRE(second != nullptr);
  CHECK(text(second->at("status")) == "undetermined");
  CHECK(notes_failure(*second));
  CHECK(text(second->at("statement")) != "Says second.");  // what may not apply is not said as if it did
}

TEST_CASE("evaluation.plugins: a check that fails is failed, never none found") {
  for (const char* behaviour : {"check-throws", "check-silent", "report-contradiction", "node-contradiction",
                                "claims-from-nothing", "check-promises", "reports-twice", "check-out-of-range"}) {
    INFO(behaviour);
    const TempFolder folder;
    const caveat::Engine engine = misbehaving(folder, behaviour);
    const json::object result = as_json(
        evaluate(engine, "[facts]\npregnant = " +
                             std::string(behaviour == std::string("claims-from-nothing") ? "\"unknown\"" : "false") +
                             "\nwound = false\nother = false"));
    CHECK(outcomes(result).at("org.example.misbehaving/sign") == "failed");
    CHECK(text(result.at("disposition")) == "incomplete");
    CHECK_FALSE(result.at("complete").as_bool());
    CHECK(advisory(result, "org.example.misbehaving/sign") != nullptr);
  }
}

TEST_CASE("evaluation.plugins: a fact that could not be derived fails the rules that hang on it") {
  const TempFolder folder;
  const caveat::Engine engine = misbehaving(folder, "derive-throws");
  const json::object result = as_json(evaluate(engine, "[facts]\npregnant = true\nwound = true"));
  CHECK(outcomes(result).at("test/counted") == "failed");
  CHECK(text(result.at("disposition")) == "refer");
  CHECK_FALSE(result.at("complete").as_bool());
}

TEST_CASE("evaluation.plugins: a derived fact is asked for through what it is computed from") {
  const TempFolder folder;
  const caveat::Engine engine = misbehaving(folder, "nothing");
  const json::object unknown = as_json(evaluate(engine, "[facts]\nwound = false"));
  CHECK(outcomes(unknown).at("test/counted") == "undetermined");
  for (const json::value& question : unknown.at("questions").as_array())
    CHECK(text(question.at("fact")) != "sign_count");
  const json::object known = as_json(evaluate(engine, "[facts]\npregnant = true\nwound = false"));
  CHECK(outcomes(known).at("test/counted") == "met");
  CHECK(json::serialize(advisory(known, "test/counted")->at("because")) ==
        R"([{"fact":"sign_count","value":1,"source":"org.example.misbehaving"}])");
  CHECK(known.at("complete").as_bool());
}

TEST_CASE("evaluation.plugins: a derived fact cannot be given") {
  const TempFolder folder;
  const caveat::Engine engine = misbehaving(folder, "nothing");
  CHECK_FALSE(caveat::Profile::from_toml("[facts]\nsign_count = 1", engine.vocabulary()));
}

TEST_CASE("evaluation.plugins: a fifth kind, a derived fact and a check in code, without a change to the engine") {
  const TempFolder folder;
  const std::string body =
      booleans({"wound"}) +
      "[fact.weight]\ntype = \"quantity\"\nunit = \"kg\"\nlabel = \"Weight\"\nask = \"How heavy?\"\n"
      "[fact.height]\ntype = \"quantity\"\nunit = \"cm\"\nlabel = \"Height\"\nask = \"How tall?\"\n" +
      rule("contraindication", "open-wound", "wound") + rule("contraindication", "heavy", "body_mass_index > 40.0") +
      rule("reminder", "weigh", "",
           "note = \"Weigh again.\"\nabout = \"weight\"\nurgent = true\nchannel = \"letter\"\nweeks = 4\nratio = "
           "0.5\npoints = [\"One.\", \"Two.\"]\n");
  const caveat::Engine engine = engine_with(folder, "body_mass", "org.example.body-mass", body);
  const json::object result =
      as_json(evaluate(engine,
                       "[facts]\nwound = false\nweight = { value = 50, unit = \"kg\", recorded = 2026-11-02 }\nheight "
                       "= { value = 1.8, unit = \"m\", recorded = 2026-10-01 }"));
  CHECK(outcomes(result).at("test/heavy") == "not-met");
  CHECK(outcomes(result).at("org.example.body-mass/low-body-mass") == "met");
  CHECK(text(result.at("disposition")) == "refer");
  const json::object& check = *advisory(result, "org.example.body-mass/low-body-mass");
  CHECK(text(check.at("kind")) == "check");
  const json::object& tree = check.at("explanation").as_object();
  CHECK(text(tree.at("value")) == "true");
  // The derived fact is as old as its oldest input.
  CHECK(json::serialize(tree.at("children").at(0).at("reads")) ==
        R"([{"fact":"body_mass_index","value":"15.43","recorded":"2026-10-01","source":"org.example.body-mass"}])");
  const json::object& reminder = *advisory(result, "test/weigh");
  CHECK(text(reminder.at("severity")) == "warning");
  CHECK(json::serialize(reminder.at("details")).find("Weight: 50") != std::string::npos);
  const json::object unknown = as_json(evaluate(engine, "[facts]\nwound = false"));
  CHECK(outcomes(unknown).at("org.example.body-mass/low-body-mass") == "undetermined");
  CHECK(text(unknown.at("disposition")) == "insufficient-information");
}
