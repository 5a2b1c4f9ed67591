#include "profile/profile.hpp"

#include "base/digest.hpp"
#include "support/facts.hpp"

using namespace caveat;
using caveat::support::every_type;
using caveat::support::problems;

namespace {

Result<ProfileData> toml(const std::string& text) { return read_profile_toml(text, "p.toml", every_type()); }
Result<ProfileData> json(const std::string& text) { return read_profile_json(text, "p.json", every_type()); }

std::string toml_fact(const std::string& line) { return problems(toml("[facts]\n" + line + "\n")); }
std::string json_fact(const std::string& member) { return problems(json("{\"facts\": {\n" + member + "\n}}")); }

const Answer& answer(const Result<ProfileData>& profile, std::string_view fact, std::size_t index = 0) {
  if (!profile) FAIL(to_string(profile.error().diagnostics.front()));
  for (const FactAnswers& facts : profile->facts) {
    if (every_type()[facts.fact].name == fact) return facts.answers.at(index);
  }
  FAIL("no answer to " << fact);
  throw std::logic_error("unreachable");
}

template <class T>
T value(const Answer& given) {
  return std::get<T>(std::get<FactValue>(given.content));
}

UnknownReason reason(const Answer& given) { return std::get<UnknownReason>(given.content); }

std::string first_help(const Result<ProfileData>& profile) {
  REQUIRE_FALSE(profile);
  return profile.error().diagnostics.front().help;
}

std::string first_message(const Result<ProfileData>& profile) {
  REQUIRE_FALSE(profile);
  return profile.error().diagnostics.front().message;
}

const std::string kToml = R"(
id = "p-001"
recorded = 2026-11-20
[facts]
age = 34
pregnant = { value = false, recorded = 2026-11-01, source = "intake form" }
breastfeeding = "unknown"     # asked, not known
temperature = 36.60
last_dose = { value = 0.05, unit = "g" }
skin_type = { unknown = "declined", source = "web" }
smoking = "unknown"
concerns = ["enlarged-pores", "dullness"]
birth_date = [ { value = 1992-02-29, source = "passport" },
               { value = 1992-03-01, recorded = 2026-11-02T23:30:00+02:00 } ]
)";

const std::string kJson = R"({
  "facts": {
    "birth_date": [{"source": "passport", "value": "1992-02-29"},
                   {"recorded": "2026-11-02T23:30:00+02:00", "value": "1992-03-01"}],
    "concerns": ["dullness", "enlarged-pores"],
    "smoking": "unknown", "skin_type": {"source": "web", "unknown": "declined"},
    "last_dose": {"unit": "mg", "value": 50.0}, "temperature": 36.6, "breastfeeding": null,
    "pregnant": {"source": "intake form", "recorded": "2026-11-01", "value": false},
    "age": 34
  },
  "recorded": "2026-11-20", "id": "another id"
})";

}  // namespace

TEST_CASE("profile.profile: a whole profile in TOML") {
  const auto profile = toml(kToml);
  CHECK(value<std::int64_t>(answer(profile, "age")) == 34);
  CHECK_FALSE(value<bool>(answer(profile, "pregnant")));
  CHECK(answer(profile, "pregnant").source == "intake form");
  CHECK(to_string(*answer(profile, "pregnant").recorded) == "2026-11-01");
  CHECK(reason(answer(profile, "breastfeeding")) == UnknownReason::kNotKnown);
  CHECK(value<Decimal>(answer(profile, "temperature")).to_canonical() == "36.6");
  CHECK(value<Quantity>(answer(profile, "last_dose")) == Quantity{Decimal(50), "mg"});
  CHECK(reason(answer(profile, "skin_type")) == UnknownReason::kDeclined);
  CHECK(value<Choice>(answer(profile, "smoking")).index == 3);  // a declared value wins
  CHECK(value<ChoiceSet>(answer(profile, "concerns")).bits == 0b101);
  CHECK(to_string(value<Date>(answer(profile, "birth_date"))) == "1992-02-29");
  CHECK(to_string(*answer(profile, "birth_date", 1).recorded) == "2026-11-02");
  CHECK(profile->id == "p-001");
  CHECK(to_string(*profile->recorded) == "2026-11-20");
  CHECK(answer(profile, "age").place.line == 5);
  CHECK(answer(profile, "pregnant").place.column == 22);
  for (std::size_t i = 1; i < profile->facts.size(); ++i) CHECK(profile->facts[i - 1].fact < profile->facts[i].fact);
}

TEST_CASE("profile.profile: TOML and JSON of one profile have one digest, whatever the order and id") {
  const auto a = toml(kToml);
  const auto b = json(kJson);
  REQUIRE(a);
  if (!b) FAIL(to_string(b.error().diagnostics.front()));
  CHECK(canonical_json(*a, every_type()) == canonical_json(*b, every_type()));
  CHECK(a->digest == b->digest);
  CHECK(a->digest == sha256(canonical_json(*a, every_type())));
  CHECK(
      canonical_json(*a, every_type()) ==
      R"({"age":[{"recorded":"2026-11-20","value":34}],)"
      R"("birth_date":[{"recorded":"2026-11-20","source":"passport","value":"1992-02-29"},)"
        R"({"recorded":"2026-11-02","value":"1992-03-01"}],)"
      R"("breastfeeding":[{"recorded":"2026-11-20","unknown":"not-known"}],)"
      R"("concerns":[{"recorded":"2026-11-20","value":["dullness","enlarged-pores"]}],)"
      R"("last_dose":[{"recorded":"2026-11-20","value":{"unit":"mg","value":"50"}}],)"
      R"("pregnant":[{"recorded":"2026-11-01","source":"intake form","value":false}],)"
      R"("skin_type":[{"recorded":"2026-11-20","source":"web","unknown":"declined"}],)"
      R"("smoking":[{"recorded":"2026-11-20","value":"unknown"}],)"
      R"("temperature":[{"recorded":"2026-11-20","value":"36.6"}]})");
}

TEST_CASE("profile.profile: the digest tells apart what an evaluation may tell apart") {
  const auto digest = [](const std::string& facts) { return toml(facts)->digest; };
  const std::string base = digest("[facts]\nage = 34\n");
  CHECK(digest("id = 'x'\n[facts]\nage = 34\n") == base);
  CHECK(digest("[facts]\nage = +3_4\n") == base);
  CHECK(digest("[facts]\nage = 0x22\n") == base);
  CHECK(digest("[facts]\nage = { value = 34 }\n") == base);
  CHECK(digest("[facts]\nage = [{ value = 34 }]\n") == base);
  CHECK(digest("[facts]\nage = 35\n") != base);
  CHECK(digest("[facts]\nage = { value = 34, source = 'x' }\n") != base);
  CHECK(digest("recorded = 2026-11-01\n[facts]\nage = 34\n") != base);
  CHECK(digest("recorded = 2026-11-01\n[facts]\nage = 34\n") ==
        digest("[facts]\nage = { value = 34, recorded = 2026-11-01 }\n"));
  CHECK(digest("") == json("{}")->digest);
  CHECK(digest("") == json("{\"facts\": {}}")->digest);
}

TEST_CASE("profile.profile: notation is told by content") {
  const auto read = [](const std::string& text) { return read_profile(text, "p", every_type()); };
  CHECK(read("").has_value());
  CHECK(read(" \n# nothing\n").has_value());
  CHECK(read("[facts]\nage = 34\n").has_value());
  CHECK(read("\xEF\xBB\xBF[facts] # as asked\nage = 34\n").has_value());
  CHECK(read("\n {\"facts\": {\"age\": 34}}").has_value());
  CHECK(read("\xEF\xBB\xBF{\"facts\": {\"age\": 34}}").has_value());
  CHECK(problems(read("[{\"facts\": {}}]")) == "json-syntax@1:1");
  CHECK(problems(read("[]")) == "json-syntax@1:1");
  CHECK(problems(read("[1, 2]")) == "json-syntax@1:1");
  CHECK(problems(read("[[facts]]\nage = 34\n")) == "wrong-type@1:1");
  CHECK(problems(read("[fact]\nage = 34\n")) == "unknown-key@1:2");
}

TEST_CASE("profile.profile: the profile's own keys") {
  CHECK(problems(toml("ID = 'x'\n")) == "unknown-key@1:1");
  CHECK(first_help(toml("record = 2026-11-01\n")) == "did you mean `recorded`?");
  CHECK(first_help(toml("age = 34\n")) == "this is a fact: put it under `facts`");
  CHECK(problems(toml("id = 5\n")) == "wrong-type@1:6");
  CHECK(problems(toml("id = ''\n")) == "empty-value@1:6");
  CHECK(problems(toml("id = '" + std::string(1001, 'x') + "'\n")) == "too-long@1:6");
  CHECK(problems(toml("facts = 5\n")) == "wrong-type@1:9");
  CHECK(problems(json("{\"facts\": []}")) == "wrong-type@1:11");
  CHECK(problems(json("{\"recorded\": null}")) == "bad-date@1:14");
}

TEST_CASE("profile.profile: all mistakes at once, in the order of the text") {
  CHECK(problems(toml("id = 5\nrecorded = 2026\n[facts]\nage = 212\nskin_type = 'VII'\npregnent = true\n"
                      "last_dose = 50\nbmi = 22.5\nconcerns = ['dullness', 'dullness', 'warts']\n")) ==
        "wrong-type@1:6 bad-date@2:12 out-of-range@4:7 unknown-value@5:13 unknown-fact@6:1 missing-unit@7:13 "
        "derived-fact@8:1 duplicate-value@9:25 unknown-value@9:37");
}

TEST_CASE("profile.profile: help says what is allowed") {
  CHECK(first_help(toml("facts.age = 212\n")) == "allowed: 0 to 130");
  CHECK(first_message(toml("facts.age = 212\n")) == "fact `age` cannot be `212`");
  CHECK(first_help(toml("facts.pregnent = true\n")) == "did you mean `pregnant`?");
  CHECK(first_help(toml("facts.skin_type = 'iv'\n")).find("allowed: `I`, `II`, `III`") != std::string::npos);
  CHECK(first_help(toml("facts.last_dose = 50\n")) == "write `{ value = …, unit = \"mg\" }`");
  CHECK(first_help(json("{\"facts\":{\"last_dose\": 50}}")) == "write `{ \"value\": …, \"unit\": \"mg\" }`");
  CHECK(first_help(json("{\"facts\":{\"age\": 34.0}}")) == "write 34");
  CHECK(first_help(toml("facts.pregnant = 'true'\n")) == "write it without quotes");
  CHECK(first_help(toml("facts.age = '34'\n")) == "write it without quotes");
  CHECK(first_help(toml("facts.bmi = 22\n")) == "give what it is computed from: `age`, `temperature`");
  CHECK(first_help(toml("facts.last_dose = { value = 2, unit = 'g' }\n")) == "allowed: 0 mg to 500 mg");
  CHECK(first_help(toml("facts.birth_date = 1899-12-31\n")) == "allowed: 1900-01-01 to 2100-12-31");
}

TEST_CASE("profile.profile: leniency lets undeclared facts pass with a warning, and nothing else") {
  ProfileOptions lenient;
  lenient.lenient = true;
  const auto profile =
      read_profile_json("{\"facts\": {\"age\": 34,\n\"agee\": {\"x\": [1, {}]}}}", "p", every_type(), lenient);
  REQUIRE(profile);
  REQUIRE(profile->diagnostics.size() == 1);
  CHECK(to_string(profile->diagnostics[0]) ==
        "p:2:1: warning: no fact is called `agee`; it is left out [unknown-fact]\n  help: did you mean `age`?");
  CHECK(profile->digest == toml("facts.age = 34")->digest);
  CHECK(problems(read_profile_json("{\"facts\": {\"agee\": {\"x\": [1, }]}}", "p", every_type(), lenient))
            .starts_with("json-syntax"));
  CHECK(problems(read_profile_json("{\"facts\": {\"agee\": nul}}", "p", every_type(), lenient)) == "json-syntax@1:20");
  CHECK(problems(read_profile_json("{\"facts\": {\"agee\": {\"a\": 1, \"a\": 2}}}", "p", every_type(), lenient)) ==
        "unknown-fact@1:12 duplicate-key@1:29");
  CHECK(problems(read_profile_json("{\"facts\": {\"agee\": \"\\q\"}}", "p", every_type(), lenient)) ==
        "json-syntax@1:20");
  CHECK(problems(read_profile_json("{\"facts\": {\"age\": 212}}", "p", every_type(), lenient)) == "out-of-range@1:19");
}

TEST_CASE("profile.values: Booleans") {
  CHECK(toml_fact("pregnant = true").empty());
  CHECK(toml_fact("pregnant = 'unknown'").empty());
  for (const char* text : {"'true'", "1", "0", "'yes'", "[true]", "2026-11-01", "'Unknown'", "''"}) {
    CHECK_FALSE(toml_fact(std::string("pregnant = ") + text).empty());
  }
  CHECK(json_fact("\"pregnant\": null").empty());
  CHECK(json_fact("\"pregnant\": 1") == "wrong-type@2:13");
  CHECK(json_fact("\"pregnant\": \"no\"") == "wrong-type@2:13");
}

TEST_CASE("profile.values: integers") {
  for (const char* good : {"0", "130", "+34", "1_0", "0x10", "0b11", "0o17", "-0"}) {
    CHECK(toml_fact(std::string("age = ") + good).empty());
  }
  for (const char* bad : {"-1", "131", "212", "9223372036854775807"}) {
    CHECK(toml_fact(std::string("age = ") + bad) == "out-of-range@2:7");
  }
  for (const char* bad : {"34.0", "34.5", "3e1", "'34'", "true", "inf", "nan", "10:30:00"}) {
    CHECK(toml_fact(std::string("age = ") + bad) == "wrong-type@2:7");
  }
  CHECK(json_fact("\"age\": 34").empty());
  CHECK(json_fact("\"age\": 34.0") == "wrong-type@2:8");
  CHECK(json_fact("\"age\": 1e400") == "wrong-type@2:8");
  CHECK(json_fact("\"age\": 99999999999999999999999") == "out-of-range@2:8");
  CHECK(json_fact("\"age\": 034") == "json-syntax@2:8");
  CHECK(json_fact("\"age\": +34").starts_with("json-syntax@2:8"));
}

TEST_CASE("profile.values: decimals are exact") {
  CHECK(value<Decimal>(answer(json("{\"facts\":{\"temperature\":36.12345678}}"), "temperature")).to_canonical() ==
        "36.12345678");
  CHECK(value<Decimal>(answer(toml("facts.temperature = 3_6.1"), "temperature")).to_canonical() == "36.1");
  CHECK(toml_fact("temperature = 36").empty());
  CHECK(toml_fact("temperature = 45.5").empty());
  CHECK(toml_fact("temperature = 45.50000001") == "out-of-range@2:15");
  CHECK(toml_fact("temperature = 36.123456789") == "bad-number@2:15");
  CHECK(toml_fact("temperature = 3.6e1") == "bad-number@2:15");
  CHECK(toml_fact("temperature = inf") == "bad-number@2:15");
  CHECK(toml_fact("temperature = '36.6'") == "wrong-type@2:15");
  CHECK(json_fact("\"temperature\": 1e400") == "bad-number@2:16");
}

TEST_CASE("profile.values: quantities have a unit that can be converted") {
  CHECK(value<Quantity>(answer(toml("facts.last_dose = { value = 50, unit = 'mg' }"), "last_dose")).value ==
        Decimal(50));
  CHECK(value<Quantity>(answer(toml("facts.last_dose = { value = 250_000, unit = 'ug' }"), "last_dose")).value ==
        Decimal(250));
  CHECK(toml_fact("last_dose = 50") == "missing-unit@2:13");
  CHECK(toml_fact("last_dose = { value = 50 }") == "missing-unit@2:23");
  CHECK(toml_fact("last_dose = { value = 50, unit = 'mL' }") == "inconvertible-unit@2:34");
  CHECK(toml_fact("last_dose = { value = 50, unit = 'bananas' }") == "unknown-unit@2:34");
  CHECK(toml_fact("last_dose = { value = 50, unit = 5 }") == "wrong-type@2:34");
  CHECK(toml_fact("last_dose = { value = 50, unit = '' }") == "unknown-unit@2:34");
  CHECK(toml_fact("last_dose = { value = 1, unit = 'g' }") == "out-of-range@2:23");
  CHECK(toml_fact("last_dose = { value = -1, unit = 'mg' }") == "out-of-range@2:23");
  CHECK(toml_fact("last_dose = { value = '50', unit = 'mg' }") == "wrong-type@2:23");
  CHECK(toml_fact("last_dose = '50 mg'") == "wrong-type@2:13");
  CHECK(toml_fact("last_dose = { unknown = 'declined', unit = 'mg' }") == "misplaced-key@2:37");
  CHECK(toml_fact("age = { value = 50, unit = 'a' }") == "misplaced-key@2:21");
  CHECK(toml_fact("last_dose = { value = 99999999999999999999.0, unit = 'Gg' }") == "out-of-range@2:23");
}

TEST_CASE("profile.values: choices") {
  CHECK(toml_fact("skin_type = 'IV'").empty());
  CHECK(toml_fact("skin_type = 'iv'") == "unknown-value@2:13");
  CHECK(toml_fact("skin_type = 4") == "wrong-type@2:13");
  CHECK(reason(answer(toml("facts.skin_type = 'unknown'"), "skin_type")) == UnknownReason::kNotKnown);
  CHECK(value<Choice>(answer(json("{\"facts\":{\"smoking\":\"unknown\"}}"), "smoking")).index == 3);
  CHECK(reason(answer(json("{\"facts\":{\"smoking\":null}}"), "smoking")) == UnknownReason::kNotKnown);
  CHECK(value<ChoiceSet>(answer(toml("facts.concerns = []"), "concerns")).bits == 0);
  CHECK(reason(answer(toml("facts.concerns = 'unknown'"), "concerns")) == UnknownReason::kNotKnown);
  CHECK(toml_fact("concerns = 'dullness'") == "wrong-type@2:12");
  CHECK(toml_fact("concerns = ['dullness', 1]") == "wrong-type@2:25");
  CHECK(toml_fact("concerns = ['unknown']") == "unknown-value@2:13");
  CHECK(json_fact("\"concerns\": [null]") == "wrong-type@2:14");
  CHECK(toml_fact("concerns = [{ value = ['dullness'], source = 'a' }, { value = [], source = 'b' }]").empty());
  CHECK(toml_fact("concerns = ['dullness', { value = [] }]") == "wrong-type@2:13");
}

TEST_CASE("profile.values: dates") {
  CHECK(toml_fact("birth_date = 1992-02-29").empty());
  CHECK(toml_fact("birth_date = '1992-02-29'").empty());
  CHECK(json_fact("\"birth_date\": \"1992-02-29\"").empty());
  for (const char* bad :
       {"'1992'", "'1992-02'", "'1991-02-29'", "'29.02.1992'", "''", "'1992-02-29T10:00:00Z'", "'1992-2-9'"}) {
    CHECK(toml_fact(std::string("birth_date = ") + bad) == "bad-date@2:14");
  }
  CHECK(toml_fact("birth_date = 1992-02-29T10:00:00Z") == "wrong-type@2:14");
  CHECK(toml_fact("birth_date = 1992") == "wrong-type@2:14");
  CHECK(toml_fact("birth_date = 1899-12-31") == "out-of-range@2:14");
}

TEST_CASE("profile.answers: tables with provenance") {
  CHECK(toml_fact("pregnant = { value = true, recorded = 2026-11-01T10:00:00+02:00, source = 'x' }").empty());
  CHECK(toml_fact("pregnant = { value = true, recorded = 2026-11-01 10:00:00Z }").empty());
  CHECK(toml_fact("pregnant = { value = true, recorded = '2026-11-01' }").empty());
  CHECK(toml_fact("pregnant = { value = true, recorded = 2026-11-01T10:00:00 }") == "bad-date@2:39");
  CHECK(toml_fact("pregnant = { value = true, recorded = 'yesterday' }") == "bad-date@2:39");
  CHECK(toml_fact("pregnant = { value = true, recorded = '2026-11' }") == "bad-date@2:39");
  CHECK(toml_fact("pregnant = { value = true, recorded = 5 }") == "bad-date@2:39");
  CHECK(toml_fact("pregnant = { value = true, source = 5 }") == "wrong-type@2:37");
  CHECK(toml_fact("pregnant = { value = true, source = '' }") == "empty-value@2:37");
  CHECK(toml_fact("pregnant = { value = true, sorce = 'x' }") == "unknown-key@2:28");
  CHECK(toml_fact("pregnant = { value = true, unknown = 'declined' }") == "contradiction@2:28");
  CHECK(toml_fact("pregnant = { source = 'x' }") == "missing-value@2:12");
  CHECK(toml_fact("pregnant = {}") == "missing-value@2:12");
  CHECK(toml_fact("pregnant = { unknown = 'not-asked' }").empty());
  CHECK(toml_fact("pregnant = { unknown = 'stale' }") == "bad-unknown-reason@2:24");
  CHECK(toml_fact("pregnant = { unknown = true }") == "bad-unknown-reason@2:24");
  CHECK(reason(answer(toml("facts.pregnant = { value = 'unknown', source = 'x' }"), "pregnant")) ==
        UnknownReason::kNotKnown);
  CHECK(reason(answer(json("{\"facts\":{\"age\":{\"value\":null}}}"), "age")) == UnknownReason::kNotKnown);
  CHECK(toml_fact("pregnant.value = true\npregnant.source = 'x'").empty());
  CHECK(toml_fact("[facts.pregnant]\nvalue = true").empty());
}

TEST_CASE("profile.answers: several sources") {
  const auto profile = toml("facts.age = [{ value = 34, source = 'a' }, { unknown = 'declined' }, { value = 35 }]");
  CHECK(value<std::int64_t>(answer(profile, "age", 0)) == 34);
  CHECK(reason(answer(profile, "age", 1)) == UnknownReason::kDeclined);
  CHECK(value<std::int64_t>(answer(profile, "age", 2)) == 35);
  CHECK(toml_fact("age = []") == "empty-value@2:7");
  CHECK(toml_fact("age = [34, 35]") == "wrong-type@2:8 wrong-type@2:12");
  CHECK(toml_fact("age = [{ value = 34 }, { value = 212 }, { valu = 1 }]") ==
        "out-of-range@2:34 missing-value@2:41 unknown-key@2:43");
}
