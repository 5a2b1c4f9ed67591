#include "values/quantity.hpp"

#include "sequence.hpp"
#include "support/catch.hpp"

#include <string>

using caveat::Decimal;
using caveat::Precision;
using caveat::Quantity;

namespace {

Decimal d(std::string_view text) {
  const auto value = Decimal::parse(text);
  INFO(text);
  REQUIRE(value);
  return *value;
}

Quantity q(std::string_view value, std::string unit) { return {d(value), std::move(unit)}; }

std::string show(const std::optional<Decimal>& value) { return value ? value->to_canonical() : "nothing"; }

std::string show(const std::optional<Quantity>& value) { return value ? to_string(*value) : "nothing"; }

std::string show(std::optional<std::strong_ordering> order) {
  if (!order) return "nothing";
  if (*order == std::strong_ordering::less) return "<";
  return *order == std::strong_ordering::greater ? ">" : "=";
}

}  // namespace

TEST_CASE("values.quantity: conversion is exact, and rounded only when it is written") {
  struct Case {
    std::string_view value, from, to, result;
  };
  const auto c = GENERATE(values<Case>({
      {"1", "m", "cm", "100"},
      {"1", "kg", "g", "1000"},
      {"1", "[in_i]", "cm", "2.54"},
      {"6", "[ft_i]", "m", "1.8288"},
      {"1", "[lb_av]", "g", "453.59237"},
      {"1", "[oz_av]", "g", "28.34952313"},
      {"1", "[stone_av]", "kg", "6.35029318"},
      {"120", "mm[Hg]", "kPa", "15.99864"},
      {"1", "mm[Hg]", "Pa", "133.322"},
      {"1", "cm[H2O]", "Pa", "98.0665"},
      {"37", "Cel", "K", "310.15"},
      {"37", "Cel", "[degF]", "98.6"},
      {"98.6", "[degF]", "Cel", "37"},
      {"0", "K", "Cel", "-273.15"},
      {"0", "K", "[degF]", "-459.67"},
      {"-40", "Cel", "[degF]", "-40"},
      {"37000", "mCel", "Cel", "37"},
      {"36.6", "Cel", "mCel", "36600"},
      {"80", "[degRe]", "Cel", "100"},
      {"5", "g/dL", "g/L", "50"},
      {"1", "mmol/L", "umol/mL", "1"},
      {"70", "mg/dL", "g/L", "0.7"},
      {"1", "L", "dm3", "1"},
      {"1", "mL", "cm3", "1"},
      {"1", "d", "h", "24"},
      {"1", "wk", "d", "7"},
      {"1", "a", "d", "365.25"},
      {"12", "mo", "a", "1"},
      {"50", "%", "1", "0.5"},
      {"5", "10*3/uL", "10*9/L", "5"},
      {"1", "kcal", "kJ", "4.184"},
      {"180", "deg", "rad", "3.14159265"},
      {"1", "circ", "deg", "360"},
      {"60", "'", "deg", "1"},
      {"1", "[iU]/mL", "k[IU]/L", "1"},
      {"2", "U/L", "nkat/L", "33.33333333"},
      {"1", "mg/kg/d", "ug/(kg.h)", "41.66666667"},
      {"1", "/min", "/h", "60"},
      {"1", "{beats}/min", "Hz", "0.01666667"},
      {"1", "KiBy", "bit", "8192"},
      {"1", "day", "h", "24"},
      {"2", "weeks", "days", "14"},
      {"1", "year", "months", "12"},
      {"18", "months", "years", "1.5"},
      {"1", "foo", "foo", "1"},
      {"1", "ym", "Ym", "0"},
      {"9999999999999999999999999999", "km", "m", "nothing"},
      {"1", "m", "g", "nothing"},
      {"1", "[iU]", "U", "nothing"},
      {"1", "[iU]", "1", "nothing"},
      {"1", "[iU]", "[arb'U]", "nothing"},
      {"1", "[arb'U]/mL", "[arb'U]/L", "1000"},
      {"1", "[pH]", "mol/L", "nothing"},
      {"1", "B", "dB", "10"},
      {"1", "year", "a", "nothing"},
      {"1", "month", "mo", "nothing"},
      {"1", "year", "days", "nothing"},
      {"1", "g", "foo", "nothing"},
  }));
  CAPTURE(c.value, c.from, c.to);
  CHECK(show(convert(d(c.value), c.from, c.to)) == c.result);
}

TEST_CASE("values.quantity: comparison converts, and no rounding decides") {
  struct Case {
    Quantity a, b;
    std::string_view order;
  };
  const auto c = GENERATE(values<Case>({
      {q("1", "cm"), q("0.01", "m"), "="},
      {q("1", "m"), q("10", "cm"), ">"},
      {q("0", "cm"), q("-1", "cm"), ">"},
      {q("1", "millisecond"), q("1", "ms"), "="},
      {q("1", "second"), q("1", "s"), "="},
      {q("1", "minute"), q("60", "seconds"), "="},
      {q("1", "hour"), q("1", "h"), "="},
      {q("1", "day"), q("24", "hours"), "="},
      {q("1", "week"), q("1", "wk"), "="},
      {q("1", "month"), q("1", "mo"), "nothing"},
      {q("1", "year"), q("1", "a"), "nothing"},
      {q("1", "year"), q("12", "months"), "="},
      {q("1", "year"), q("13", "months"), "<"},
      {q("1", "year"), q("365", "days"), "nothing"},
      {q("1", "month"), q("30", "days"), "nothing"},
      {q("1", "year"), q("52", "weeks"), "nothing"},
      {q("1", "g"), q("1", "cm"), "nothing"},
      {q("1", "[iU]"), q("1", "U"), "nothing"},
      {q("1", "[IU]"), q("1", "[iU]"), "="},
      {q("37", "Cel"), q("310.15", "K"), "="},
      {q("37", "Cel"), q("98.6", "[degF]"), "="},
      {q("37.00000001", "Cel"), q("98.6", "[degF]"), ">"},
      {q("37", "Cel"), q("98.60000001", "[degF]"), "<"},
      {q("3937", "[ft_us]"), q("1200", "m"), "="},
      {q("3937", "[ft_us]"), q("1200.00000001", "m"), "<"},
      {q("3", "mo_j"), q("91.3125", "d"), "="},
      {q("1", "Oe"), q("79.57747154", "A/m"), ">"},
      {q("1", "Oe"), q("79.57747155", "A/m"), "<"},
      {q("0.00000001", "ng"), q("0", "kg"), ">"},
      {q("0.00000001", "ym"), q("0.00000001", "Ym"), "<"},
      {q("180", "deg"), q("3.14159265", "rad"), ">"},
      {q("180", "deg"), q("3.14159266", "rad"), "<"},
      {q("0", "deg"), q("0", "rad"), "="},
      {q("5", "{score}"), q("5", "1"), "="},
      {q("5", "mg/dL"), q("5", "mg/dL"), "="},
  }));
  CAPTURE(to_string(c.a), to_string(c.b));
  CHECK(show(compare(c.a, c.b)) == c.order);
  const std::string_view back = c.order == "<" ? ">" : c.order == ">" ? "<" : c.order;
  CHECK(show(compare(c.b, c.a)) == back);
}

TEST_CASE("values.quantity: ~ also takes years and months as their definite durations") {
  CHECK(equivalent(q("1", "year"), q("12", "months")));
  CHECK(equivalent(q("1", "year"), q("365", "days")));
  CHECK(equivalent(q("365", "d"), q("1", "years")));
  CHECK(equivalent(q("1", "month"), q("30", "days")));
  CHECK(equivalent(q("1", "month"), q("720", "h")));
  CHECK(equivalent(q("1", "year"), q("1", "a")));
  CHECK(equivalent(q("1", "mo"), q("1", "month")));
  CHECK(equivalent(q("1", "year"), q("12", "mo")));
  CHECK(equivalent(q("100", "cm"), q("1", "m")));
  CHECK_FALSE(equivalent(q("1", "year"), q("366", "days")));
  CHECK_FALSE(equivalent(q("1", "year"), q("13", "months")));
  CHECK_FALSE(equivalent(q("1", "year"), q("1", "g")));
  CHECK_FALSE(equivalent(q("1", "year"), q("1", "foo")));
  CHECK_FALSE(equivalent(q("1", "cm"), q("1", "g")));
  CHECK_FALSE(equivalent(q("1", "cm"), q("1", "m")));
}

TEST_CASE("values.quantity: calendar units") {
  CHECK(caveat::calendar_unit("years") == Precision::kYear);
  CHECK(caveat::calendar_unit("month") == Precision::kMonth);
  CHECK(caveat::calendar_unit("weeks") == Precision::kWeek);
  CHECK(caveat::calendar_unit("millisecond") == Precision::kMillisecond);
  CHECK_FALSE(caveat::calendar_unit("a"));
  CHECK_FALSE(caveat::calendar_unit("d"));
  CHECK_FALSE(caveat::calendar_unit("Year"));
  CHECK_FALSE(caveat::calendar_unit(""));
}

TEST_CASE("values.quantity: arithmetic") {
  CHECK(show(add(q("1", "g/cm3"), q("1", "g/cm3"))) == "2.0 'g/cm3'");
  CHECK(show(add(q("1", "m"), q("1", "cm"))) == "101.0 'cm'");
  CHECK(show(add(q("1", "cm"), q("1", "m"))) == "101.0 'cm'");
  CHECK(show(subtract(q("1", "m"), q("1", "cm"))) == "99.0 'cm'");
  CHECK(show(subtract(q("1", "cm"), q("2", "cm"))) == "-1.0 'cm'");
  CHECK(show(add(q("1", "year"), q("1", "month"))) == "13 months");
  CHECK(show(add(q("1", "day"), q("1", "h"))) == "25.0 'h'");
  CHECK(show(add(q("1", "year"), q("1", "day"))) == "nothing");
  CHECK(show(add(q("1", "g"), q("1", "m"))) == "nothing");
  CHECK(show(add(q("37", "Cel"), q("1", "Cel"))) == "38.0 'Cel'");
  CHECK(show(add(q("37", "Cel"), q("1", "K"))) == "nothing");
  CHECK(show(multiply(q("1", "cm"), q("2", "cm"))) == "2.0 'cm2'");
  CHECK(show(multiply(q("2", "m"), q("3", "1"))) == "6.0 'm'");
  CHECK(show(multiply(q("2", "1"), q("3", "m"))) == "6.0 'm'");
  CHECK(show(multiply(q("2", "g"), q("3", "m/s2"))) == "6.0 'g.m/s2'");
  CHECK(show(multiply(q("2", "g/cm3"), q("3", "cm3"))) == "6.0 'g'");
  CHECK(show(multiply(q("2", "days"), q("3", "1"))) == "6 days");
  CHECK(show(multiply(q("2", "years"), q("3", "1"))) == "6 years");
  CHECK(show(multiply(q("2", "years"), q("3", "years"))) == "nothing");
  CHECK(show(multiply(q("2", "days"), q("3", "mg/d"))) == "6.0 'mg'");
  CHECK(show(multiply(q("2", "Cel"), q("3", "m"))) == "nothing");
  CHECK(show(multiply(q("2", "/min"), q("3", "/min"))) == "6.0 '/min2'");
  CHECK(show(divide(q("1", "g/cm3"), q("1", "1"))) == "1.0 'g/cm3'");
  CHECK(show(divide(q("10", "g"), q("5", "g"))) == "2.0 '1'");
  CHECK(show(divide(q("10", "g"), q("5", "mg"))) == "2000.0 '1'");
  CHECK(show(divide(q("-10", "g"), q("-4", "g"))) == "2.5 '1'");
  CHECK(show(divide(q("10", "g"), q("-3", "g"))) == "-3.33333333 '1'");
  CHECK(show(divide(q("1", "year"), q("1", "month"))) == "12.0 '1'");
  CHECK(show(divide(q("10", "mol"), q("5", "mol"))) == "2.0 '1'");
  CHECK(show(divide(q("10", "mol"), q("5", "mmol"))) == "2.0 'mol/mmol'");
  CHECK(show(divide(q("37", "Cel"), q("2", "1"))) == "18.5 'Cel'");
  CHECK(show(divide(q("37", "Cel"), q("2", "Cel"))) == "nothing");
  CHECK(show(divide(q("12", "cm2"), q("3", "cm"))) == "4.0 'cm'");
  CHECK(show(divide(q("12", "mg"), q("3", "mL"))) == "4.0 'mg/mL'");
  CHECK(show(divide(q("12", "mg"), q("3", "kg.d"))) == "4.0 'mg/kg/d'");
  CHECK(show(divide(q("1", "1"), q("2", "s"))) == "0.5 '/s'");
  CHECK(show(multiply(q("1", "m60"), q("1", "m60"))) == "nothing");
  CHECK(show(divide(q("1", "g"), q("0", "g"))) == "nothing");
  CHECK(show(divide(q("1", "g"), q("0", "m"))) == "nothing");
  CHECK(show(add(q("9999999999999999999999999999", "m"), q("1", "m"))) == "nothing");
}

TEST_CASE("values.quantity: a joined unit means the product of the two") {
  const std::vector<std::string> units{"m",   "cm2",    "g/cm3",   "/min",    "mg/kg/d",   "10*3/uL",
                                       "100", "mm[Hg]", "kg.m/s2", "[iU]/mL", "mg/(kg.d)", "mL/min/{1.73_m2}",
                                       "s-2", "24.h"};
  for (const auto& a : units) {
    for (const auto& b : units) {
      CAPTURE(a, b);
      const auto product = multiply(q("1", a), q("1", b));
      REQUIRE(product);
      REQUIRE(caveat::is_unit(product->unit));
      const std::string plain = (a.front() == '/' ? "1" + a : a) + (b.front() == '/' ? b : ".(" + b + ")");
      REQUIRE(show(compare(*product, q("1", plain))) == "=");
    }
  }
}

TEST_CASE("values.quantity: literals") {
  CHECK(to_string(q("5", "mg")) == "5.0 'mg'");
  CHECK(to_string(q("3", "year")) == "3 years");
  CHECK(to_string(q("1", "years")) == "1 year");
  CHECK(to_string(q("1.5", "day")) == "1.5 days");
  CHECK(to_string(q("2", "[arb'U]")) == "2.0 '[arb\\'U]'");
  CHECK(to_string(q("2", "1")) == "2.0 '1'");
}

TEST_CASE("values.quantity: conversions go there and back, and order agrees with them") {
  caveat::testing::Sequence sequence(41);
  const std::vector<std::vector<std::string>> families{
      {"m", "cm", "mm", "[in_i]", "[ft_i]", "km", "[mi_i]"},
      {"g", "kg", "mg", "[lb_av]", "[oz_av]", "ug"},
      {"Cel", "K", "[degF]", "[degRe]"},
      {"s", "h", "d", "wk", "minute", "weeks", "a"},
      {"g/dL", "mg/mL", "kg/m3", "ug/uL"},
      {"mm[Hg]", "kPa", "[psi]", "cm[H2O]", "bar"},
  };
  for (int i = 0; i < 20'000; ++i) {
    const auto& family = families[sequence.next() % families.size()];
    const auto& from = family[sequence.next() % family.size()];
    const auto& to = family[sequence.next() % family.size()];
    const auto value = Decimal::from_units(sequence.between(-100'000'000'000, 100'000'000'000));
    CAPTURE(value->to_string(), from, to);
    const auto there = convert(*value, from, to);
    REQUIRE(there);
    const auto back = convert(*there, to, from);
    REQUIRE(back);
    // The way there loses half a unit of 10^-8 of the coarser unit at most.
    const auto step = subtract(*convert(Decimal{1}, to, from), *convert(Decimal{}, to, from));
    const auto slack = add(*multiply(*step, *Decimal::from_units(1)), *Decimal::from_units(1));
    REQUIRE(abs(*subtract(*back, *value)) <= *slack);
    const Quantity a{*value, from}, b{*Decimal::from_units(sequence.between(-100'000'000'000, 100'000'000'000)), to};
    const auto order = compare(a, b);
    REQUIRE(order);
    REQUIRE((*order == std::strong_ordering::less) == (compare(b, a) == std::strong_ordering::greater));
    if (*order == std::strong_ordering::less) REQUIRE(*there <= b.value);
    if (*order == std::strong_ordering::greater) REQUIRE(*there >= b.value);
  }
}
