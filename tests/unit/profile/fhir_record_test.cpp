// The record as a whole: kinds of input, one patient, versions, several sources, hostile text.
#include "fhir_support.hpp"
#include "profile/fhir_part.hpp"

#include <random>

using namespace caveat;
using namespace caveat::support;

namespace {

FhirSource source(const std::string& name, std::optional<std::string_view> text, const std::string& query = "") {
  FhirSource out;
  out.name = name;
  out.text = text;
  out.query = query;
  return out;
}

std::string problem(const std::string& text, const ProfileOptions& options = {}) {
  return problems(read_record(text, "2026-11-22T10:00:00Z", options).profile);
}

const std::string kPregnant = condition("http://c|pregnant");
const std::string kOther = condition("http://c|something-else");

std::string of_patient(const std::string& reference, const std::string& id = "1") {
  return condition("http://c|pregnant", "active", R"("subject":{"reference":")" + reference + "\"}", id);
}

std::string patient(const std::string& id) {
  return R"({"resourceType":"Patient","id":")" + id + R"(","birthDate":"1990-01-01"})";
}

}  // namespace

TEST_CASE("profile.fhir_record: a Bundle of any type, a list, one resource") {
  for (const char* type : {"searchset", "collection", "document", "transaction", "batch", "message", "history"}) {
    const std::string text = R"({"type":")" + std::string(type) + R"(","entry":[{"resource":)" + kPregnant +
                             R"(}],"resourceType":"Bundle"})";
    CHECK(read_record(text)["pregnant"] == "yes (Condition/1)");
  }
  CHECK(read_record("[" + kOther + "," + kPregnant + "]")["pregnant"] == "yes (Condition/1)");
  CHECK(read_record(kPregnant)["pregnant"] == "yes (Condition/1)");
  CHECK(read_record("\xEF\xBB\xBF " + kPregnant)["pregnant"] == "yes (Condition/1)");
  CHECK(read_record("[]")["pregnant"] == "unknown: not-asked");
  CHECK(read_record(R"({"resourceType":"Bundle"})")["pregnant"] == "unknown: not-asked");
}

TEST_CASE("profile.fhir_record: content tells FHIR from a profile") {
  CHECK(looks_like_fhir(kPregnant));
  CHECK(looks_like_fhir(" [ " + kPregnant));
  CHECK_FALSE(looks_like_fhir("[]"));
  CHECK_FALSE(looks_like_fhir("[[" + kPregnant));
  CHECK_FALSE(looks_like_fhir(R"([{"facts":{}}, {"resourceType":"Patient"}])"));
  CHECK(looks_like_fhir(R"({"a":{"b":[1,"}"]},"resourceType" : "X"})"));
  CHECK_FALSE(looks_like_fhir(R"({"facts":{"resourceType":"X"}})"));
  CHECK_FALSE(looks_like_fhir(R"({"id":"resourceType"})"));
  CHECK_FALSE(looks_like_fhir(R"({"resourceType":5})"));
  CHECK_FALSE(looks_like_fhir(""));
  CHECK_FALSE(looks_like_fhir("{\"resourceType"));
  const auto profile = read_profile(kPregnant, "p", bound_facts());
  REQUIRE(profile);
  CHECK(profile->from_record);
  CHECK(profile->facts.size() == 1);
}

TEST_CASE("profile.fhir_record: what is not there has a name") {
  const std::string no_id = R"({"resourceType":"Condition","code":)" + concept_json("http://c|pregnant") + "}";
  CHECK(read_record(bundle({kOther, no_id}))["pregnant"] == "yes (Condition 2)");
  CHECK(read_record(R"({"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:7","resource":)" + no_id +
                    "}]}")["pregnant"] == "yes (urn:uuid:7)");
  const auto record = read_record(bundle({kPregnant, R"({"resourceType":"Claim"})", R"({"resourceType":"Claim"})",
                                          R"({"no":"type"})", R"({"resourceType":"Bundle"})"}));
  CHECK(record.reported("not-read"));
  CHECK(record.reported("not-a-resource"));
  CHECK(record.reported("nested-bundle"));
  const auto told = [&](const std::string& text) {
    return std::any_of(record.diagnostics.begin(), record.diagnostics.end(),
                       [&](const Diagnostic& d) { return d.message.find(text) != std::string::npos; });
  };
  CHECK(told("2 Claim"));
}

TEST_CASE("profile.fhir_record: a record is one person's") {
  const auto one = read_record(bundle({patient("p"), of_patient("Patient/p")}));
  CHECK(one["pregnant"] == "yes (Condition/1)");
  CHECK(one.profile->id == "p");
  CHECK(read_record(bundle({of_patient("http://h/fhir/Patient/p/_history/3"), patient("p")}))["pregnant"] ==
        "yes (Condition/1)");
  const auto stranger = read_record(bundle({patient("p"), of_patient("Patient/q")}));
  CHECK(stranger["pregnant"] == "unknown: not-asked");
  CHECK(stranger.codes() == "other-patient");
  CHECK(problem(bundle({patient("p"), patient("q")})).starts_with("several-patients"));
  CHECK(problem(bundle({of_patient("Patient/p", "1"), of_patient("Patient/q", "2")})).starts_with("several-patients"));
  CHECK(read_record(bundle({of_patient("Patient/p", "1"), of_patient("Patient/p", "2")})).profile->id == "p");
  ProfileOptions of_q;
  of_q.patient = "q";
  const auto chosen =
      read_record(bundle({patient("p"), patient("q"), of_patient("Patient/q", "1")}), "2026-11-22T10:00:00Z", of_q);
  CHECK(chosen["pregnant"] == "yes (Condition/1)");
  CHECK(chosen.profile->id == "q");
  const std::string urn = R"({"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:p","resource":{"resourceType":)"
                          R"("Patient"}},{"resource":)" +
                          of_patient("urn:uuid:p") + "}]}";
  CHECK(read_record(urn)["pregnant"] == "yes (Condition/1)");
  CHECK(read_record(urn).profile->id == "urn:uuid:p");
}

TEST_CASE("profile.fhir_record: of several versions the newest counts") {
  const auto version = [](const std::string& clinical, const std::string& meta) {
    return condition("http://c|pregnant", clinical, "\"meta\":{" + meta + "}");
  };
  const std::string older = version("active", R"("versionId":"9","lastUpdated":"2026-01-01T00:00:00Z")");
  const std::string newer = version("resolved", R"("versionId":"10","lastUpdated":"2026-02-01T00:00:00Z")");
  CHECK(read_record(bundle({older, newer}))["pregnant"] == "no (Condition/1)");
  CHECK(read_record(bundle({newer, older}))["pregnant"] == "no (Condition/1)");
  CHECK(read_record(bundle({version("active", R"("versionId":"9")"),
                            version("resolved", R"("versionId":"10")")}))["pregnant"] == "no (Condition/1)");
  CHECK(read_record(bundle({older, older}))["pregnant"] == "yes (Condition/1)");
  const auto history = [&](const std::string& entries) {
    return read_record(R"({"resourceType":"Bundle","type":"history","entry":[)" + entries + "]}")["pregnant"];
  };
  const std::string first = "{\"resource\":" + condition("http://c|pregnant", "resolved") + "}";
  const std::string second = "{\"resource\":" + condition("http://c|pregnant", "active") + "}";
  const std::string gone = R"({"request":{"method":"DELETE","url":"Condition/1"}})";
  CHECK(history(first + "," + second) == "no (Condition/1)");
  CHECK(history(gone + "," + second) == "unknown: not-asked");
  // Nothing tells which is newer.
  CHECK(read_record(bundle({kPregnant, condition("http://c|pregnant", "resolved")}))["pregnant"] ==
        "conflicting: yes (Condition/1) no (Condition/1)");
}

TEST_CASE("profile.fhir_record: an absent source, null and an OperationOutcome are three different things") {
  const std::string query = "Condition?patient=p&code=http://c|diabetes";
  const auto diabetic = [&](std::optional<std::string_view> text) {
    return read_record({source("conditions", text, query)});
  };
  CHECK(diabetic(std::nullopt)["diabetic"] == "unknown: not-asked");
  CHECK(diabetic(std::nullopt).codes() == "source-absent");
  CHECK(diabetic("null")["diabetic"] == "no (not listed: Condition)");
  CHECK(diabetic("null")["pregnant"] == "unknown: not-asked");
  CHECK(diabetic(R"({"resourceType":"OperationOutcome","issue":[]})")["diabetic"] == "unknown: invalid");
  CHECK(diabetic(R"({"resourceType":"OperationOutcome","issue":[]})").codes() == "source-failed");
  CHECK(diabetic(R"({"resourceType":"OperationOutcome","issue":[]})")["latex"] == "unknown: not-asked");
  CHECK(diabetic(R"({"resourceType":"Bundle","type":"searchset"})")["diabetic"] == "no (not listed: Condition)");
  CHECK(diabetic(bundle({kOther}))["diabetic"] == "no (not listed: Condition)");
  // What the search did not ask for, it cannot have lacked.
  CHECK(read_record({source("c", "null", "Condition?patient=p&code=http://c|other")})["diabetic"] ==
        "unknown: not-asked");
  CHECK(read_record({source("c", "null", "Condition?patient=p&clinical-status=active")})["diabetic"] ==
        "unknown: not-asked");
  CHECK(read_record({source("c", "null", "Observation?patient=p")})["diabetic"] == "unknown: not-asked");
  CHECK(read_record({source("c", "null", "http://h/Patient/p/$everything")})["diabetic"] ==
        "no (not listed: Condition)");
  CHECK(read_record("null")["diabetic"] == "unknown: not-asked");
  const std::string self =
      R"({"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"http://h/Condition?)";
  CHECK(read_record(self + R"(patient=p"}]})")["diabetic"] == "no (not listed: Condition)");
  CHECK(read_record(self + R"(patient=p&category=x"}]})")["diabetic"] == "unknown: not-asked");
}

TEST_CASE("profile.fhir_record: sources are read together") {
  const std::string over = condition("http://c|pregnant", "resolved");
  const std::string fails = R"({"resourceType":"OperationOutcome","issue":[{"severity":"error"}]})";
  const auto record = read_record({source("conditions", over), source("observations", fails, "Observation?patient=p")});
  CHECK(record["pregnant"] == "unknown: invalid");  // what was not got may be later than the end
  const auto both =
      read_record({source("a", kPregnant), source("b", observation("http://o|status", coded("http://a|no")))});
  CHECK(both["pregnant"] == "conflicting: yes (Condition/1) no (Observation/1)");
  CHECK(read_record({source("a", kPregnant), source("b", kPregnant)})["pregnant"] == "yes (Condition/1)");
  CHECK(problems(read_record({source("a", kPregnant), source("b", "{")}).profile).starts_with("json-syntax"));
}

TEST_CASE("profile.fhir_record: what cannot be read at all is an error with its place") {
  CHECK(problem("{\"resourceType\":\"Bundle\",\"entry\":[{]}") == "json-syntax@1:36");
  CHECK(problem("{\"resourceType\":\"Bundle\",\"entry\":5}") == "wrong-type@1:26");
  CHECK(problem("[{\"resourceType\":\"Patient\"}").starts_with("json-syntax"));
  CHECK(problem("[] x").starts_with("json-syntax"));
  CHECK(problem(kPregnant + kPregnant).starts_with("json-syntax"));
  CHECK(problem("") == "json-syntax@1:1");
  CHECK(problem("5") == "json-syntax@1:1");
  CHECK(problem("{\"resourceType\":\"Patient\",\n \"a\":tru}") == "json-syntax@2:6");
  CHECK(problem("{\"resourceType\":\"Patient\",\"id\":\"1\",\"id\":\"2\"}") == "duplicate-key@1:36");
  CHECK(problem("{\"resourceType\":\"Bundle\",\"entry\":[],\"entry\":[]}") == "duplicate-key@1:37");
  CHECK(problem(bundle({R"({"resourceType":"Condition","code":{"coding":[],"coding":[]}})"}))
            .starts_with("duplicate-key"));
  CHECK(problem("{\"resourceType\":\"Patient\",\"id\":\"\xFF\"}") == "not-utf8@1:33");
  CHECK(problem(std::string("{\"resourceType\":\"Patient\"\0}", 26)) == "nul-byte@1:26");
  ProfileOptions small;
  small.bytes_max = 10;
  CHECK(problem(kPregnant, small) == "too-large");
  CHECK(problem("{\"resourceType\":\"Patient\",\"a\":" + std::string(40, '[') + std::string(40, ']') + "}")
            .starts_with("too-deep"));
  CHECK(problem("{\"resourceType\":\"Patient\",\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}")
            .starts_with("too-deep"));
  CHECK_FALSE(problem("{\"resourceType\":\"Patient\",\"a\":" + std::string(100'000, '[')).empty());
  ProfileOptions few;
  few.facts_max = 2;
  std::string numbers = "1";
  for (int i = 0; i < 300; ++i) numbers += ",1";
  CHECK(problem("{\"resourceType\":\"Patient\",\"a\":[" + numbers + "]}", few).starts_with("too-many-entries"));
  CHECK(problem(bundle({condition("http://c|pregnant", "active", "", "1"),
                        condition("http://c|pregnant", "active", "", "2"),
                        condition("http://c|pregnant", "active", "", "3")}),
                few) == "too-many-facts");
}

TEST_CASE("profile.fhir_record: wrong types never stop the reading") {
  const std::vector<std::string> values = {"null", "5",    "-1e999", "\"x\"", "[]",
                                           "{}",   "true", "[null]", "[[]]",  "[{}]"};
  const std::vector<std::string> keys = {"code",
                                         "clinicalStatus",
                                         "verificationStatus",
                                         "recordedDate",
                                         "onsetPeriod",
                                         "meta",
                                         "subject",
                                         "id",
                                         "status",
                                         "valueQuantity",
                                         "component",
                                         "valueBoolean",
                                         "effectiveDateTime",
                                         "dataAbsentReason",
                                         "item",
                                         "answer",
                                         "birthDate",
                                         "gender",
                                         "questionnaire",
                                         "medicationReference",
                                         "contained",
                                         "doNotPerform",
                                         "intent",
                                         "abatementDateTime"};
  for (const char* type : {"Condition", "Observation", "Patient", "AllergyIntolerance", "MedicationStatement",
                           "MedicationRequest", "QuestionnaireResponse", "Medication"}) {
    for (const std::string& key : keys) {
      for (const std::string& value : values) {
        INFO(type << " " << key << " " << value);
        const auto record =
            read_record(bundle({"{\"resourceType\":\"" + std::string(type) + "\",\"" + key + "\":" + value + "}"}));
        CHECK(record.profile);
      }
    }
  }
}

TEST_CASE("profile.fhir_record: damaged records are refused or read, and nothing else") {
  const std::string whole = bundle(
      {patient("p"), of_patient("Patient/p", "a"),
       observation("http://o|weight",
                   R"("valueQuantity":{"value":70,"system":"http://unitsofmeasure.org","code":"kg"})"),
       observation("http://o|status", coded("http://a|no"), "2026-11-02", "2"),
       R"({"resourceType":"QuestionnaireResponse","questionnaire":"http://q/intake","status":"completed","item":[{"linkId":"fasting","answer":[{"valueBoolean":true}]}]})"},
      R"(,"link":[{"relation":"self","url":"http://h/Condition?patient=p"}],"total":5)");
  REQUIRE(read_record(whole).profile);
  constexpr unsigned kSeed = 20261122;
  INFO("seed " << kSeed);
  std::mt19937 random(kSeed);
  const std::string bytes = "{}[]\",:0-.eEtfn\\ \xC3\xFF\x01u";
  std::size_t read = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    const std::size_t changes = 1 + random() % 3;
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = bytes[random() % bytes.size()]; break;
        case 1: text.erase(at, 1 + random() % 8); break;
        case 2: text.insert(at, 1, bytes[random() % bytes.size()]); break;
        default: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
      }
      if (text.empty()) break;
    }
    FhirSource damaged = source("damaged", text);
    const auto profile = read_profile_fhir(std::vector{damaged}, bound_facts());
    if (profile) ++read;
    if (!profile) CHECK_FALSE(profile.error().diagnostics.empty());
  }
  CHECK(read > 0);
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    FhirSource cut = source("cut", std::string_view(whole).substr(0, length));
    CHECK_FALSE(read_profile_fhir(std::vector{cut}, bound_facts()));
  }
}
