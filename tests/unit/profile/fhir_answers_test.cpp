// Observations, forms and the patient: values, units, components, series, ages.
#include "fhir_support.hpp"

using namespace caveat;
using namespace caveat::support;

namespace {

std::string one(const std::string& fact, const std::string& resource) { return read_record(bundle({resource}))[fact]; }

std::string quantity(const std::string& value, const std::string& code, const std::string& more = "") {
  return R"("valueQuantity":{"value":)" + value + R"(,"system":"http://unitsofmeasure.org","code":")" + code + "\"" +
         more + "}";
}

std::string weight(const std::string& value) { return one("weight", observation("http://o|weight", value)); }

std::string form(const std::string& items, const std::string& status = "completed",
                 const std::string& authored = "2026-11-03", const std::string& id = "q") {
  return R"({"resourceType":"QuestionnaireResponse","id":")" + id +
         R"(","questionnaire":"http://q/intake|2","status":")" + status + R"(","authored":")" + authored +
         R"(","item":[)" + items + "]}";
}

std::string item(const std::string& link, const std::string& answers, const std::string& more = "") {
  return R"({"linkId":")" + link + R"(","answer":[)" + answers + "]" + more + "}";
}

}  // namespace

TEST_CASE("profile.fhir_answers: coded values") {
  const auto pregnant = [](const std::string& value) { return one("pregnant", observation("http://o|status", value)); };
  CHECK(pregnant(coded("http://a|yes")) == "yes (2026-11-01, Observation/1)");
  CHECK(pregnant(coded("http://a|no")) == "no (2026-11-01, Observation/1)");
  CHECK(pregnant(coded("http://a|dunno")) == "unknown: not-known");
  CHECK(pregnant(coded("http://a|perhaps")) == "unknown: invalid");
  CHECK(pregnant(R"("valueCodeableConcept":{"text":"yes"})") == "unknown: invalid");
  CHECK(
      pregnant(
          R"("valueCodeableConcept":{"coding":[{"system":"http://z","code":"1"},{"system":"http://a","code":"no"}]})") ==
      "no (2026-11-01, Observation/1)");
  CHECK(
      pregnant(
          R"("valueCodeableConcept":{"coding":[{"system":"http://a","code":"yes"},{"system":"http://a","code":"no"}]})") ==
      "unknown: invalid");
  CHECK(pregnant(R"("valueString":"yes")") == "unknown: invalid");
  CHECK(pregnant(R"("valueBoolean":true)") == "unknown: invalid");
  CHECK(pregnant("") == "unknown: invalid");
  CHECK(one("smoking", observation("http://o|smoking", coded("http://a|f"))) == "former (2026-11-01, Observation/1)");
  CHECK(one("smoking", condition("http://c|smoker")) == "current (Condition/1)");
}

TEST_CASE("profile.fhir_answers: why there is no value") {
  const auto absent = [](const std::string& code) {
    return one("pregnant",
               observation("http://o|status", "\"dataAbsentReason\":" + status_json("data-absent-reason", code)));
  };
  CHECK(absent("asked-declined") == "unknown: declined");
  CHECK(absent("asked-unknown") == "unknown: not-known");
  CHECK(absent("not-asked") == "unknown: not-asked");
  CHECK(absent("error") == "unknown: invalid");
}

TEST_CASE("profile.fhir_answers: an observation's status") {
  const auto status = [](const std::string& code) {
    return one("fasting", R"({"resourceType":"Observation","status":")" + code + R"(","code":)" +
                              concept_json("http://o|fasting") + R"(,"valueBoolean":true})");
  };
  for (const char* code : {"final", "amended", "corrected"}) CHECK(status(code) == "yes (Observation 1)");
  for (const char* code : {"registered", "preliminary", "unknown", "done"}) CHECK(status(code) == "unknown: invalid");
  for (const char* code : {"entered-in-error", "cancelled"}) CHECK(status(code) == "unknown: not-asked");
}

TEST_CASE("profile.fhir_answers: Booleans, integers, dates") {
  const auto fasting = [](const std::string& value) { return one("fasting", observation("http://o|fasting", value)); };
  CHECK(fasting(R"("valueBoolean":false)") == "no (2026-11-01, Observation/1)");
  CHECK(fasting(R"("valueBoolean":"false")") == "unknown: invalid");
  CHECK(fasting(R"("valueInteger":0)") == "unknown: invalid");
  const auto cigarettes = [](const std::string& value) {
    return one("cigarettes", observation("http://o|cigarettes", value));
  };
  CHECK(cigarettes(R"("valueInteger":12)") == "12 (2026-11-01, Observation/1)");
  CHECK(cigarettes(R"("valueInteger":-1)") == "unknown: invalid");
  CHECK(cigarettes(R"("valueInteger":12.5)") == "unknown: invalid");
  CHECK(cigarettes(R"("valueInteger":1e400)") == "unknown: invalid");
  CHECK(cigarettes(R"("valueInteger":99999999999999999999999999)") == "unknown: invalid");
  CHECK(cigarettes(quantity("20", "{cigarettes}/d")) == "20 (2026-11-01, Observation/1)");
  CHECK(cigarettes(quantity("20", "/d")) == "unknown: invalid");
  CHECK(cigarettes(R"("valueQuantity":{"value":20})") == "20 (2026-11-01, Observation/1)");
  const auto visit = [](const std::string& value) { return one("last_visit", observation("http://o|visit", value)); };
  CHECK(visit(R"("valueDateTime":"2026-03-04")") == "2026-03-04 (2026-11-01, Observation/1)");
  CHECK(visit(R"("valueDateTime":"2026-03-04T10:00:00Z")") == "2026-03-04 (2026-11-01, Observation/1)");
  CHECK(visit(R"("valueDateTime":"2026-03")") == "unknown: invalid");
}

TEST_CASE("profile.fhir_answers: quantities are taken by their UCUM codes") {
  CHECK(weight(quantity("70.5", "kg")) == "70.5 kg (2026-11-01, Observation/1)");
  CHECK(weight(quantity("70500", "g")) == "70.5 kg (2026-11-01, Observation/1)");
  CHECK(weight(quantity("170", "cm")) == "unknown: invalid");
  CHECK(weight(quantity("900", "kg")) == "unknown: invalid");
  CHECK(weight(quantity("70", "kilos")) == "unknown: invalid");
  CHECK(weight(quantity("70", "kg", R"(,"comparator":"<")")) == "unknown: invalid");
  CHECK(weight(R"("valueQuantity":{"value":70})") == "70 kg (2026-11-01, Observation/1)");  // the binding's unit
  CHECK(weight(R"("valueQuantity":{"value":70,"unit":"kg"})") == "70 kg (2026-11-01, Observation/1)");
  CHECK(weight(R"("valueQuantity":{"value":154,"unit":"lbs"})") == "unknown: invalid");
  CHECK(weight(R"("valueQuantity":{"value":154,"code":"lb"})") == "unknown: invalid");
  CHECK(weight(R"("valueQuantity":{"value":"70","unit":"kg"})") == "unknown: invalid");
  CHECK(weight(R"("valueQuantity":70)") == "unknown: invalid");
  CHECK(one("bmi", observation("http://o|bmi", quantity("22.4", "kg/m2"))) == "22.4 (2026-11-01, Observation/1)");
  CHECK(one("bmi", observation("http://o|bmi", quantity("2.24", "g/cm2"))) == "22.4 (2026-11-01, Observation/1)");
  CHECK(one("bmi", observation("http://o|bmi", quantity("22.4", "kg"))) == "unknown: invalid");
}

TEST_CASE("profile.fhir_answers: components") {
  const auto pressure = [](const std::string& components) {
    return one("systolic", observation("http://o|pressure", "\"component\":[" + components + "]"));
  };
  const std::string systolic = "{\"code\":" + concept_json("http://o|systolic") + "," + quantity("120", "mm[Hg]") + "}";
  const std::string diastolic =
      "{\"code\":" + concept_json("http://o|diastolic") + "," + quantity("80", "mm[Hg]") + "}";
  CHECK(pressure(diastolic + "," + systolic) == "120 mm[Hg] (2026-11-01, Observation/1)");
  CHECK(pressure(diastolic) == "unknown: not-asked");
  CHECK(pressure(systolic + "," + systolic) == "unknown: invalid");
  CHECK(one("systolic", observation("http://o|systolic", quantity("120", "mm[Hg]"))) == "unknown: not-asked");
}

TEST_CASE("profile.fhir_answers: of a series the latest counts, whatever it says") {
  const auto at = [](const std::string& code, const std::string& date, const std::string& id) {
    return observation("http://o|status", coded("http://a|" + code), date, id);
  };
  CHECK(read_record(bundle({at("yes", "2026-09-01", "a"), at("no", "2026-11-01", "b")}))["pregnant"] ==
        "no (2026-11-01, Observation/b)");
  CHECK(read_record(bundle({at("no", "2026-11-01", "b"), at("yes", "2026-09-01", "a")}))["pregnant"] ==
        "no (2026-11-01, Observation/b)");
  CHECK(read_record(bundle({at("no", "2026-09-01", "a"), at("perhaps", "2026-11-01", "b")}))["pregnant"] ==
        "unknown: invalid");
  CHECK(read_record(
            bundle({at("no", "2026-11-01T09:00:00Z", "a"), at("yes", "2026-11-01T10:00:00+00:30", "b")}))["pregnant"] ==
        "yes (2026-11-01, Observation/b)");
  // What cannot be put in order stays side by side.
  CHECK(read_record(bundle({at("no", "2026-11-01", "a"), at("yes", "2026-11-01T10:00:00Z", "b")}))["pregnant"] ==
        "conflicting: no (Observation/a) yes (Observation/b)");
  CHECK(read_record(bundle({at("no", "2026-11", "a"), at("yes", "2026-11-03", "b")}))["pregnant"] ==
        "conflicting: no (Observation/a) yes (Observation/b)");
  CHECK(read_record(bundle({at("no", "", "a"), at("yes", "2026-11-03", "b")}))["pregnant"] ==
        "conflicting: no (Observation/a) yes (Observation/b)");
}

TEST_CASE("profile.fhir_answers: sources that disagree are shown side by side") {
  const auto record = read_record(bundle({condition("http://c|pregnant", "active", R"("recordedDate":"2026-10-20")"),
                                          observation("http://o|status", coded("http://a|no"))}));
  CHECK(record["pregnant"] == "conflicting: yes (Condition/1) no (Observation/1)");
  const auto over = read_record(bundle({condition("http://c|pregnant", "resolved", R"("recordedDate":"2026-10-20")"),
                                        observation("http://o|status", coded("http://a|perhaps"))}));
  CHECK(over["pregnant"] == "unknown: invalid");
}

TEST_CASE("profile.fhir_answers: questionnaires") {
  const auto answers = [](const std::string& fact, const std::string& items) { return one(fact, form(items)); };
  CHECK(answers("fasting", item("fasting", R"({"valueBoolean":true})")) == "yes (2026-11-03, QuestionnaireResponse/q)");
  CHECK(answers("cigarettes", item("g", "", ",\"item\":[" + item("cigarettes", R"({"valueInteger":3})") + "]")) ==
        "3 (2026-11-03, QuestionnaireResponse/q)");
  CHECK(answers("cigarettes",
                item("g", R"({"valueBoolean":true,"item":[)" + item("cigarettes", R"({"valueDecimal":3})") + "]}")) ==
        "3 (2026-11-03, QuestionnaireResponse/q)");
  CHECK(answers("fasting", item("fasting", "")) == "unknown: not-asked");
  CHECK(answers("fasting", item("other", R"({"valueBoolean":true})")) == "unknown: not-asked");
  CHECK(answers("fasting", item("fasting", R"({"valueBoolean":true},{"valueBoolean":false})")) == "unknown: invalid");
  const auto coding = [](const std::string& code) {
    return R"({"valueCoding":{"system":"http://a","code":")" + code + "\"}}";
  };
  CHECK(answers("concerns", item("concerns", coding("m") + "," + coding("l"))) ==
        "lines, marks (2026-11-03, QuestionnaireResponse/q)");
  CHECK(answers("concerns", item("concerns", coding("m"))) == "marks (2026-11-03, QuestionnaireResponse/q)");
  CHECK(answers("concerns", item("concerns", coding("m") + "," + coding("x"))) == "unknown: invalid");
  CHECK(answers("concerns", item("concerns", R"({"valueString":"spots"})")) == "unknown: invalid");
  CHECK(one("fasting", form(item("fasting", R"({"valueBoolean":true})"), "in-progress")) == "unknown: invalid");
  CHECK(one("fasting", form(item("fasting", R"({"valueBoolean":true})"), "entered-in-error")) == "unknown: not-asked");
  const auto later =
      read_record(bundle({form(item("fasting", R"({"valueBoolean":true})")),
                          form(item("fasting", R"({"valueBoolean":false})"), "amended", "2026-11-09", "r")}));
  CHECK(later["fasting"] == "no (2026-11-09, QuestionnaireResponse/r)");
}

TEST_CASE("profile.fhir_answers: a birth date gives the age at the evaluation's time") {
  const std::string patient = R"({"resourceType":"Patient","id":"p","gender":"female","birthDate":"1992-11-22"})";
  const auto on = [&](const std::string& at) { return read_record(bundle({patient}), at); };
  CHECK(on("2026-11-21T23:00:00Z")["age"] == "33 (2026-11-21, Patient/p)");
  CHECK(on("2026-11-22T00:00:00Z")["age"] == "34 (2026-11-22, Patient/p)");
  CHECK(on("2026-11-21T23:30:00-05:00")["age"] == "33 (2026-11-21, Patient/p)");
  CHECK(on("2026-11-22T00:00:00Z")["birth_date"] == "1992-11-22 (Patient/p)");
  CHECK(on("1990-01-01T00:00:00Z")["age"] == "unknown: invalid");
  CHECK(on("2026-11-22T00:00:00Z").profile->digest == on("2030-01-01T00:00:00Z").profile->digest);
  const auto born = [](const std::string& date) {
    return read_record(bundle({R"({"resourceType":"Patient","id":"p","birthDate":)" + date + "}"}));
  };
  CHECK(born("\"1992\"")["age"] == "unknown: invalid");
  CHECK(born("\"1992\"").codes() == "record-unusable imprecise-date");
  CHECK(born("\"1992-01\"")["age"] == "34 (2026-11-22, Patient/p)");
  CHECK(born("\"1800-01-01\"")["age"] == "unknown: invalid");
  CHECK(born("\"last century\"")["age"] == "unknown: invalid");
  CHECK(born("19920101")["age"] == "unknown: invalid");
  const auto dead =
      read_record(bundle({R"({"resourceType":"Patient","id":"p","birthDate":"1992-11-22","deceasedBoolean":true})"}));
  CHECK(dead["age"] == "unknown: invalid");
  const auto hidden =
      read_record(bundle({R"({"resourceType":"Patient","id":"p","_birthDate":{"extension":[{"url":)"
                          R"("http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}})"}));
  CHECK(hidden["age"] == "unknown: not-known");
}

TEST_CASE("profile.fhir_answers: administrative gender") {
  const auto sex = [](const std::string& gender) {
    return one("sex", R"({"resourceType":"Patient","id":"p","gender":")" + gender + "\"}");
  };
  CHECK(sex("female") == "f (Patient/p)");
  CHECK(sex("unknown") == "unknown: not-known");
  CHECK(sex("other") == "unknown: invalid");
}
