#include "vocabulary/vocabulary.hpp"

#include "support/catch.hpp"

using namespace caveat;

TEST_CASE("vocabulary.vocabulary: facts are found by name and keep their ids") {
  Vocabulary vocabulary;
  Diagnostics diagnostics;
  FactDeclaration age, pregnant;
  age.name = "age";
  age.type = FactType::kInteger;
  pregnant.name = "pregnant";
  CHECK(vocabulary.declare(age, diagnostics) == 0);
  CHECK(vocabulary.declare(pregnant, diagnostics) == 1);
  CHECK(vocabulary.find("pregnant") == FactId{1});
  CHECK(vocabulary.find("nothing") == std::nullopt);
  CHECK(vocabulary.names() == std::vector<std::string>{"age", "pregnant"});
  CHECK(diagnostics.all().empty());
}

TEST_CASE("vocabulary.vocabulary: a second declaration may differ in texts and validity only") {
  Vocabulary vocabulary;
  Diagnostics diagnostics;
  FactDeclaration first;
  first.name = "age";
  first.type = FactType::kInteger;
  first.max = Decimal(130);
  first.place = {"a.toml", 1, 7};
  vocabulary.declare(first, diagnostics);
  FactDeclaration second = first;
  second.label.by_language = {{"en", "Age"}};
  second.valid_for = Period{1, Precision::kYear};
  second.place = {"b.toml", 4, 7};
  CHECK(vocabulary.declare(second, diagnostics) == 0);
  CHECK(diagnostics.all().empty());
  CHECK(vocabulary.size() == 1);
  second.max = Decimal(120);
  CHECK(vocabulary.declare(second, diagnostics) == 0);
  REQUIRE(diagnostics.errors() == 1);
  CHECK(to_string(diagnostics.all()[0]).starts_with(
      "b.toml:4:7: error: fact `age` is already declared at a.toml:1:7, with another `max` [fact-redeclared]"));
  second = first;
  second.type = FactType::kDecimal;
  vocabulary.declare(second, diagnostics);
  second = first;
  second.values = {"x"};
  vocabulary.declare(second, diagnostics);
  CHECK(diagnostics.errors() == 3);
}

TEST_CASE("vocabulary.vocabulary: periods") {
  CHECK(parse_period("3 months") == Period{3, Precision::kMonth});
  CHECK(parse_period("1 year") == Period{1, Precision::kYear});
  CHECK(parse_period("2 weeks") == Period{2, Precision::kWeek});
  CHECK(parse_period("90 days") == Period{90, Precision::kDay});
  for (const char* text : {"", "3", "months", "0 days", "-1 days", "3  months", "3 hours", "3 mo", "1.5 years",
                           "3 months ", "99999999999999999999 days", "10000 days", "+3 days", " 3 days", "3months"}) {
    CHECK_FALSE(parse_period(text).has_value());
  }
  CHECK(to_string(Period{1, Precision::kMonth}) == "1 month");
  CHECK(to_string(Period{3, Precision::kWeek}) == "3 weeks");
}

TEST_CASE("vocabulary.vocabulary: types have names") {
  for (const FactType type : {FactType::kBoolean, FactType::kInteger, FactType::kDecimal, FactType::kQuantity,
                              FactType::kChoice, FactType::kChoices, FactType::kDate}) {
    CHECK(parse_fact_type(to_string(type)) == type);
  }
  CHECK_FALSE(parse_fact_type("Boolean").has_value());
}

TEST_CASE("vocabulary.vocabulary: a text falls back to its first language") {
  const Text text{{{"en", "Age"}, {"tr", "Yaş"}}};
  CHECK(text.in("tr") == "Yaş");
  CHECK(text.in("de") == "Age");
  CHECK(Text{}.in("en").empty());
}

TEST_CASE("vocabulary.display: values as a person reads them") {
  FactDeclaration fact;
  fact.values = {"I", "II", "III"};
  fact.names = {Text{}, Text{{{"en", "Two"}, {"tr", "İki"}}}, Text{}};
  CHECK(display(fact, true, "en") == "yes");
  CHECK(display(fact, false, "tr") == "hayır");
  CHECK(display(fact, true, "xx") == "yes");
  CHECK(display(fact, std::int64_t{34}, "en") == "34");
  CHECK(display(fact, *Decimal::parse("36.60"), "en") == "36.6");
  CHECK(display(fact, Quantity{Decimal(50), "mg"}, "en") == "50 mg");
  CHECK(display(fact, Quantity{Decimal(5), "1"}, "en") == "5");
  CHECK(display(fact, Choice{0}, "en") == "I");
  CHECK(display(fact, Choice{1}, "tr") == "İki");
  CHECK(display(fact, ChoiceSet{0b110}, "en") == "Two, III");
  CHECK(display(fact, ChoiceSet{0}, "en") == "none");
  CHECK(display(fact, *parse_date("2026-11-01"), "en") == "2026-11-01");
}
