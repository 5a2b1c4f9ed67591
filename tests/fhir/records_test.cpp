// Sandboxes: each folder of records/ has a record, the facts that are read from it and what is reported, and the
// GuidanceResponse that comes out. Add a folder with a record.json, run tools/approve, and read what it recorded.
#include "evaluation/kit.hpp"
#include "fhir/baseline.hpp"

#include "evaluation/evaluation_data.hpp"

#include <algorithm>
#include <vector>

namespace {

namespace fs = std::filesystem;

const caveat::Engine& engine() {
  static const caveat::Engine loaded = kit::load(kit::options_for(kit::kSource / "rules"));
  return loaded;
}

std::vector<fs::path> folders() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(kit::kSource / "tests/fhir/records")) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

std::string answers_of(const caveat::FactDeclaration& fact, const caveat::FactState& state) {
  if (!state.conflicting()) {
    std::string out =
        state.known ? display(fact, state.value, "en") : "unknown: " + std::string(to_string(state.reason));
    if (state.stale()) out += ", last " + display(fact, state.value, "en");
    if (state.recorded) out += ", " + to_string(*state.recorded);
    return state.source.empty() ? out : out + ", " + std::string(state.source);
  }
  std::string out = "conflicting";
  for (const caveat::Answer& answer : state.answers->answers) {
    const auto* value = std::get_if<caveat::FactValue>(&answer.content);
    out += "; " + (value == nullptr ? "unknown" : display(fact, *value, "en")) + ", " + answer.source;
  }
  return out;
}

std::string summary_of(const caveat::Evaluation& evaluation) {
  const caveat::EvaluationData& data = evaluation.data();
  std::string out = "profile: " + data.profile->id + "\n";
  for (caveat::FactId id = 0; id < data.vocabulary().size(); ++id) {
    const caveat::FactState& state = data.facts[id];
    if (!state.known && state.reason == caveat::UnknownReason::kNotAsked) continue;
    out += data.vocabulary()[id].name + ": " + answers_of(data.vocabulary()[id], state) + "\n";
  }
  out += "disposition: " + std::string(to_string(evaluation.disposition())) + "\n";
  for (const caveat::Diagnostic& diagnostic : evaluation.diagnostics()) out += to_string(diagnostic) + "\n";
  return out;
}

}  // namespace

TEST_CASE("fhir.records: facts are read as recorded") {
  REQUIRE(folders().size() >= 8);
  for (const fs::path& folder : folders()) {
    INFO(folder.filename());
    const auto profile = caveat::Profile::from_text(baseline::read_file(folder / "record.json"), engine().vocabulary());
    if (!profile) FAIL(kit::all_of(profile.error().diagnostics));
    const caveat::Evaluation evaluation = engine().evaluate(*profile, {.at = {kit::kAt}});
    REQUIRE(evaluation.error() == nullptr);
    baseline::compare(folder / "expected.txt", summary_of(evaluation));
    baseline::compare(folder / "guidance.json", evaluation.to_fhir({.pretty = true}) + "\n");
  }
}

TEST_CASE("fhir.records: a record gives the same bytes wherever it lies, and its own id") {
  const std::string text = baseline::read_file(kit::kSource / "examples/records/checkup.json");
  const auto read = [&](const char* file) {
    caveat::ProfileOptions options;
    options.file = file;
    return *caveat::Profile::from_text(text, engine().vocabulary(), options);
  };
  const auto here = engine().evaluate(read("a.json"), {.at = {kit::kAt}});
  const auto there = engine().evaluate(read("/tmp/b.json"), {.at = {kit::kAt}});
  CHECK(here.to_json() == there.to_json());
  CHECK(read("a.json").id() == "p-002");
  const auto later = engine().evaluate(read("a.json"), {.at = {"2027-05-17T00:00:00Z"}});
  CHECK(here.to_json() != later.to_json());
  CHECK(later.to_json().find("\"value\":37") != std::string::npos);
}

TEST_CASE("fhir.records: the searches that a pack needs follow from its bindings") {
  const auto queries = engine().record_queries("microneedling", "{{context.patientId}}");
  REQUIRE(queries.size() == 3);
  CHECK(queries[0].query == "Patient/{{context.patientId}}");
  CHECK(queries[0].serves == std::vector<std::string>{"age"});
  CHECK(queries[1].resource == "Condition");
  CHECK(queries[1].query.find("?patient={{context.patientId}}&code=http://snomed.info/sct|1475003,") !=
        std::string::npos);
  CHECK(queries[2].query ==
        "Observation?patient={{context.patientId}}&code=http://loinc.org|82810-3,http://snomed.info/sct|413712001,"
        "http://loinc.org|63895-7");
  CHECK(queries[2].serves == std::vector<std::string>{"pregnant", "breastfeeding"});
  CHECK(engine().record_queries("no-such-pack", "p").empty());
}
