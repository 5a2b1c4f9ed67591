#include "vocabulary/vocabulary.hpp"

#include "support/catch.hpp"

using caveat::Diagnostics;
using caveat::FactValue;
using caveat::FhirBinding;
using caveat::FhirType;

namespace {

struct Reading {
  std::vector<FhirBinding> bindings;
  std::vector<std::string> problems;  // code, or `code: warning`
};

const std::string kTypes[] = {"type = 'boolean'\n",
                              "type = 'integer'\nmin = 0\n",
                              "type = 'decimal'\n",
                              "type = 'quantity'\nunit = 'kg'\n",
                              "type = 'choice'\nvalues = ['a', 'b']\n",
                              "type = 'choices'\nvalues = ['a', 'b']\n",
                              "type = 'date'\n"};
enum Type { kBoolean, kInteger, kDecimal, kQuantity, kChoice, kChoices, kDate };

const std::string kSets = "[[value_set]]\nurl = 'http://v'\ncite = 'x'\ncodes = ['http://s|1', 'http://s|2']\n";

Reading read(Type type, const std::string& bindings, const std::string& sets = "") {
  const std::string text = sets + "[fact.f]\nlabel = 'L'\nask = 'A?'\n" + kTypes[type] + "fhir = [" + bindings + "]\n";
  const auto document = caveat::TomlDocument::parse(text, "facts.toml", caveat::ErrorKind::kLoad);
  if (!document) FAIL(caveat::to_string(document.error().diagnostics.front()));
  Diagnostics diagnostics;
  std::vector<caveat::ValueSet> value_sets;
  if (const auto* tables = document->root().find("value_set")) {
    caveat::read_value_sets(*tables, value_sets, diagnostics);
  }
  Reading out;
  const std::size_t errors_before = diagnostics.errors();
  const auto fact =
      caveat::read_fact(document->root().find("fact")->entries()[0], "en", false, diagnostics, value_sets);
  CHECK(fact.has_value() == (diagnostics.errors() == errors_before));
  if (fact) out.bindings = fact->fhir;
  for (const auto& d : diagnostics.all()) {
    CHECK_FALSE(d.message.empty());
    CHECK(d.place.line > 0);
    out.problems.push_back(d.code + (d.level == caveat::DiagnosticLevel::kError ? "" : ": warning"));
  }
  return out;
}

using Problems = std::vector<std::string>;

std::string with(const std::string& keys) { return "{ " + keys + ", cite = 'x' }"; }

const std::string kCondition = "resource = 'Condition', code = 'http://s|1'";
const std::string kObservation = "resource = 'Observation', code = 'http://l|1'";
const std::string kItem = "resource = 'QuestionnaireResponse', questionnaire = 'http://q', link_id = '1.2'";
const std::string kBirth = "resource = 'Patient', element = 'birthDate'";

Problems problems(Type type, const std::string& keys) { return read(type, with(keys)).problems; }

}  // namespace

TEST_CASE("vocabulary.binding_reader: every code cites where it was found") {
  CHECK(read(kBoolean, "{ " + kCondition + " }").problems == Problems{"missing-key"});
  CHECK(read(kBoolean, "{ " + kCondition + ", cite = '' }").problems == Problems{"empty-value"});
  CHECK(read(kBoolean, "{ " + kItem + " }").problems == Problems{"missing-key"});
  CHECK(read(kBoolean, with("resource = 'Condition', value_set = 'http://v'"),
             "[[value_set]]\nurl = 'http://v'\ncodes = ['http://s|1']\n")
            .problems == Problems{"missing-key"});
}

TEST_CASE("vocabulary.binding_reader: a code has its system") {
  for (const char* code : {"1", "|1", "http://s|", "http://s| 1", "http://s |1"}) {
    CHECK(problems(kBoolean, "resource = 'Condition', code = '" + std::string(code) + "'") == Problems{"bad-code"});
  }
  CHECK(problems(kBoolean, kObservation + ", value = 'LA1', means = true") == Problems{"bad-code"});
  CHECK(problems(kQuantity, kObservation + ", component = '8480-6'") == Problems{"bad-code"});
  const auto reading = read(kBoolean, with("resource = 'Condition', code = 'http://s|vs|1'"));
  REQUIRE(reading.problems.empty());
  const auto parts = caveat::split_code(reading.bindings.at(0).codes.at(0));
  CHECK(parts->system == "http://s|vs");
  CHECK(parts->code == "1");
}

TEST_CASE("vocabulary.binding_reader: what a type of fact can be read from") {
  const auto misfit = Problems{"binding-type"};
  CHECK(problems(kInteger, kCondition) == misfit);
  CHECK(problems(kDate, kCondition) == misfit);
  CHECK(problems(kBoolean, kBirth) == misfit);
  CHECK(problems(kQuantity, kBirth) == misfit);
  CHECK(problems(kInteger, kBirth).empty());
  CHECK(problems(kDate, kBirth).empty());
  CHECK(problems(kChoices, kObservation + ", value = 'http://l|A', means = 'a'") == misfit);
  for (const Type type : {kBoolean, kInteger, kDecimal, kQuantity, kDate}) {
    CHECK(problems(type, kObservation).empty());
    CHECK(problems(type, kItem).empty());
  }
  CHECK(problems(kChoices, kItem + ", value = 'http://l|A', means = 'a'").empty());
}

TEST_CASE("vocabulary.binding_reader: what presence or an answer means") {
  CHECK(read(kBoolean, with(kCondition)).bindings.at(0).meaning == FactValue(true));
  CHECK(read(kBoolean, with(kCondition + ", means = false")).bindings.at(0).meaning == FactValue(false));
  CHECK(read(kChoice, with(kCondition + ", means = 'b'")).bindings.at(0).meaning == FactValue(caveat::Choice{1}));
  CHECK(problems(kChoice, kCondition) == Problems{"missing-key"});
  CHECK(problems(kChoice, kCondition + ", means = 'c'") == Problems{"unknown-value"});
  CHECK(problems(kChoice, kCondition + ", means = true") == Problems{"wrong-type"});
  CHECK(problems(kBoolean, kCondition + ", means = 'yes'") == Problems{"wrong-type"});
  CHECK(problems(kBoolean, kCondition + ", means = 'unknown'") == Problems{"wrong-type"});
  CHECK(problems(kBoolean, kObservation + ", value = 'http://l|A'") == Problems{"missing-key"});
  CHECK(problems(kChoice, kObservation) == Problems{"missing-key", "missing-key"});
  CHECK(problems(kInteger, kObservation + ", means = 5") == Problems{"misplaced-key"});
  CHECK(problems(kInteger, kObservation + ", value = 'http://l|A'") == Problems{"misplaced-key"});
  const auto unknown = read(kBoolean, with(kObservation + ", value = 'http://l|A', means = 'unknown'"));
  REQUIRE(unknown.problems.empty());
  CHECK(unknown.bindings[0].means_unknown);
  CHECK_FALSE(unknown.bindings[0].meaning);
}

TEST_CASE("vocabulary.binding_reader: a key belongs to its resource") {
  const auto misplaced = Problems{"misplaced-key"};
  CHECK(problems(kBoolean, kCondition + ", value = 'http://l|A'") == misplaced);
  CHECK(problems(kBoolean, kCondition + ", component = 'http://l|A'") == misplaced);
  CHECK(problems(kBoolean, kCondition + ", element = 'birthDate'") == misplaced);
  CHECK(problems(kBoolean, kCondition + ", link_id = '1'") == misplaced);
  CHECK(problems(kBoolean, kCondition + ", unit = 'kg'") == misplaced);
  CHECK(problems(kInteger, kBirth + ", code = 'http://s|1'") == misplaced);
  CHECK(problems(kBoolean, kItem + ", code = 'http://s|1'") == misplaced);
  CHECK(problems(kBoolean, kObservation + ", complete = true") == misplaced);
  CHECK(problems(kBoolean, kObservation + ", partial = true") == misplaced);
  CHECK(problems(kBoolean, kObservation + ", complete = false").empty());
  CHECK(problems(kBoolean, kObservation + ", tense = 'state'") == Problems{"misplaced-key: warning"});
  CHECK(problems(kBoolean, kCondition + ", tense = 'past'") == Problems{"unknown-tense"});
  CHECK(problems(kBoolean, kCondition + ", colour = 1") == Problems{"unknown-key"});
  CHECK(problems(kBoolean, "resource = 'Procedure', code = 'http://s|1'") == Problems{"unknown-resource"});
  CHECK(problems(kDate, "resource = 'Patient', element = 'photo'") == Problems{"unknown-element"});
  CHECK(problems(kBoolean, "resource = 'QuestionnaireResponse'") == Problems{"missing-key", "missing-key"});
}

TEST_CASE("vocabulary.binding_reader: units") {
  CHECK(problems(kQuantity, kObservation + ", unit = 'g'").empty());
  CHECK(problems(kDecimal, kObservation + ", unit = 'kg/m2'").empty());
  CHECK(problems(kQuantity, kObservation + ", unit = 'stones'") == Problems{"unknown-unit"});
  CHECK(problems(kQuantity, kObservation + ", unit = 'cm'") == Problems{"inconvertible-unit"});
  CHECK(problems(kBoolean, kObservation + ", unit = 'kg'") == Problems{"misplaced-key"});
}

TEST_CASE("vocabulary.binding_reader: value sets are written out in the pack") {
  const std::string binding = with("resource = 'Condition', value_set = 'http://v'");
  const auto reading = read(kBoolean, binding, kSets);
  REQUIRE(reading.problems.empty());
  CHECK(reading.bindings.at(0).value_set == "http://v");
  CHECK(reading.bindings.at(0).codes == std::vector<std::string>{"http://s|1", "http://s|2"});
  CHECK(read(kBoolean, binding).problems == Problems{"unknown-value-set"});
  CHECK(read(kBoolean, with("resource = 'Condition', value_set = 'http://v', code = 'http://s|1'"), kSets).problems ==
        Problems{"contradiction"});
  CHECK(read(kBoolean, binding, kSets + kSets).problems == Problems{"duplicate-id"});
  const auto set = [&](const std::string& codes) {
    return read(kBoolean, binding, "[[value_set]]\nurl = 'http://v'\ncite = 'x'\ncodes = " + codes + "\n").problems;
  };
  CHECK(set("['1']") == Problems{"bad-code"});
  CHECK(set("[]") == Problems{"empty-value"});
  CHECK(set("['http://s|1', 'http://s|1']") == Problems{"duplicate-value"});
}

TEST_CASE("vocabulary.binding_reader: two bindings must not read the same") {
  CHECK(read(kBoolean, with(kCondition) + ", " + with(kCondition + ", means = false")).problems ==
        Problems{"duplicate-binding"});
  CHECK(read(kBoolean, with(kCondition) + ", " + with("resource = 'Condition', value_set = 'http://v'"), kSets)
            .problems == Problems{"duplicate-binding"});
  CHECK(read(kBoolean, with(kObservation + ", value = 'http://l|A', means = true") + ", " +
                           with(kObservation + ", value = 'http://l|B', means = false"))
            .problems.empty());
  CHECK(read(kInteger, with(kBirth) + ", " + with(kBirth)).problems == Problems{"duplicate-binding"});
}

TEST_CASE("vocabulary.binding_reader: a list is complete only where absence says no") {
  const auto contradiction = Problems{"contradiction"};
  CHECK(problems(kBoolean, kCondition + ", complete = true").empty());
  CHECK(problems(kBoolean, kCondition + ", complete = true, partial = true") == contradiction);
  CHECK(problems(kBoolean, kCondition + ", complete = true, means = false") == contradiction);
  CHECK(problems(kChoice, kCondition + ", complete = true, means = 'a'") == contradiction);
  const std::string other = "resource = 'AllergyIntolerance', code = 'http://s|2'";
  CHECK(read(kBoolean, with(kCondition + ", complete = true") + ", " + with(other)).problems ==
        Problems{"mixed-complete: warning"});
  const std::string a = with(kCondition + ", means = 'a', complete = true");
  CHECK(read(kChoices, a).problems == Problems{"incomplete-set"});
  CHECK(read(kChoices, a + ", " + with(other + ", means = 'b', complete = true")).problems.empty());
  CHECK(read(kChoices, a + ", " + with(other + ", means = 'b'")).problems == Problems{"incomplete-set"});
}
