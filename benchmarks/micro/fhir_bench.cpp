// A record of one person, as hospitals send them: mostly encounters, claims and observations that no fact is read from.
// Read by the shipped pack's bindings, beside a bare pass over the same text.
#include <caveat/caveat.hpp>

#include <benchmark/benchmark.h>
#include <simdjson.h>
#include <string>

namespace {

std::string concept_of(const std::string& system, const std::string& code, const std::string& display) {
  return R"({"coding":[{"system":")" + system + R"(","code":")" + code + R"(","display":")" + display +
         R"("}],"text":")" + display + R"("})";
}

std::string entry(const std::string& type, int id, const std::string& content) {
  return R"({"fullUrl":"urn:uuid:5e1f9d2a-0000-4000-8000-)" + std::to_string(100'000'000'000 + id) +
         R"(","resource":{"resourceType":")" + type + R"(","id":")" + std::to_string(id) +
         R"(","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-)" + type +
         R"("]},"subject":{"reference":"Patient/p-1","display":"A. Person"},)" + content + "}}";
}

// About two megabytes.
std::string record() {
  std::string out =
      R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p-1",)"
      R"("gender":"female","birthDate":"1990-05-17","name":[{"family":"Person","given":["A."]}]}})";
  const auto add = [&](const std::string& text) { out += "," + text; };
  for (int visit = 0; visit < 400; ++visit) {
    const std::string day = "2026-0" + std::to_string(1 + visit % 9) + "-1" + std::to_string(visit % 10);
    const int id = visit * 10;
    add(entry(
        "Encounter", id,
        R"("status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"type":[)" +
            concept_of("http://snomed.info/sct", "162673000", "General examination of patient (procedure)") +
            R"(],"period":{"start":")" + day + R"(T09:00:00+01:00","end":")" + day + R"(T09:15:00+01:00"})"));
    for (int i = 1; i < 7; ++i) {
      add(entry(
          "Observation", id + i,
          R"("status":"final","category":[)" +
              concept_of("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", "Vital signs") +
              R"(],"code":)" + concept_of("http://loinc.org", "29463-" + std::to_string(i), "Body weight") +
              R"(,"encounter":{"reference":"Encounter/)" + std::to_string(id) + R"("},"effectiveDateTime":")" + day +
              R"(T09:00:00+01:00","issued":")" + day + R"(T09:00:00.123+01:00","valueQuantity":{"value":71.)" +
              std::to_string(i) + R"(,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"})"));
    }
    const bool impetigo = visit % 40 == 0;
    add(entry(
        "Condition", id + 7,
        R"("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"resolved"}]},"code":)" +
            concept_of("http://snomed.info/sct", impetigo ? "48277006" : "10509002", "Condition") +
            R"(,"recordedDate":")" + day + R"(","abatementDateTime":")" + day + "\""));
    add(entry("Claim", id + 8,
              R"("status":"active","type":)" +
                  concept_of("http://terminology.hl7.org/CodeSystem/claim-type", "professional", "Professional") +
                  R"(,"use":"claim","item":[{"sequence":1,"productOrService":)" +
                  concept_of("http://snomed.info/sct", "162673000", "General examination of patient (procedure)") +
                  R"(,"encounter":[{"reference":"Encounter/1"}]}],"total":{"value":129.16,"currency":"USD"})"));
  }
  return out + "]}";
}

const std::string& text() {
  static const std::string made = record();
  return made;
}

// Every key unescaped, every value read with its type.
std::size_t touch(simdjson::ondemand::value value) {
  std::size_t sum = 0;
  switch (value.type()) {
    case simdjson::ondemand::json_type::object:
      for (auto field : value.get_object()) sum += field.unescaped_key().value().size() + touch(field.value());
      break;
    case simdjson::ondemand::json_type::array:
      for (auto element : value.get_array()) sum += touch(element.value());
      break;
    case simdjson::ondemand::json_type::string: sum += value.get_string().value().size(); break;
    case simdjson::ondemand::json_type::number: sum += value.get_double().value() > 0 ? 1U : 0U; break;
    case simdjson::ondemand::json_type::boolean: sum += value.get_bool().value() ? 1U : 0U; break;
    case simdjson::ondemand::json_type::null: break;
  }
  return sum;
}

void bare_pass(benchmark::State& state) {
  const simdjson::padded_string padded(text());
  simdjson::ondemand::parser parser;
  for (auto _ : state) {
    simdjson::ondemand::document document = parser.iterate(padded);
    std::size_t sum = 0;
    for (auto field : document.get_object()) sum += field.unescaped_key().value().size() + touch(field.value());
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
}
BENCHMARK(bare_pass)->Name("fhir/bare_pass");

const caveat::Engine& engine() {
  static const caveat::Engine loaded = [] {
    caveat::EngineOptions options;
    options.rules = CAVEAT_SOURCE_DIR "/rules";
    options.plugins = CAVEAT_BINARY_DIR "/lib/caveat/plugins";
    return *caveat::Engine::load(options);
  }();
  return loaded;
}

void read_record(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(caveat::Profile::from_fhir(text(), engine().vocabulary()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
}
BENCHMARK(read_record)->Name("fhir/read_record");

}  // namespace
