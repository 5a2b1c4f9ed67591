// Records on the spot: a vocabulary with every sort of binding, and what reading comes to, as text.
#pragma once

#include "facts/facts.hpp"
#include "facts/record.hpp"
#include "support/facts.hpp"

#include <string>
#include <vector>

namespace caveat::support {

inline const char* const kBoundFacts = R"(
[[value_set]]
url = "http://v.example/thinners"
cite = "test"
codes = ["http://m|t1", "http://m|t2"]
[fact.pregnant]
type = "boolean"
label = "P"
ask = "?"
fhir = [
  { resource = "Condition", code = "http://c|pregnant", tense = "state", cite = "test" },
  { resource = "Condition", code = "http://c|normal-pregnancy", partial = true, cite = "test" },
  { resource = "Observation", code = "http://o|status", value = "http://a|yes", means = true, cite = "test" },
  { resource = "Observation", code = "http://o|status", value = "http://a|no", means = false, cite = "test" },
  { resource = "Observation", code = "http://o|status", value = "http://a|dunno", means = "unknown", cite = "test" },
]
[fact.infection]
type = "boolean"
label = "I"
ask = "?"
fhir = [{ resource = "Condition", code = "http://c|impetigo", partial = true, cite = "test" }]
[fact.keloid]
type = "boolean"
label = "K"
ask = "?"
fhir = [{ resource = "Condition", code = "http://c|keloid", tense = "history", cite = "test" }]
[fact.diabetic]
type = "boolean"
label = "D"
ask = "?"
fhir = [{ resource = "Condition", code = "http://c|diabetes", complete = true, cite = "test" }]
[fact.latex]
type = "boolean"
label = "L"
ask = "?"
fhir = [{ resource = "AllergyIntolerance", code = "http://s|latex", cite = "test" }]
[fact.thinner]
type = "boolean"
label = "T"
ask = "?"
fhir = [
  { resource = "MedicationStatement", value_set = "http://v.example/thinners", cite = "test" },
  { resource = "MedicationRequest", value_set = "http://v.example/thinners", cite = "test" },
]
[fact.fasting]
type = "boolean"
label = "F"
ask = "?"
fhir = [
  { resource = "Observation", code = "http://o|fasting", cite = "test" },
  { resource = "QuestionnaireResponse", questionnaire = "http://q/intake", link_id = "fasting", cite = "test" },
]
[fact.weight]
type = "quantity"
unit = "kg"
min = 1
max = 400
label = "W"
ask = "?"
fhir = [{ resource = "Observation", code = "http://o|weight", unit = "kg", cite = "test" }]
[fact.systolic]
type = "quantity"
unit = "mm[Hg]"
label = "S"
ask = "?"
fhir = [{ resource = "Observation", code = "http://o|pressure", component = "http://o|systolic", cite = "test" }]
[fact.bmi]
type = "decimal"
label = "B"
ask = "?"
fhir = [{ resource = "Observation", code = "http://o|bmi", unit = "kg/m2", cite = "test" }]
[fact.cigarettes]
type = "integer"
min = 0
label = "C"
ask = "?"
fhir = [
  { resource = "Observation", code = "http://o|cigarettes", cite = "test" },
  { resource = "QuestionnaireResponse", questionnaire = "http://q/intake", link_id = "cigarettes", cite = "test" },
]
[fact.smoking]
type = "choice"
values = ["never", "former", "current"]
label = "S"
ask = "?"
fhir = [
  { resource = "Observation", code = "http://o|smoking", value = "http://a|n", means = "never", cite = "test" },
  { resource = "Observation", code = "http://o|smoking", value = "http://a|f", means = "former", cite = "test" },
  { resource = "Condition", code = "http://c|smoker", means = "current", cite = "test" },
]
[fact.concerns]
type = "choices"
values = ["lines", "marks"]
label = "C"
ask = "?"
fhir = [
  { resource = "QuestionnaireResponse", questionnaire = "http://q/intake", link_id = "concerns", value = "http://a|l", means = "lines", cite = "test" },
  { resource = "QuestionnaireResponse", questionnaire = "http://q/intake", link_id = "concerns", value = "http://a|m", means = "marks", cite = "test" },
]
[fact.risks]
type = "choices"
values = ["fever", "cough"]
label = "R"
ask = "?"
fhir = [
  { resource = "Condition", code = "http://c|fever", means = "fever", complete = true, cite = "test" },
  { resource = "Condition", code = "http://c|cough", means = "cough", complete = true, cite = "test" },
]
[fact.last_visit]
type = "date"
label = "V"
ask = "?"
fhir = [{ resource = "Observation", code = "http://o|visit", cite = "test" }]
[fact.birth_date]
type = "date"
label = "B"
ask = "?"
fhir = [{ resource = "Patient", element = "birthDate", cite = "test" }]
[fact.age]
type = "integer"
min = 0
max = 130
label = "A"
ask = "?"
fhir = [{ resource = "Patient", element = "birthDate", cite = "test" }]
[fact.sex]
type = "choice"
values = ["f", "m"]
label = "S"
ask = "?"
fhir = [
  { resource = "Patient", element = "gender", value = "http://hl7.org/fhir/administrative-gender|female", means = "f", cite = "test" },
  { resource = "Patient", element = "gender", value = "http://hl7.org/fhir/administrative-gender|unknown", means = "unknown", cite = "test" },
]
)";

inline const Vocabulary& bound_facts() {
  static const Vocabulary vocabulary = vocabulary_from(kBoundFacts);
  return vocabulary;
}

/// What reading came to: each fact's state at a time, and what was reported.
struct ReadRecord {
  Result<ProfileData> profile = fail(ErrorKind::kInternal, Diagnostic{});
  std::vector<Diagnostic> diagnostics;  ///< of reading and of the time
  std::shared_ptr<const ProfileData> then;
  Facts facts;

  /// `true (2026-11-01, Condition/1)`, `unknown: not-asked`; of a conflict, the answers.
  [[nodiscard]] std::string operator[](std::string_view name) const {
    const Vocabulary& vocabulary = bound_facts();
    const FactId id = *vocabulary.find(name);
    const FactState& state = facts[id];
    if (state.conflicting()) {
      std::string out = "conflicting:";
      for (const Answer& answer : state.answers->answers) {
        const auto* value = std::get_if<FactValue>(&answer.content);
        out +=
            " " + (value == nullptr ? "unknown" : display(vocabulary[id], *value, "en")) + " (" + answer.source + ")";
      }
      return out;
    }
    if (!state.known) return "unknown: " + std::string(to_string(state.reason));
    std::string out = display(vocabulary[id], state.value, "en") + " (";
    if (state.recorded) out += to_string(*state.recorded) + ", ";
    return out + std::string(state.source) + ")";
  }
  [[nodiscard]] bool reported(std::string_view code) const {
    for (const Diagnostic& each : diagnostics) {
      if (each.code == code) return true;
    }
    return false;
  }
  /// All codes but those of what concerns no fact.
  [[nodiscard]] std::string codes() const {
    std::string out;
    for (const Diagnostic& each : diagnostics) {
      if (each.code == "not-read" || each.code == "undated") continue;
      out += (out.empty() ? "" : " ") + each.code;
    }
    return out;
  }
};

inline ReadRecord read_record(const std::vector<FhirSource>& sources, const std::string& at = "2026-11-22T10:00:00Z",
                              const ProfileOptions& options = {}) {
  ReadRecord out;
  out.profile = read_profile_fhir(sources, bound_facts(), options);
  if (!out.profile) return out;
  Diagnostics diagnostics;
  out.then = at_time(std::make_shared<const ProfileData>(*out.profile), bound_facts(), *parse_rfc3339(at), diagnostics);
  auto facts = resolve_facts(*out.then, bound_facts(), {}, *parse_rfc3339(at), diagnostics);
  if (!facts) FAIL(to_string(facts.error().diagnostics.front()));
  out.facts = std::move(*facts);
  out.diagnostics = out.profile->diagnostics;
  for (const Diagnostic& each : diagnostics.take()) out.diagnostics.push_back(each);
  for (const Diagnostic& each : out.diagnostics) CHECK_FALSE(each.message.empty());
  return out;
}

inline ReadRecord read_record(std::string_view text, const std::string& at = "2026-11-22T10:00:00Z",
                              const ProfileOptions& options = {}) {
  FhirSource source;
  source.name = "r.json";
  source.text = text;
  return read_record(std::vector{source}, at, options);
}

/// A Bundle of resources, each given as JSON.
inline std::string bundle(const std::vector<std::string>& resources, const std::string& more = "") {
  std::string entries;
  for (const std::string& resource : resources) {
    entries += (entries.empty() ? "" : ",") + std::string("{\"resource\":") + resource + "}";
  }
  return R"({"resourceType":"Bundle","type":"collection")" + more + ",\"entry\":[" + entries + "]}";
}

inline std::string concept_json(const std::string& code) {
  const std::size_t bar = code.rfind('|');
  return R"({"coding":[{"system":")" + code.substr(0, bar) + R"(","code":")" + code.substr(bar + 1) + "\"}]}";
}

inline std::string status_json(const std::string& system, const std::string& code) {
  return concept_json("http://terminology.hl7.org/CodeSystem/" + system + "|" + code);
}

/// `{"resourceType":"Condition","id":"1","code":…,"clinicalStatus":…, more}`; an empty status leaves it out.
inline std::string condition(const std::string& code, const std::string& clinical = "active",
                             const std::string& more = "", const std::string& id = "1") {
  std::string out = R"({"resourceType":"Condition","id":")" + id + R"(","code":)" + concept_json(code);
  if (!clinical.empty()) out += ",\"clinicalStatus\":" + status_json("condition-clinical", clinical);
  return out + (more.empty() ? "" : "," + more) + "}";
}

/// A final observation with the value, such as `"valueBoolean":true`.
inline std::string observation(const std::string& code, const std::string& value,
                               const std::string& effective = "2026-11-01", const std::string& id = "1") {
  std::string out =
      R"({"resourceType":"Observation","id":")" + id + R"(","status":"final","code":)" + concept_json(code);
  if (!effective.empty()) out += R"(,"effectiveDateTime":")" + effective + "\"";
  return out + (value.empty() ? "" : "," + value) + "}";
}

inline std::string coded(const std::string& code) { return "\"valueCodeableConcept\":" + concept_json(code); }

}  // namespace caveat::support
