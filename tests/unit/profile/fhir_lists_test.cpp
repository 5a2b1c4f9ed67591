// Conditions, allergies and medications: what each status says of a state, of history, of a part.
#include "fhir_support.hpp"

using namespace caveat::support;

namespace {

const std::string kRecorded = R"("recordedDate":"2026-11-01")";

std::string verified(const std::string& code) {
  return "\"verificationStatus\":" + status_json("condition-ver-status", code) + "," + kRecorded;
}

std::string medication(const std::string& type, const std::string& status, const std::string& more = "") {
  const std::string intent = type == "MedicationRequest" ? R"(,"intent":"order")" : "";
  return R"({"resourceType":")" + type + R"(","id":"m","status":")" + status + "\"" + intent +
         ",\"medicationCodeableConcept\":" + concept_json("http://m|t2") + (more.empty() ? "" : "," + more) + "}";
}

}  // namespace

TEST_CASE("profile.fhir_lists: absence is unknown") {
  const auto empty = read_record(bundle({}));
  const auto other = read_record(bundle({condition("http://c|something-else")}));
  for (const char* fact : {"pregnant", "infection", "keloid", "latex", "thinner", "smoking", "weight", "age"}) {
    INFO(fact);
    CHECK(empty[fact] == "unknown: not-asked");
    CHECK(other[fact] == "unknown: not-asked");
  }
  CHECK(other.reported("not-read"));
}

TEST_CASE("profile.fhir_lists: what a condition's clinical status says") {
  const std::string unknown = "unknown: not-asked", suspended = "unknown: not-known",
                    yes = "yes (2026-11-01, Condition/1)";
  // Of a state that is all that the fact asks; of history; of a part.
  const std::vector<std::pair<std::string, std::vector<std::string>>> rows = {
      {"active", {yes, yes, yes}},
      {"recurrence", {yes, yes, yes}},
      {"relapse", {yes, yes, yes}},
      {"resolved", {"no (2026-11-01, Condition/1)", yes, unknown}},
      {"inactive", {"no (2026-11-01, Condition/1)", yes, unknown}},
      {"remission", {suspended, suspended, suspended}},
      {"", {yes, yes, yes}},
      {"cured", {"unknown: invalid", "unknown: invalid", "unknown: invalid"}}};
  const char* const facts[] = {"pregnant", "keloid", "infection"};
  const char* const codes[] = {"http://c|pregnant", "http://c|keloid", "http://c|impetigo"};
  for (const auto& [clinical, expected] : rows) {
    for (std::size_t i = 0; i < 3; ++i) {
      INFO(clinical << " " << facts[i]);
      CHECK(read_record(bundle({condition(codes[i], clinical, kRecorded)}))[facts[i]] == expected[i]);
    }
  }
}

TEST_CASE("profile.fhir_lists: what a verification status says") {
  const auto pregnant = [](const std::string& status) {
    return read_record(bundle({condition("http://c|pregnant", "active", verified(status))}))["pregnant"];
  };
  CHECK(pregnant("confirmed") == "yes (2026-11-01, Condition/1)");
  for (const char* status : {"unconfirmed", "provisional", "differential"})
    CHECK(pregnant(status) == "unknown: not-known");
  CHECK(pregnant("refuted") == "no (2026-11-01, Condition/1)");
  CHECK(pregnant("entered-in-error") == "unknown: not-asked");
  CHECK(pregnant("certainly") == "unknown: invalid");
  const auto part = read_record(bundle({condition("http://c|impetigo", "active", verified("refuted"))}));
  CHECK(part["infection"] == "unknown: not-asked");
  const auto old = read_record(bundle({R"({"resourceType":"Condition","id":"1","clinicalStatus":"active","code":)" +
                                       concept_json("http://c|pregnant") + "}"}));
  CHECK(old["pregnant"] == "unknown: invalid");
  CHECK(old.codes() == "record-unusable");
}

TEST_CASE("profile.fhir_lists: abatement ends a condition") {
  for (const char* abatement : {R"("abatementDateTime":"2026-10-05")", R"("abatementPeriod":{"end":"2026-10-05"})"}) {
    CHECK(read_record(bundle({condition("http://c|pregnant", "", abatement)}))["pregnant"] ==
          "no (2026-10-05, Condition/1)");
  }
  CHECK(read_record(bundle({condition("http://c|pregnant", "", R"("abatementString":"last year")")}))["pregnant"] ==
        "no (Condition/1)");
  CHECK(read_record(bundle({condition("http://c|keloid", "resolved", R"("abatementAge":{"value":30})")}))["keloid"] ==
        "yes (Condition/1)");
  const auto both =
      read_record(bundle({condition("http://c|pregnant", "active", R"("abatementDateTime":"2026-10-05")")}));
  CHECK(both["pregnant"] == "unknown: invalid");
  CHECK(both.codes() == "record-unusable");
}

TEST_CASE("profile.fhir_lists: dates are the recording's, else the onset's; coarse ones count from their first day") {
  const auto recorded = [](const std::string& more) {
    return read_record(bundle({condition("http://c|pregnant", "active", more)}))["pregnant"];
  };
  CHECK(recorded(R"("recordedDate":"2026-10-05T23:30:00-05:00","onsetDateTime":"2026-09-01")") ==
        "yes (2026-10-05, Condition/1)");
  CHECK(recorded(R"("onsetDateTime":"2026-09")") == "yes (2026-09-01, Condition/1)");
  CHECK(recorded(R"("onsetPeriod":{"start":"2026"})") == "yes (2026-01-01, Condition/1)");
  CHECK(recorded(R"("onsetDateTime":"2026-09-01T10:00:00.1234567+02:00")") == "yes (2026-09-01, Condition/1)");
  CHECK(recorded(R"("onsetDateTime":"autumn")") == "unknown: invalid");
  CHECK(recorded(R"("recordedDate":5)") == "unknown: invalid");
  CHECK(recorded(R"("recordedDate":"2027-01-01")") == "unknown: invalid");
}

TEST_CASE("profile.fhir_lists: an ended episode does not contradict a later one") {
  const std::string before = condition("http://c|pregnant", "resolved", R"("abatementDateTime":"2024-05-05")", "old");
  const std::string now = condition("http://c|pregnant", "active", R"("recordedDate":"2026-10-01")", "new");
  CHECK(read_record(bundle({before, now}))["pregnant"] == "yes (2026-10-01, Condition/new)");
  CHECK(read_record(bundle({now, before}))["pregnant"] == "yes (2026-10-01, Condition/new)");
  const std::string after = condition("http://c|pregnant", "resolved", R"("abatementDateTime":"2026-11-05")", "end");
  CHECK(read_record(bundle({now, after}))["pregnant"] == "conflicting: yes (Condition/new) no (Condition/end)");
  const std::string suspected =
      condition("http://c|pregnant", "active",
                "\"verificationStatus\":" + status_json("condition-ver-status", "provisional") +
                    R"(,"recordedDate":"2026-11-20")",
                "maybe");
  CHECK(read_record(bundle({after, suspected}))["pregnant"] == "unknown: not-known");
  CHECK(read_record(bundle({now, suspected}))["pregnant"] == "yes (2026-10-01, Condition/new)");
}

TEST_CASE("profile.fhir_lists: a complete list answers no, when the list is there") {
  const std::string other = condition("http://c|something-else");
  CHECK(read_record(bundle({other}))["diabetic"] == "no (not listed: Condition)");
  CHECK(read_record("[" + other + "]")["diabetic"] == "no (not listed: Condition)");
  CHECK(read_record(bundle({condition("http://c|diabetes")}))["diabetic"] == "yes (Condition/1)");
  // No list: nothing of the kind, one resource, a page of several, an error among the entries, a condition without
  // code.
  CHECK(read_record(bundle({}))["diabetic"] == "unknown: not-asked");
  CHECK(read_record(other)["diabetic"] == "unknown: not-asked");
  CHECK(read_record(bundle({other}, R"(,"link":[{"relation":"next","url":"http://x"}])"))["diabetic"] ==
        "unknown: not-asked");
  CHECK(read_record(bundle({other}, R"(,"total":7)"))["diabetic"] == "unknown: not-asked");
  CHECK(read_record(bundle({other}, R"(,"total":1)"))["diabetic"] == "no (not listed: Condition)");
  CHECK(read_record(
            bundle({other, R"({"resourceType":"OperationOutcome","issue":[{"severity":"error"}]})"}))["diabetic"] ==
        "unknown: not-asked");
  CHECK(read_record(bundle({other, R"({"resourceType":"Condition","code":{"text":"sugar disease"}})"}))["diabetic"] ==
        "unknown: not-asked");
  CHECK(read_record(bundle({condition("http://c|diabetes", "remission")}))["diabetic"] == "unknown: not-known");
}

TEST_CASE("profile.fhir_lists: a set is read from complete lists, whole or not at all") {
  const std::string fever = condition("http://c|fever", "active", kRecorded, "f");
  CHECK(read_record(bundle({fever}))["risks"] == "fever (2026-11-01, Condition/f)");
  CHECK(read_record(bundle({condition("http://c|something-else")}))["risks"] == "none (not listed: Condition)");
  CHECK(read_record(fever)["risks"] == "unknown: not-known");
  CHECK(read_record(bundle({}))["risks"] == "unknown: not-asked");
  CHECK(read_record(bundle({fever, condition("http://c|cough", "active", verified("provisional"), "c")}))["risks"] ==
        "unknown: not-known");
}

TEST_CASE("profile.fhir_lists: allergies") {
  const auto latex = [](const std::string& more) {
    return read_record(bundle({R"({"resourceType":"AllergyIntolerance","id":"a","code":)" +
                               concept_json("http://s|latex") + (more.empty() ? "" : "," + more) + "}"}))["latex"];
  };
  CHECK(latex("") == "yes (AllergyIntolerance/a)");
  CHECK(latex(R"("recordedDate":"2020-01-02")") == "yes (2020-01-02, AllergyIntolerance/a)");
  CHECK(latex("\"clinicalStatus\":" + status_json("allergyintolerance-clinical", "resolved")) ==
        "no (AllergyIntolerance/a)");
  CHECK(latex("\"verificationStatus\":" + status_json("allergyintolerance-verification", "unconfirmed")) ==
        "unknown: not-known");
  CHECK(latex("\"verificationStatus\":" + status_json("allergyintolerance-verification", "entered-in-error")) ==
        "unknown: not-asked");
}

TEST_CASE("profile.fhir_lists: medications") {
  const auto thinner = [](const std::string& resource) { return read_record(bundle({resource}))["thinner"]; };
  const std::string statement = "MedicationStatement", request = "MedicationRequest";
  CHECK(thinner(medication(statement, "active")) == "yes (MedicationStatement/m)");
  CHECK(thinner(medication(statement, "stopped", R"("effectivePeriod":{"start":"2026-01-01","end":"2026-10-10"})")) ==
        "no (2026-10-10, MedicationStatement/m)");
  CHECK(thinner(medication(statement, "not-taken")) == "no (MedicationStatement/m)");
  for (const char* status : {"intended", "on-hold", "unknown"})
    CHECK(thinner(medication(statement, status)) == "unknown: not-known");
  CHECK(thinner(medication(statement, "entered-in-error")) == "unknown: not-asked");
  CHECK(thinner(medication(statement, "taken")) == "unknown: invalid");
  CHECK(thinner(medication(request, "active", R"("authoredOn":"2026-10-01")")) ==
        "yes (2026-10-01, MedicationRequest/m)");
  CHECK(thinner(medication(request, "completed")) == "unknown: not-known");
  CHECK(thinner(medication(request, "stopped")) == "no (MedicationRequest/m)");
  CHECK(thinner(medication(request, "draft")) == "unknown: not-asked");
  CHECK(thinner(medication(request, "active", R"("doNotPerform":true)")) == "unknown: not-asked");
}

TEST_CASE("profile.fhir_lists: a medicine may be a resource of its own") {
  const auto by_reference = [](const std::string& reference, const std::string& more = "") {
    return R"({"resourceType":"MedicationStatement","id":"m","status":"active","medicationReference":{"reference":")" +
           reference + "\"}" + more + "}";
  };
  const std::string medicine = R"({"resourceType":"Medication","id":"w","code":)" + concept_json("http://m|t1") + "}";
  CHECK(read_record(bundle({by_reference("Medication/w"), medicine}))["thinner"] == "yes (MedicationStatement/m)");
  CHECK(read_record(bundle({by_reference("http://h/fhir/Medication/w"), medicine}))["thinner"] ==
        "yes (MedicationStatement/m)");
  CHECK(read_record(bundle({by_reference("Medication/x"), medicine}))["thinner"] == "unknown: not-asked");
  CHECK(read_record(bundle({by_reference("#w", ",\"contained\":[" + medicine + "]")}))["thinner"] ==
        "yes (MedicationStatement/m)");
}

TEST_CASE("profile.fhir_lists: a resource that may mean something else is not believed") {
  for (const char* more : {R"("modifierExtension":[{"url":"http://x"}])", R"("implicitRules":"http://x")",
                           R"("meta":{"tag":[{"code":"SUBSETTED"}]})"}) {
    const auto record = read_record(bundle({condition("http://c|pregnant", "active", more)}));
    INFO(more);
    CHECK(record["pregnant"] == "unknown: invalid");
    CHECK(record.codes() == "record-unusable");
  }
}
