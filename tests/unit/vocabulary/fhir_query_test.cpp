#include "vocabulary/fhir_query.hpp"

#include "support/facts.hpp"

using namespace caveat;

namespace {

const Vocabulary& facts() {
  static const Vocabulary vocabulary = support::vocabulary_from(R"(
[fact.a]
type = "boolean"
label = "A"
ask = "?"
fhir = [
  { resource = "Condition", code = "http://s|1", cite = "x" },
  { resource = "Condition", code = "http://s|2", cite = "x" },
  { resource = "Observation", code = "http://o|1", value = "http://a|y", means = true, cite = "x" },
  { resource = "Observation", code = "http://o|1", value = "http://a|n", means = false, cite = "x" },
]
[fact.b]
type = "boolean"
label = "B"
ask = "?"
fhir = [{ resource = "Condition", code = "http://s|a,b $", cite = "x" }, { resource = "Condition", code = "http://s|1", cite = "x" }]
[fact.c]
type = "integer"
label = "C"
ask = "?"
fhir = [
  { resource = "Patient", element = "birthDate", cite = "x" },
  { resource = "QuestionnaireResponse", questionnaire = "http://q/1", link_id = "c", cite = "x" },
  { resource = "QuestionnaireResponse", questionnaire = "http://q/2|7", link_id = "c", cite = "x" },
]
[fact.d]
type = "boolean"
label = "D"
ask = "?"
)");
  return vocabulary;
}

}  // namespace

TEST_CASE("vocabulary.fhir_query: queries follow from the bindings") {
  const FactId all[] = {0, 1, 2, 3};
  const auto queries = fhir_queries(facts(), all, "{{context.patientId}}");
  REQUIRE(queries.size() == 5);
  CHECK(queries[0].query == "Patient/{{context.patientId}}");
  CHECK(queries[0].serves == std::vector<FactId>{2});
  CHECK(queries[1].query ==
        "Condition?patient={{context.patientId}}&code=http://s|1,http://s|2,http://s|a%5C%2Cb%20%5C%24");
  CHECK(queries[1].serves == std::vector<FactId>{0, 1});
  CHECK(queries[2].query == "Observation?patient={{context.patientId}}&code=http://o|1");
  CHECK(queries[3].query == "QuestionnaireResponse?patient={{context.patientId}}&questionnaire=http://q/1");
  CHECK(queries[4].query == "QuestionnaireResponse?patient={{context.patientId}}&questionnaire=http://q/2|7");
  const FactId unbound[] = {3};
  CHECK(fhir_queries(facts(), unbound, "p").empty());
}

TEST_CASE("vocabulary.fhir_query: what a search surely got") {
  const auto& bindings = facts()[1].fhir;
  const FactId b[] = {1};
  const std::string own = fhir_queries(facts(), b, "p").at(0).query;
  CHECK(covers(own, bindings[0]));
  CHECK(covers(own, bindings[1]));
  CHECK(covers("Condition?patient=p", bindings[1]));
  CHECK(covers("http://h/fhir/Condition?subject=p&_count=50&_sort=-recorded-date", bindings[1]));
  CHECK(covers("Condition?code=http%3A%2F%2Fs%7C1&patient=p", bindings[1]));
  CHECK(covers("Patient/p/$everything", bindings[1]));
  CHECK(covers("Patient/p/$everything?_type=Observation,Condition", bindings[1]));
  for (const char* query :
       {"", "Condition", "Condition/5", "Observation?patient=p", "Condition?patient=p&code=http://s|2",
        "Condition?patient=p&code=1", "Condition?patient=p&category=problem-list-item",
        "Condition?patient=p&_lastUpdated=gt2026", "Patient/p/$everything?_since=2026-01-01",
        "Patient/p/$everything?_type=Observation", "http://h?_getpages=7"}) {
    INFO(query);
    CHECK_FALSE(covers(query, bindings[1]));
  }
  CHECK(asks_for(own, bindings[1]));
  CHECK(asks_for("Condition?patient=p&category=x", bindings[1]));
  CHECK_FALSE(asks_for("Condition?patient=p&code=http://s|2", bindings[1]));
  CHECK_FALSE(asks_for("Observation?patient=p", bindings[1]));
}
