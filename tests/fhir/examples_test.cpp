// All examples of FHIR R4, when tools/check-fhir has fetched them. Every code in them is bound, so that whatever is in
// a resource is looked at; the vocabulary is made of the examples themselves.
#include "evaluation/kit.hpp"
#include "fhir/baseline.hpp"

#include "facts/facts.hpp"
#include "facts/record.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using Codes = std::map<std::string, std::set<std::string>>;  // by type of resource

const json::value* at(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

std::string text(const json::value* value) {
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

void collect_concept(const json::value* concept_value, std::set<std::string>& out) {
  const json::value* codings = concept_value == nullptr ? nullptr : at(*concept_value, "coding");
  if (codings == nullptr || !codings->is_array()) return;
  for (const json::value& coding : codings->as_array()) {
    const std::string system = text(at(coding, "system")), code = text(at(coding, "code"));
    if (caveat::split_code(system + "|" + code)) out.insert(system + "|" + code);
  }
}

void collect(const json::value& value, Codes& out) {
  if (const auto* list = value.if_array()) {
    for (const json::value& each : *list) collect(each, out);
  }
  const auto* object = value.if_object();
  if (object == nullptr) return;
  if (const std::string type = text(object->if_contains("resourceType")); !type.empty()) {
    collect_concept(object->if_contains("code"), out[type]);
    collect_concept(object->if_contains("medicationCodeableConcept"), out[type]);
    if (type == "Medication") {
      collect_concept(object->if_contains("code"), out["MedicationStatement"]);
      collect_concept(object->if_contains("code"), out["MedicationRequest"]);
    }
    if (type == "Observation") collect_concept(object->if_contains("valueCodeableConcept"), out["answers"]);
    if (type == "QuestionnaireResponse") out["forms"].insert(text(object->if_contains("questionnaire")));
  }
  for (const auto& [key, each] : *object) collect(each, out);
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

std::string fact(const std::string& name, const std::string& type, const std::string& bindings) {
  return "[fact." + name + "]\n" + type + "\nlabel = \"L\"\nask = \"?\"\nfhir = [" + bindings + "]\n";
}

// Every code, and every sort of fact that can be read from it.
std::string vocabulary_of(const Codes& codes) {
  std::string sets, facts;
  const auto codes_of = [&](const std::string& type) -> const std::set<std::string>& {
    static const std::set<std::string> kNone;
    const auto found = codes.find(type);
    return found == codes.end() ? kNone : found->second;
  };
  for (const char* type :
       {"Condition", "AllergyIntolerance", "MedicationStatement", "MedicationRequest", "Observation"}) {
    sets += "[[value_set]]\nurl = \"http://all/" + std::string(type) + "\"\ncite = \"x\"\ncodes = [";
    for (const std::string& code : codes_of(type)) sets += quoted(code) + ",";
    sets += "]\n";
    const std::string binding = "{ resource = \"" + std::string(type) + "\", value_set = \"http://all/" +
                                std::string(type) + "\", cite = \"x\"";
    std::string name = type;
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    facts += fact("is_" + name, "type = \"boolean\"", binding + " }");
    if (std::string(type) != "Observation") continue;
    facts += fact("number", "type = \"decimal\"", binding + ", unit = \"kg\" }");
    facts += fact("whole", "type = \"integer\"", binding + " }");
    facts += fact("amount", "type = \"quantity\"\nunit = \"mm[Hg]\"", binding + " }");
    facts += fact("visit_day", "type = \"date\"", binding + " }");
    facts +=
        fact("part", "type = \"quantity\"\nunit = \"mm[Hg]\"", binding + ", component = \"http://loinc.org|8480-6\" }");
    std::string answers;
    for (const std::string& code : codes_of("answers"))
      answers += binding + ", value = " + quoted(code) + ", means = \"a\" },";
    facts += fact("answer", "type = \"choice\"\nvalues = [\"a\"]", answers);
  }
  std::string items;
  for (const std::string& form : codes_of("forms")) {
    if (form.empty()) continue;
    for (const char* item : {"1", "1.1", "2", "2.1", "2.2", "2.3"})
      items += "{ resource = \"QuestionnaireResponse\", questionnaire = " + quoted(form) + ", link_id = \"" + item +
               "\", cite = \"x\" },";
  }
  facts += fact("answered", "type = \"boolean\"", items);
  facts += fact("age", "type = \"integer\"", "{ resource = \"Patient\", element = \"birthDate\", cite = \"x\" }");
  return sets + facts;
}

caveat::Vocabulary read_vocabulary(const std::string& toml) {
  caveat::TextLimits limits;
  limits.entries_max = 10'000'000;
  const auto document = caveat::TomlDocument::parse(toml, "all.toml", caveat::ErrorKind::kLoad, limits);
  if (!document) FAIL(to_string(document.error().diagnostics.front()));
  caveat::Diagnostics diagnostics;
  std::vector<caveat::ValueSet> sets;
  read_value_sets(*document->root().find("value_set"), sets, diagnostics);
  caveat::Vocabulary vocabulary;
  for (const auto& entry : document->root().find("fact")->entries()) {
    auto declared = read_fact(entry, "en", false, diagnostics, sets);
    if (declared) vocabulary.declare(*std::move(declared), diagnostics);
  }
  if (diagnostics.has_errors()) FAIL(to_string(diagnostics.all().front()));
  return vocabulary;
}

struct Tally {
  std::size_t read = 0, refused = 0, answers = 0;
  std::map<std::string, std::size_t> codes;

  void count(const std::vector<caveat::Diagnostic>& diagnostics) {
    for (const caveat::Diagnostic& diagnostic : diagnostics) {
      CHECK_FALSE(diagnostic.message.empty());
      ++codes[diagnostic.code];
    }
  }
};

void read_one(const std::string& text, const caveat::Vocabulary& vocabulary, Tally& tally) {
  caveat::ProfileOptions options;
  options.depth_max = 64;
  const auto profile = read_profile_fhir(text, vocabulary, options);
  if (!profile) {
    ++tally.refused;
    CHECK(profile.error().kind == caveat::ErrorKind::kInput);
    CHECK_FALSE(profile.error().diagnostics.empty());
    return tally.count(profile.error().diagnostics);
  }
  ++tally.read;
  tally.count(profile->diagnostics);
  caveat::Diagnostics diagnostics;
  const auto when = *caveat::parse_rfc3339("2026-11-22T10:00:00Z");
  const auto then = at_time(std::make_shared<const caveat::ProfileData>(*profile), vocabulary, when, diagnostics);
  CHECK(resolve_facts(*then, vocabulary, {}, when, diagnostics));
  for (const auto& facts : profile->facts) tally.answers += facts.answers.size();
}

}  // namespace

TEST_CASE("fhir.examples: all of FHIR's own examples are read, or refused with a reason", "[.examples]") {
  const char* folder = std::getenv("CAVEAT_FHIR_EXAMPLES");
  if (folder == nullptr) {
    WARN("CAVEAT_FHIR_EXAMPLES names no folder: run tools/check-fhir examples");
    return;
  }
  std::map<std::string, std::string> files;
  Codes codes;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json" || entry.path().filename() == "package.json" ||
        entry.path().filename().string().starts_with("."))
      continue;
    std::string text = baseline::read_file(entry.path());
    json::parse_options deep;
    deep.max_depth = 64;
    json::error_code error;
    const json::value parsed = json::parse(text, error, {}, deep);
    if (!error) collect(parsed, codes);
    files.emplace(entry.path().filename().string(), std::move(text));
  }
  REQUIRE(files.size() > 5000);
  const caveat::Vocabulary everything = read_vocabulary(vocabulary_of(codes));
  const caveat::Engine engine = kit::load(kit::options_for(kit::kSource / "rules"));
  Tally all, shipped;
  for (const auto& [name, text] : files) {
    INFO(name);
    read_one(text, everything, all);
    read_one(text, engine.vocabulary(), shipped);
    const auto profile = caveat::Profile::from_fhir(text, engine.vocabulary());
    if (!profile) continue;
    CHECK_FALSE(engine.evaluate(*profile, {.at = {kit::kAt}}).to_fhir().empty());
  }
  CHECK(all.read + all.refused == files.size());
  CHECK(all.answers > 500);
  std::cout << files.size() << " examples: with every code bound " << all.read << " read, " << all.refused
            << " refused, " << all.answers << " answers; with the shipped packs " << shipped.read << " read\n";
  for (const auto& [code, count] : all.codes) std::cout << "  " << code << ": " << count << "\n";
}
