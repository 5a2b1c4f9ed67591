#include "values/ucum.hpp"

#include "sequence.hpp"
#include "support/catch.hpp"
#include "values/quantity.hpp"

#include <set>
#include <string>

using caveat::Decimal;
using caveat::Quantity;

namespace {

Quantity one(std::string unit) { return {Decimal{1}, std::move(unit)}; }

bool same(const Quantity& a, const Quantity& b) { return compare(a, b) == std::strong_ordering::equal; }

}  // namespace

TEST_CASE("values.ucum: every unit of the table resolves, and says what its definition says") {
  std::set<std::string_view> codes;
  for (const auto& definition : caveat::ucum::definitions()) {
    INFO(definition.code);
    CHECK(codes.insert(definition.code).second);
    CHECK(caveat::is_unit(definition.code));
    if (definition.kind == caveat::ucum::Kind::kDerived || definition.kind == caveat::ucum::Kind::kShifted) {
      CHECK(definition.value.find_first_not_of("0123456789.") == std::string_view::npos);
      CHECK(caveat::is_unit(definition.unit));
    }
    if (definition.kind == caveat::ucum::Kind::kDerived) CHECK(caveat::comparable(definition.code, definition.unit));
    if (definition.kind == caveat::ucum::Kind::kShifted) CHECK(Decimal::parse(definition.shift));
    CHECK(caveat::is_unit("m" + std::string(definition.code)) >= definition.metric);
  }
  CHECK(codes.size() > 300);
}

TEST_CASE("values.ucum: no text has two readings") {
  // A prefix with a metric unit must not be another unit's code, nor another prefix with another unit.
  std::set<std::string> seen;
  for (const auto& definition : caveat::ucum::definitions()) seen.insert(std::string(definition.code));
  for (const auto& definition : caveat::ucum::definitions()) {
    if (!definition.metric) continue;
    for (const auto& prefix : caveat::ucum::prefixes()) {
      const std::string text = std::string(prefix.code) + std::string(definition.code);
      // Known and decided by UCUM: the code itself wins.
      static const std::set<std::string> kDecided{"cd", "Pa", "min", "ph", "att", "nm", "Gy", "PT", "m[Hg]"};
      INFO(text);
      if (!seen.insert(text).second) CHECK(kDecided.contains(text));
    }
  }
}

TEST_CASE("values.ucum: units that clinicians write") {
  const auto unit = GENERATE(values<std::string_view>({"1",
                                                       "g",
                                                       "mg",
                                                       "ug",
                                                       "ng",
                                                       "pg",
                                                       "kg",
                                                       "L",
                                                       "l",
                                                       "mL",
                                                       "dL",
                                                       "uL",
                                                       "fL",
                                                       "mol",
                                                       "mmol",
                                                       "umol",
                                                       "meq",
                                                       "mEq",
                                                       "[iU]",
                                                       "[IU]",
                                                       "m[iU]",
                                                       "k[IU]",
                                                       "U",
                                                       "mU",
                                                       "kat",
                                                       "ukat",
                                                       "mm[Hg]",
                                                       "cm[H2O]",
                                                       "Pa",
                                                       "kPa",
                                                       "m",
                                                       "cm",
                                                       "mm",
                                                       "um",
                                                       "nm",
                                                       "[in_i]",
                                                       "[ft_i]",
                                                       "[lb_av]",
                                                       "[oz_av]",
                                                       "Cel",
                                                       "[degF]",
                                                       "K",
                                                       "%",
                                                       "[ppth]",
                                                       "[ppm]",
                                                       "h",
                                                       "min",
                                                       "s",
                                                       "ms",
                                                       "d",
                                                       "wk",
                                                       "mo",
                                                       "a",
                                                       "Hz",
                                                       "kHz",
                                                       "J",
                                                       "kJ",
                                                       "cal",
                                                       "kcal",
                                                       "W",
                                                       "mW",
                                                       "V",
                                                       "mV",
                                                       "Ohm",
                                                       "N",
                                                       "bar",
                                                       "deg",
                                                       "10*3",
                                                       "10^9",
                                                       "10*-6",
                                                       "10*3/uL",
                                                       "10*9/L",
                                                       "10*12/L",
                                                       "/uL",
                                                       "/L",
                                                       "/min",
                                                       "/[HPF]",
                                                       "/100{WBCs}",
                                                       "{score}",
                                                       "{beats}/min",
                                                       "{eskimo_kisses}",
                                                       "g/dL",
                                                       "mg/dL",
                                                       "mmol/L",
                                                       "ng/mL",
                                                       "ug/L",
                                                       "[iU]/L",
                                                       "m[iU]/mL",
                                                       "U/L",
                                                       "mg/kg",
                                                       "mg/kg/d",
                                                       "mg/(kg.d)",
                                                       "ug/kg/min",
                                                       "mL/min/{1.73_m2}",
                                                       "mL/min/1.73.m2",
                                                       "kg/m2",
                                                       "g/cm3",
                                                       "m/s2",
                                                       "mosm/kg",
                                                       "[pH]",
                                                       "[arb'U]",
                                                       "[arb'U]/mL",
                                                       "[drp]",
                                                       "%{HbA1c}",
                                                       "mg{creat}",
                                                       "J/cm2",
                                                       "mW/cm2",
                                                       "dB",
                                                       "dB[SPL]",
                                                       "Gy",
                                                       "mSv",
                                                       "[CFU]/mL",
                                                       "By",
                                                       "KiBy",
                                                       "mm/h",
                                                       "[in_i'Hg]",
                                                       "'",
                                                       "''",
                                                       "cd/m2",
                                                       "lx",
                                                       "[diop]",
                                                       "m+2",
                                                       "s-1",
                                                       "t",
                                                       "u"}));
  INFO(unit);
  CHECK(caveat::is_unit(unit));
}

TEST_CASE("values.ucum: what is no unit expression is refused") {
  const auto unit = GENERATE(values<std::string_view>(
      {"",         " ",      "mg ",    " mg",      "Mg/",  "mg//dL", "mg..dL", "/",      ".",
       "()",       "(mg",    "mg)",    "mg/(kg.d", "{",    "{a",     "{a b}",  "{a{b}}", "a}",
       "mcg",      "ml/",    "kkg",    "kmin",     "k%",   "foo",    "years",  "day",    "hour",
       "µg",       "kg²",    "mg/dL/", "0",        "000",  "0.5",    "1.5.",   "m^2",    "m**2",
       "m123",     "10*123", "m2m",    "mg[",      "[iu]", "Cel.m",  "Cel/h",  "m.Cel",  "Cel2",
       "2.[degF]", "°C",     "mg+kg",  "mg-kg",    "m 2",  "m--2",   "(m)2",   "[lb_av", "12345678901234567890",
       "/Cel"}));
  INFO(unit);
  CHECK_FALSE(caveat::is_unit(unit));
}

TEST_CASE("values.ucum: expressions are read from left to right") {
  CHECK(caveat::comparable("/m.s", "s/m"));
  CHECK(caveat::comparable("/m/s", "m-1.s-1"));
  CHECK(caveat::comparable("/(m/s)", "s/m"));
  CHECK(caveat::comparable("a/m.s", "a.s/m"));
  CHECK(caveat::comparable("a/(m.s)", "a/m/s"));
  CHECK(caveat::comparable("a/(m/(s/g))", "a.s/m/g"));
  CHECK_FALSE(caveat::comparable("a/m.s", "a/(m.s)"));
}

TEST_CASE("values.ucum: long and deep expressions are bounded") {
  CHECK_FALSE(caveat::is_unit(std::string(200, 'm')));
  std::string many = "m";
  for (int i = 0; i < 70; ++i) many += ".m";
  CHECK_FALSE(caveat::is_unit(many));
  CHECK(caveat::is_unit(std::string(10, '(') + "m" + std::string(10, ')')));
  CHECK_FALSE(caveat::is_unit(std::string(40, '(') + "m" + std::string(40, ')')));
  CHECK_FALSE(caveat::is_unit(std::string(100'000, '(')));
  CHECK(caveat::is_unit("m99"));
  CHECK(caveat::comparable("[ft_i]99.[lb_av]99.[mi_us]-99", "cm99.g99.km-99"));
  CHECK_FALSE(caveat::is_unit("m99.m99.m99.m99.m99.m99.m99.m99.m99.m99.m99"));
}

TEST_CASE("values.ucum: any text is a unit or is not, and a unit means one thing") {
  const std::vector<std::string> tokens{"m",      "mg",   "kg", "s",   "[iU]", "10*", "10^", "2", "-3", "+1",
                                        ".",      ".",    "/",  "/",   "(",    ")",   "{a}", "{", "}",  "Cel",
                                        "mm[Hg]", "[pi]", "%",  "mol", "7",    "'",   " ",   "[", "]",  "[arb'U]"};
  caveat::testing::Sequence sequence(300);
  int units = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::int64_t n = sequence.between(1, 9); n > 0; --n) text += tokens[sequence.next() % tokens.size()];
    if (!caveat::is_unit(text)) continue;
    ++units;
    CAPTURE(text);
    REQUIRE(caveat::comparable(text, text));
    const auto terms = caveat::ucum::terms(text);
    REQUIRE(terms.has_value() == !caveat::ucum::parse(text)->special);
    if (!terms) continue;
    const std::string joined = caveat::ucum::join(*terms, {}, 1);
    CAPTURE(joined);
    REQUIRE(same(one(text), one(joined)));
    const auto square = multiply(one(text), one(text));
    if (!square) continue;  // m99 has no square
    const auto back = divide(*square, one(text));
    REQUIRE(back);
    REQUIRE(same(*back, one(text)));
  }
  CHECK(units > 10'000);
}
