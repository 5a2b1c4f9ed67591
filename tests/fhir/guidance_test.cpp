// What is given out as FHIR: recorded outputs, and what every one of them holds to. `tools/check-fhir validate` puts
// the same files to HAPI's validator.
#include "evaluation/kit.hpp"
#include "fhir/baseline.hpp"

#include "evaluation/evaluation_data.hpp"

#include <set>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const caveat::Engine& engine() {
  static const caveat::Engine loaded = kit::load(kit::options_for(kit::kSource / "rules"));
  return loaded;
}

caveat::Profile profile_of(const std::string& text) {
  auto profile = caveat::Profile::from_text(text, engine().vocabulary());
  if (!profile) FAIL(kit::all_of(profile.error().diagnostics));
  return *profile;
}

// FHIR 4.0.1, 2.6.1: nothing is null or empty.
void check_nothing_empty(const json::value& value, const std::string& path) {
  INFO(path);
  CHECK_FALSE(value.is_null());
  if (const auto* text = value.if_string()) {
    CHECK_FALSE(text->empty());
    CHECK(text->find_first_not_of(" \t\n") != json::string::npos);
  }
  if (const auto* list = value.if_array()) {
    CHECK_FALSE(list->empty());
    for (const json::value& each : *list) check_nothing_empty(each, path + "[]");
  }
  if (const auto* object = value.if_object()) {
    CHECK_FALSE(object->empty());
    for (const auto& [key, each] : *object) check_nothing_empty(each, path + "." + std::string(key));
  }
}

void collect_references(const json::value& value, std::set<std::string>& out) {
  if (const auto* list = value.if_array()) {
    for (const json::value& each : *list) collect_references(each, out);
  }
  if (const auto* object = value.if_object()) {
    for (const auto& [key, each] : *object) {
      if (key == "reference" && each.is_string() && each.as_string().starts_with("#"))
        out.insert(std::string(each.as_string()).substr(1));
      collect_references(each, out);
    }
  }
}

json::object checked(const std::string& text) {
  const json::object guidance = json::parse(text).as_object();
  check_nothing_empty(guidance, "GuidanceResponse");
  std::set<std::string> ids, references;
  for (const json::value& each : guidance.at("contained").as_array()) ids.insert(kit::text(each.at("id")));
  collect_references(guidance, references);
  CHECK(ids == references);
  CHECK(ids.size() == guidance.at("contained").as_array().size());
  return guidance;
}

std::string status_of(const caveat::Evaluation& evaluation) {
  return kit::text(checked(evaluation.to_fhir()).at("status"));
}

std::size_t issues_in(const json::object& guidance) {
  std::size_t count = 0;
  for (const json::value& each : guidance.at("contained").as_array()) {
    if (kit::text(each.at("resourceType")) == "DetectedIssue") ++count;
  }
  return count;
}

const std::string kClear = R"(recorded = 2026-11-20
[facts]
active_infection = false
open_wound = false
inflammatory_condition = false
inflammation_controlled = true
keloid_tendency = false
pregnant = false
breastfeeding = false
concerns = ["marks"]
age = 30
skin_type = "II"
collagen_structure = "firm"
sun_exposure_history = "low"
skincare_habits = "none"
nutrition_and_lifestyle = "mixed"
)";

}  // namespace

TEST_CASE("fhir.guidance: every example profile, as recorded") {
  std::vector<fs::path> profiles;
  for (const auto& entry : fs::directory_iterator(kit::kSource / "examples/profiles")) profiles.push_back(entry.path());
  REQUIRE(profiles.size() >= 8);
  for (const fs::path& path : profiles) {
    INFO(path);
    const auto evaluation = engine().evaluate(profile_of(baseline::read_file(path)), {.at = {kit::kAt}});
    checked(evaluation.to_fhir());
    baseline::compare(kit::kSource / "tests/fhir/guidance" / (path.stem().string() + ".json"),
                      evaluation.to_fhir({.pretty = true}) + "\n");
  }
}

TEST_CASE("fhir.guidance: every disposition has its status") {
  CHECK(status_of(kit::evaluate(engine(), kClear)) == "success");
  CHECK(status_of(kit::evaluate(engine(), "facts = { pregnant = true }")) == "data-requested");
  CHECK(status_of(kit::evaluate(engine(), "")) == "data-required");
  std::string unanswered = kClear;
  unanswered.replace(unanswered.find("concerns = [\"marks\"]"), std::string("concerns = [\"marks\"]").size(), "");
  CHECK(status_of(kit::evaluate(engine(), unanswered)) == "data-requested");
}

TEST_CASE("fhir.guidance: what was not checked never looks like success") {
  auto options = kit::options_for(kit::kSource / "rules");
  options.disabled.push_back({"microneedling/open-wound", "trial", "A. Person", "2026-11-01"});
  const auto disabled = kit::load(options);
  const auto nothing_found = kit::evaluate(disabled, kClear);
  CHECK(nothing_found.disposition() == caveat::Disposition::kNoContraindicationFound);
  CHECK(status_of(nothing_found) == "failure");
  baseline::compare(kit::kSource / "tests/fhir/guidance/rule-disabled.json",
                    nothing_found.to_fhir({.pretty = true}) + "\n");
  const auto refer = kit::evaluate(disabled, "facts = { pregnant = true }");
  CHECK(status_of(refer) == "data-requested");

  const auto error = engine().evaluate(profile_of(kClear), {.at = {"2020-01-01T00:00:00Z"}});
  REQUIRE(error.error() != nullptr);
  CHECK(status_of(error) == "failure");
  baseline::compare(kit::kSource / "tests/fhir/guidance/not-evaluated.json", error.to_fhir({.pretty = true}) + "\n");
  CHECK(status_of(engine().evaluate(profile_of(kClear), {.at = {"yesterday"}})) == "failure");
}

TEST_CASE("fhir.guidance: advisories that bar are issues, with evidence and who decides") {
  const auto evaluation = kit::evaluate(engine(), "facts = { pregnant = true, age = 30 }");
  const json::object guidance = checked(evaluation.to_fhir());
  std::size_t bars = 0;
  for (const auto& advisory : evaluation.advisories()) bars += advisory.role == "bars" ? 1U : 0U;
  CHECK(issues_in(guidance) == bars);
  const json::object& issue = guidance.at("contained").at(0).as_object();
  CHECK(kit::text(issue.at("status")) == "final");
  CHECK(kit::text(issue.at("severity")) == "moderate");
  CHECK(kit::text(issue.at("identifier").at(0).at("value")) == "microneedling/pregnancy-or-breastfeeding");
  CHECK(kit::text(issue.at("evidence").at(0).at("code").at(0).at("text")).starts_with("Pregnancy: yes"));
  CHECK(kit::text(issue.at("mitigation").at(0).at("action").at("text")).find("dermatologist") != std::string::npos);
  CHECK(kit::text(issue.at("text").at("div")).find("pregnant or breastfeeding: true") != std::string::npos);
}

TEST_CASE("fhir.guidance: what is missing is asked for by its bindings") {
  const json::object guidance = checked(kit::evaluate(engine(), "").to_fhir());
  std::set<std::string> asked;
  for (const json::value& each : guidance.at("dataRequirement").as_array()) {
    std::string one = kit::text(each.at("type"));
    if (const auto* filter = each.as_object().if_contains("codeFilter"))
      one += " " + kit::text(filter->at(0).at("code").at(0).at("code"));
    if (const auto* must = each.as_object().if_contains("mustSupport")) one += " " + kit::text(must->at(0));
    if (const auto* date = each.as_object().if_contains("dateFilter"))
      one += " " + std::to_string(date->at(0).at("valueDuration").at("value").as_int64()) +
             kit::text(date->at(0).at("valueDuration").at("code"));
    asked.insert(one);
  }
  CHECK(asked.count("Condition 77386006 3mo") == 1);
  CHECK(asked.count("Observation 82810-3 3mo") == 1);
  CHECK(asked.count("Condition 33659008") == 1);
}

TEST_CASE("fhir.guidance: evidence leads to the resources that facts came from") {
  const std::string record = baseline::read_file(kit::kSource / "tests/fhir/records/sources-disagree/record.json");
  const json::object guidance = checked(kit::evaluate(engine(), record).to_fhir());
  CHECK(kit::text(guidance.at("subject").at("reference")) == "Patient/p1");
  std::set<std::string> sources;
  for (const json::value& each : guidance.at("contained").as_array()) {
    if (kit::text(each.at("resourceType")) != "DetectedIssue") continue;
    for (const json::value& evidence : each.at("evidence").as_array()) {
      const auto* detail = evidence.as_object().if_contains("detail");
      if (detail == nullptr) continue;
      for (const json::value& source : detail->as_array()) sources.insert(kit::text(source.at("reference")));
    }
  }
  CHECK(sources == std::set<std::string>{"Condition/c1", "Observation/o1"});
}

TEST_CASE("fhir.guidance: whatever a profile says is text, never markup or an empty element") {
  const std::string hostile = R"({"value": true, "source": "<script>alert(1)</script> & \u0007\uFFFE"})";
  const auto evaluation = kit::evaluate(engine(), R"({"id": " <p>\u0001 ", "facts": {"pregnant": )" + hostile +
                                                      R"(, "open_wound": {"value": true, "source": " "}}})");
  const std::string text = evaluation.to_fhir();
  checked(text);
  const json::object guidance = json::parse(text).as_object();
  const std::string div = kit::text(guidance.at("contained").at(0).at("text").at("div"));
  CHECK(div.find("<script>") == std::string::npos);
  CHECK(div.find('\x07') == std::string::npos);
  CHECK(div.find("\xEF\xBF\xBE") == std::string::npos);
  for (const auto explain : {caveat::Explain::kNone, caveat::Explain::kBrief, caveat::Explain::kFull})
    checked(evaluation.to_fhir({.explain = explain}));
}

TEST_CASE("fhir.guidance: Turkish, one line and the same bytes") {
  const auto evaluation = kit::evaluate(engine(), "facts = { keloid_tendency = true }", kit::kAt, "tr");
  const std::string text = evaluation.to_fhir();
  CHECK(text == evaluation.to_fhir());
  CHECK(text.find('\n') == std::string::npos);
  const json::object guidance = checked(text);
  CHECK(kit::text(guidance.at("text").at("div")).find(" lang=\"tr\"") != std::string::npos);
  baseline::compare(kit::kSource / "tests/fhir/guidance/turkish.json", evaluation.to_fhir({.pretty = true}) + "\n");
}
