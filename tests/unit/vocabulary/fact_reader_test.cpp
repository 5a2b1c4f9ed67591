#include "vocabulary/vocabulary.hpp"

#include "support/catch.hpp"

using caveat::Diagnostics;
using caveat::FactDeclaration;
using caveat::FactType;

namespace {

struct Reading {
  std::vector<FactDeclaration> facts;
  std::vector<std::string> problems;  // code@line:column
  std::vector<caveat::Diagnostic> diagnostics;
};

Reading read(const std::string& text, bool derived = false) {
  const auto document = caveat::TomlDocument::parse(text, "facts.toml", caveat::ErrorKind::kLoad);
  if (!document) FAIL(caveat::to_string(document.error().diagnostics.front()));
  Diagnostics diagnostics;
  Reading out;
  const auto* table = document->root().find(derived ? "derived" : "fact");
  REQUIRE(table != nullptr);
  for (const auto& entry : table->entries()) {
    const std::size_t errors_before = diagnostics.errors();
    auto fact = caveat::read_fact(entry, "en", derived, diagnostics);
    CHECK(fact.has_value() == (diagnostics.errors() == errors_before));
    if (fact) out.facts.push_back(*std::move(fact));
  }
  out.diagnostics = diagnostics.all();
  for (const auto& d : out.diagnostics) {
    out.problems.push_back(d.code + "@" + std::to_string(d.place.line) + ":" + std::to_string(d.place.column));
  }
  return out;
}

using Problems = std::vector<std::string>;

const std::string kTexts = "label = 'L'\nask = 'A?'\n";

}  // namespace

TEST_CASE("vocabulary.fact_reader: a whole declaration") {
  const auto reading = read(R"(
[fact.pregnant]
type = "boolean"
label = { en = "Pregnancy", tr = "Gebelik" }
ask = { en = "Are you pregnant?" }
valid_for = "3 months"
[[fact.pregnant.fhir]]
resource = "Condition"
code = "http://snomed.info/sct|77386006"
means = true
tense = "state"
complete = false
cite = "HL7 IPS"
)");
  REQUIRE(reading.problems.empty());
  const FactDeclaration& fact = reading.facts.at(0);
  CHECK(fact.name == "pregnant");
  CHECK(fact.type == FactType::kBoolean);
  CHECK(fact.label.in("tr") == "Gebelik");
  CHECK(fact.ask.in("tr") == "Are you pregnant?");
  CHECK(fact.valid_for == caveat::Period{3, caveat::Precision::kMonth});
  REQUIRE(fact.fhir.size() == 1);
  CHECK(fact.fhir[0].codes == std::vector<std::string>{"http://snomed.info/sct|77386006"});
  CHECK(fact.fhir[0].meaning == caveat::FactValue(true));
  CHECK(fact.fhir[0].tense == caveat::FhirTense::kState);
  CHECK(fact.place.line == 2);
}

TEST_CASE("vocabulary.fact_reader: every type with what belongs to it") {
  const auto reading =
      read("[fact.age]\ntype = 'integer'\nmin = 0\nmax = 130\n" + kTexts +
           "[fact.ratio]\ntype = 'decimal'\nmin = 0.5\nmax = 1_000.25\n" + kTexts +
           "[fact.dose]\ntype = 'quantity'\nunit = 'mg'\nmax = 500\n" + kTexts +
           "[fact.skin_type]\ntype = 'choice'\nvalues = ['I', 'II']\nnames = { II = { en = 'Two' } }\n" + kTexts +
           "[fact.concerns]\ntype = 'choices'\nvalues = ['dullness', 'marks']\n" + kTexts +
           "[fact.birth_date]\ntype = 'date'\nmin = 1900-01-01\nmax = 2100-12-31\n" + kTexts);
  REQUIRE(reading.problems.empty());
  REQUIRE(reading.facts.size() == 6);
  CHECK(reading.facts[0].max == caveat::Decimal(130));
  CHECK(reading.facts[1].max->to_canonical() == "1000.25");
  CHECK(reading.facts[2].unit == "mg");
  CHECK(reading.facts[3].names.at(1).in("en") == "Two");
  CHECK(reading.facts[3].names.at(0).empty());
  CHECK(reading.facts[4].values.size() == 2);
  CHECK(caveat::to_string(*reading.facts[5].earliest) == "1900-01-01");
}

TEST_CASE("vocabulary.fact_reader: all mistakes of a declaration at once") {
  const auto reading = read(R"([fact.age]
type = "integer"
min = 130
max = 0
unit = "a"
values = ["x"]
valid_for = "soon"
ask = ""
colour = 1
)");
  CHECK(reading.problems == Problems{"missing-key@1:7", "empty-value@8:7", "empty-range@4:7", "misplaced-key@5:8",
                                     "misplaced-key@6:10", "bad-period@7:13", "unknown-key@9:1"});
}

TEST_CASE("vocabulary.fact_reader: types and names") {
  CHECK(read("[fact.a]\ntype = 'bool'\n" + kTexts).problems == Problems{"unknown-type@2:8"});
  CHECK(read("[fact.a]\n" + kTexts).problems == Problems{"missing-key@1:7"});
  CHECK(read("[fact.a]\ntype = 3\n" + kTexts).problems == Problems{"unknown-type@2:8"});
  CHECK(read("[fact.Age]\ntype = 'boolean'\n" + kTexts).problems == Problems{"bad-fact-name@1:7"});
  CHECK(read("[fact.\"a b\"]\ntype = 'boolean'\n" + kTexts).problems == Problems{"bad-fact-name@1:7"});
  CHECK(read("[fact.1a]\ntype = 'boolean'\n" + kTexts).problems == Problems{"bad-fact-name@1:7"});
  for (const std::string word :
       {"and", "or", "not", "in", "is", "true", "false", "null", "years", "between", "unknown"}) {
    CHECK(read("[fact." + word + "]\ntype = 'boolean'\n" + kTexts).problems == Problems{"reserved-fact-name@1:7"});
  }
  CHECK(read("[fact]\na = 1\n").problems == Problems{"wrong-type@2:5"});
}

TEST_CASE("vocabulary.fact_reader: units") {
  CHECK(read("[fact.d]\ntype = 'quantity'\n" + kTexts).problems == Problems{"missing-key@1:7"});
  CHECK(read("[fact.d]\ntype = 'quantity'\nunit = 'bananas'\n" + kTexts).problems == Problems{"unknown-unit@3:8"});
  CHECK(read("[fact.d]\ntype = 'quantity'\nunit = 'mm[Hg]'\n" + kTexts).problems.empty());
  CHECK(read("[fact.d]\ntype = 'quantity'\nunit = 5\n" + kTexts).problems == Problems{"wrong-type@3:8"});
}

TEST_CASE("vocabulary.fact_reader: values") {
  const auto choice = [](const std::string& rest) {
    return read("[fact.c]\ntype = 'choice'\n" + rest + "\n" + kTexts).problems;
  };
  CHECK(choice("") == Problems{"missing-key@1:7"});
  CHECK(choice("values = []") == Problems{"empty-value@3:10"});
  CHECK(choice("values = ['a', 'b', 'a']") == Problems{"duplicate-value@3:21"});
  CHECK(choice("values = ['a', 1]") == Problems{"wrong-type@3:16"});
  CHECK(choice("values = ['']") == Problems{"empty-value@3:11"});
  CHECK(choice("values = 'a'") == Problems{"wrong-type@3:10"});
  CHECK(choice("values = ['a']\nnames = { b = 'B' }") == Problems{"unknown-value@4:11"});
  std::string many = "values = [";
  for (int i = 0; i < 65; ++i) many += "'v" + std::to_string(i) + "', ";
  CHECK(choice(many + "]").empty());
  CHECK(read("[fact.c]\ntype = 'choices'\n" + many + "]\n" + kTexts).problems == Problems{"too-many-values@3:10"});
}

TEST_CASE("vocabulary.fact_reader: bounds") {
  const auto bound = [](const std::string& type, const std::string& rest) {
    return read("[fact.n]\ntype = '" + type + "'\n" + rest + "\n" + kTexts).problems;
  };
  CHECK(bound("integer", "min = 1.5") == Problems{"wrong-type@3:7"});
  CHECK(bound("decimal", "min = 1e3") == Problems{"wrong-type@3:7"});
  CHECK(bound("decimal", "max = inf") == Problems{"wrong-type@3:7"});
  CHECK(bound("decimal", "max = '5'") == Problems{"wrong-type@3:7"});
  CHECK(bound("date", "min = 5") == Problems{"wrong-type@3:7"});
  CHECK(bound("boolean", "min = 5") == Problems{"misplaced-key@3:7"});
  CHECK(bound("date", "min = 2000-01-01\nmax = 1999-12-31") == Problems{"empty-range@4:7"});
}

TEST_CASE("vocabulary.fact_reader: texts") {
  const auto label = [](const std::string& text) {
    return read("[fact.a]\ntype = 'boolean'\nask = 'A?'\nlabel = " + text + "\n").problems;
  };
  CHECK(label("'L'").empty());
  CHECK(label("{ en = 'L', tr = 'E' }").empty());
  CHECK(label("''") == Problems{"empty-value@4:9"});
  CHECK(label("'  '") == Problems{"empty-value@4:9"});
  CHECK(label("{}") == Problems{"empty-value@4:9"});
  CHECK(label("5") == Problems{"wrong-type@4:9"});
  CHECK(label("{ english = 'L', EN = 'L' }") == Problems{"bad-language@4:11", "bad-language@4:26"});
  CHECK(label("{ en = 5 }") == Problems{"wrong-type@4:16"});
}

TEST_CASE("vocabulary.fact_reader: derived facts read others and ask nothing") {
  const auto good = read("[derived.bmi]\ntype = 'decimal'\nlabel = 'BMI'\nreads = ['weight', 'height']\n", true);
  REQUIRE(good.problems.empty());
  CHECK(good.facts[0].derived);
  CHECK(good.facts[0].reads == std::vector<std::string>{"weight", "height"});
  CHECK(read("[derived.bmi]\ntype = 'decimal'\nlabel = 'B'\n", true).problems == Problems{"missing-key@1:10"});
  CHECK(read("[derived.bmi]\ntype = 'decimal'\nlabel = 'B'\nreads = []\n", true).problems ==
        Problems{"empty-value@4:9"});
  CHECK(read("[derived.b]\ntype = 'decimal'\nlabel = 'B'\nreads = ['a', 'a']\n", true).problems ==
        Problems{"duplicate-value@4:9"});
  CHECK(read("[fact.b]\ntype = 'decimal'\n" + kTexts + "reads = ['a']\n").problems == Problems{"unknown-key@5:1"});
}
