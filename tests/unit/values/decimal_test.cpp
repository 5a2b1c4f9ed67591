#include "values/decimal.hpp"

#include "sequence.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using caveat::Decimal;
using caveat::Int128;

namespace {

Decimal d(std::string_view text) {
  const auto value = Decimal::parse(text);
  INFO(text);
  REQUIRE(value);
  return *value;
}

std::string show(std::optional<Decimal> value) { return value ? value->to_canonical() : "nothing"; }

const std::string kGreatest = "9999999999999999999999999999.99999999";

/// Decimals of every size: a few units, whole numbers, and up to the ends of the range.
Decimal any(caveat::testing::Sequence& sequence) {
  const int bits = static_cast<int>(sequence.between(1, 119));
  const Int128 wide =
      (static_cast<Int128>(sequence.next()) << 64 | static_cast<Int128>(sequence.next())) & ((Int128{1} << bits) - 1);
  const auto value = Decimal::from_units(sequence.next() % 2 == 0 ? wide : -wide);
  return value.value_or(Decimal::greatest());
}

}  // namespace

TEST_CASE("values.decimal: literals are read exactly") {
  struct Case {
    std::string_view text, canonical, literal;
  };
  const auto c = GENERATE(values<Case>({
      {"0", "0", "0.0"},
      {"-0", "0", "0.0"},
      {"+0.0", "0", "0.0"},
      {"5", "5", "5.0"},
      {"5.0", "5", "5.0"},
      {"1.50", "1.5", "1.5"},
      {"-1.25", "-1.25", "-1.25"},
      {"+25.5", "25.5", "25.5"},
      {"0.00000001", "0.00000001", "0.00000001"},
      {"-0.00000001", "-0.00000001", "-0.00000001"},
      {"007", "7", "7.0"},
      {"0000000000000000000000000000000000000000000001.5", "1.5", "1.5"},
      {"1.000000000", "1", "1.0"},
      {"100", "100", "100.0"},
      {"9999999999999999999999999999.99999999", "9999999999999999999999999999.99999999",
       "9999999999999999999999999999.99999999"},
      {"-9999999999999999999999999999.99999999", "-9999999999999999999999999999.99999999",
       "-9999999999999999999999999999.99999999"},
  }));
  CHECK(d(c.text).to_canonical() == c.canonical);
  CHECK(d(c.text).to_string() == c.literal);
}

TEST_CASE("values.decimal: what is not a decimal, or does not fit, is refused") {
  const auto text = GENERATE(values<std::string_view>({"",
                                                       "+",
                                                       "-",
                                                       ".",
                                                       "5.",
                                                       ".5",
                                                       "+.5",
                                                       "1e3",
                                                       "1E3",
                                                       " 1",
                                                       "1 ",
                                                       "1,5",
                                                       "--1",
                                                       "+-1",
                                                       "1.2.3",
                                                       "0x10",
                                                       "inf",
                                                       "nan",
                                                       "1_000",
                                                       "+0.000000001",
                                                       "0.123456789",
                                                       "10000000000000000000000000000",
                                                       "-10000000000000000000000000000.0",
                                                       "99999999999999999999999999999999999999999999999999",
                                                       "\xd9\xa1"}));
  INFO(text);
  CHECK_FALSE(Decimal::parse(text));
}

TEST_CASE("values.decimal: a NUL or a digit from elsewhere is no digit") {
  CHECK_FALSE(Decimal::parse(std::string_view("1\0", 2)));
  CHECK_FALSE(Decimal::parse("1\xc2\xb2"));
}

TEST_CASE("values.decimal: the ends of the range") {
  CHECK(Decimal::greatest().to_string() == kGreatest);
  CHECK(Decimal::least().to_string() == "-" + kGreatest);
  CHECK(Decimal::type_maximum().to_string() == "99999999999999999999.99999999");
  CHECK(Decimal::type_minimum().to_string() == "-99999999999999999999.99999999");
  CHECK_FALSE(Decimal::from_units(Decimal::greatest().units() + 1));
  CHECK_FALSE(Decimal::from_units(Decimal::least().units() - 1));
  CHECK_FALSE(successor(Decimal::greatest()));
  CHECK_FALSE(predecessor(Decimal::least()));
  CHECK(show(successor(d("1.01"))) == "1.01000001");
  CHECK(show(predecessor(d("0"))) == "-0.00000001");
}

TEST_CASE("values.decimal: whole and fraction digits") {
  CHECK(d("5.0").whole() == 5);
  CHECK_FALSE(d("5.1").whole());
  CHECK(d("-9223372036854775808").whole() == INT64_MIN);
  CHECK(d("9223372036854775807").whole() == INT64_MAX);
  CHECK_FALSE(d("9223372036854775808").whole());
  CHECK(d("0").fraction_digits() == 0);
  CHECK(d("1.50").fraction_digits() == 1);
  CHECK(d("0.00000001").fraction_digits() == 8);
}

TEST_CASE("values.decimal: arithmetic") {
  CHECK(show(add(d("1"), d("1"))) == "2");
  CHECK(show(subtract(d("2"), d("1.1"))) == "0.9");
  CHECK(show(add(Decimal::greatest(), d("0.00000001"))) == "nothing");
  CHECK(show(subtract(Decimal::least(), d("0.00000001"))) == "nothing");
  CHECK(show(add(Decimal::greatest(), Decimal::least())) == "0");
  CHECK(show(negate(d("-0.5"))) == "0.5");
  CHECK(show(negate(Decimal::least())) == kGreatest);
  CHECK(show(abs(d("-1.5"))) == "1.5");
  CHECK(show(multiply(d("1.5"), d("-2"))) == "-3");
  CHECK(show(divide(d("10"), d("5"))) == "2");
  CHECK(show(divide(d("1"), d("3"))) == "0.33333333");
  CHECK(show(divide(d("2"), d("3"))) == "0.66666667");
  CHECK(show(divide(d("-2"), d("3"))) == "-0.66666667");
  CHECK(show(divide(d("1"), d("0"))) == "nothing");
  CHECK(show(divide(Decimal::greatest(), d("0.1"))) == "nothing");
  CHECK(show(divide(Decimal::greatest(), Decimal::greatest())) == "1");
  CHECK(show(multiply(Decimal::greatest(), d("1"))) == kGreatest);
  CHECK(show(multiply(Decimal::greatest(), d("1.00000001"))) == "nothing");
  CHECK(show(multiply(Decimal::greatest(), Decimal::greatest())) == "nothing");
  CHECK(show(multiply(d("10000000000000"), d("100000000000000"))) == "1000000000000000000000000000");
}

TEST_CASE("values.decimal: products and quotients round half away from zero") {
  CHECK(show(multiply(d("0.00000001"), d("0.5"))) == "0.00000001");
  CHECK(show(multiply(d("-0.00000001"), d("0.5"))) == "-0.00000001");
  CHECK(show(multiply(d("0.00000001"), d("0.49999999"))) == "0");
  CHECK(show(multiply(d("99999999999999999999.00000001"), d("0.5"))) == "49999999999999999999.50000001");
  CHECK(show(divide(d("0.00000001"), d("2"))) == "0.00000001");
  CHECK(show(divide(d("0.00000001"), d("-2"))) == "-0.00000001");
  CHECK(show(divide(d("0.00000001"), d("2.00000001"))) == "0");
  CHECK(show(divide(d("0.00000003"), Decimal::greatest())) == "0");
}

TEST_CASE("values.decimal: div and mod") {
  struct Case {
    std::string_view a, b, quotient, rest;
  };
  const auto c = GENERATE(values<Case>({
      {"10.1", "3.1", "3", "0.8"},
      {"-10.1", "3.1", "-3", "-0.8"},
      {"10.1", "-3.1", "-3", "0.8"},
      {"-10.1", "-3.1", "3", "-0.8"},
      {"10", "5", "2", "0"},
      {"4", "2", "2", "0"},
      {"0.3", "1", "0", "0.3"},
      {"10.1", "0", "nothing", "nothing"},
      {"9999999999999999999999999999", "0.00000001", "nothing", "0"},
  }));
  CHECK(show(truncated_divide(d(c.a), d(c.b))) == c.quotient);
  CHECK(show(modulo(d(c.a), d(c.b))) == c.rest);
}

TEST_CASE("values.decimal: floor, ceiling and truncate") {
  struct Case {
    std::string_view value, floor, ceiling, truncated;
  };
  const auto c = GENERATE(values<Case>({
      {"1.0", "1", "1", "1"},
      {"1.1", "1", "2", "1"},
      {"-1.1", "-2", "-1", "-1"},
      {"-1.0", "-1", "-1", "-1"},
      {"0.00000001", "0", "1", "0"},
      {"-0.00000001", "-1", "0", "0"},
      {"9999999999999999999999999999.5", "9999999999999999999999999999", "nothing", "9999999999999999999999999999"},
  }));
  CHECK(show(floor(d(c.value))) == c.floor);
  CHECK(show(ceiling(d(c.value))) == c.ceiling);
  CHECK(show(truncate(d(c.value))) == c.truncated);
}

TEST_CASE("values.decimal: round is to the nearest, halves away from zero") {
  struct Case {
    std::string_view value;
    int digits;
    std::string_view rounded;
  };
  const auto c = GENERATE(values<Case>({
      {"0.5", 0, "1"},
      {"0.4", 0, "0"},
      {"-0.4", 0, "0"},
      {"-0.5", 0, "-1"},
      {"2.5", 0, "3"},
      {"1.005", 2, "1.01"},
      {"1.004", 2, "1"},
      {"3.14159265", 4, "3.1416"},
      {"3.14159265", 8, "3.14159265"},
      {"3.14159265", 100, "3.14159265"},
      {"155", -1, "160"},
      {"-155", -1, "-160"},
      {"155", -3, "0"},
      {"155", -1000, "0"},
      {"9999999999999999999999999999.99999999", 7, "nothing"},
      {"9999999999999999999999999999", -28, "nothing"},
  }));
  CHECK(show(round(d(c.value), c.digits)) == c.rounded);
}

TEST_CASE("values.decimal: ~ compares at the fraction of the less precise") {
  CHECK(equivalent(d("1.0"), d("1.00")));
  CHECK(equivalent(d("1.0"), d("1")));
  CHECK_FALSE(equivalent(d("1"), d("2")));
  CHECK(equivalent(d("1.23"), d("1.2345")));
  CHECK_FALSE(equivalent(d("1.23"), d("1.2351")));
  CHECK(equivalent(d("1.24"), d("1.2351")));
  CHECK(equivalent(d("-1.5"), d("-1.46")));
  CHECK_FALSE(equivalent(d("1.5"), d("-1.5")));
  CHECK_FALSE(equivalent(Decimal::greatest(), Decimal::least()));
}

TEST_CASE("values.decimal: power") {
  struct Case {
    std::string_view base, exponent, result;
  };
  const auto c = GENERATE(values<Case>({
      {"0", "0", "1"},
      {"0", "3", "0"},
      {"0", "-1", "nothing"},
      {"2", "3", "8"},
      {"-2", "2", "4"},
      {"-2", "3", "-8"},
      {"2", "-2", "0.25"},
      {"10", "-8", "0.00000001"},
      {"10", "-9", "0"},
      {"10", "9", "1000000000"},
      {"10", "27", "1000000000000000000000000000"},
      {"10", "28", "nothing"},
      {"-10", "29", "nothing"},
      {"2", "30", "1073741824"},
      {"1.1", "10", "2.59374246"},
      {"0.5", "27", "0.00000001"},
      {"0.5", "28", "0"},
      {"3", "-1", "0.33333333"},
      {"-3", "-1", "-0.33333333"},
      {"4", "0.5", "2"},
      {"2", "0.5", "1.41421356"},
      {"4", "-0.5", "0.5"},
      {"-4", "0.5", "nothing"},
      {"1", "9999999999999999999999999999", "1"},
      {"-1", "9999999999999999999999999999", "-1"},
      {"-1", "9999999999999999999999999998", "1"},
      {"2", "9999999999999999999999999999", "nothing"},
      {"2", "-9999999999999999999999999999", "0"},
      {"1.00000001", "100000000", "2.71828181"},
      {"0.99999999", "100000000", "0.36787944"},
      {"9999999999999999999999999999.99999999", "1", "9999999999999999999999999999.99999999"},
      {"9999999999999999999999999999.99999999", "2", "nothing"},
  }));
  INFO(c.base << " ^ " << c.exponent);
  CHECK(show(power(d(c.base), d(c.exponent))) == c.result);
}

TEST_CASE("values.decimal: exponentials, logarithms and roots are right to the last digit") {
  CHECK(show(exp(d("0"))) == "1");
  CHECK(show(exp(d("1"))) == "2.71828183");
  CHECK(show(exp(d("-1"))) == "0.36787944");
  CHECK(show(exp(d("64"))) == "6235149080811616882909238708.92846974");
  CHECK(show(exp(d("64.5"))) == "nothing");
  CHECK(show(exp(d("1000"))) == "nothing");
  CHECK(show(exp(d("-1000"))) == "0");
  CHECK(show(exp(d("-19.2"))) == "0");
  CHECK(show(exp(d("-19"))) == "0.00000001");
  CHECK(show(ln(d("1"))) == "0");
  CHECK(show(ln(d("1000"))) == "6.90775528");
  CHECK(show(ln(d("0.00000001"))) == "-18.42068074");
  CHECK(show(ln(d("0"))) == "nothing");
  CHECK(show(ln(d("-1"))) == "nothing");
  CHECK(show(log(d("1"), d("2"))) == "0");
  CHECK(show(log(d("0.125"), d("2"))) == "-3");
  CHECK(show(log(d("1000"), d("10"))) == "3");
  CHECK(show(log(d("8"), d("0.5"))) == "-3");
  CHECK(show(log(d("1"), d("1"))) == "nothing");
  CHECK(show(log(d("2"), d("0"))) == "nothing");
  CHECK(show(log(d("2"), d("-2"))) == "nothing");
  CHECK(show(square_root(d("2"))) == "1.41421356");
  CHECK(show(square_root(d("0"))) == "0");
  CHECK(show(square_root(d("-1"))) == "nothing");
  CHECK(show(square_root(Decimal::greatest())) == "100000000000000");
}

TEST_CASE("values.decimal: properties hold for decimals of every size") {
  caveat::testing::Sequence sequence(20'120'430);
  for (int i = 0; i < 20'000; ++i) {
    const Decimal a = any(sequence), b = any(sequence);
    CAPTURE(a.to_string(), b.to_string());
    REQUIRE(Decimal::parse(a.to_string()) == a);
    REQUIRE(Decimal::parse(a.to_canonical()) == a);
    REQUIRE((a < b) == (b > a));
    REQUIRE((a == b) == ((a <=> b) == std::strong_ordering::equal));
    if (const auto sum = add(a, b)) {
      REQUIRE(subtract(*sum, b) == a);
      REQUIRE(add(b, a) == sum);
    }
    REQUIRE(multiply(a, b) == multiply(b, a));
    REQUIRE(multiply(a, Decimal{1}) == a);
    REQUIRE(divide(a, Decimal{1}) == a);
    if (b != Decimal{}) {
      REQUIRE(multiply(*negate(a), b) == (multiply(a, b) ? negate(*multiply(a, b)) : std::nullopt));
      const auto quotient = truncated_divide(a, b);
      if (quotient) {
        const auto product = multiply(*quotient, b);
        REQUIRE(product);
        REQUIRE(add(*product, *modulo(a, b)) == a);
      }
    }
    REQUIRE(floor(a).value_or(a) <= a);
    REQUIRE(abs(truncate(a)) <= abs(a));
  }
}

TEST_CASE("values.decimal: the quick and the wide product agree with long multiplication") {
  // Both paths of multiply and divide, checked against each other through a scale that switches path.
  caveat::testing::Sequence sequence(7);
  const Decimal scale = d("1000000000000");
  for (int i = 0; i < 5'000; ++i) {
    const auto small = Decimal::from_units(sequence.between(-1'000'000'000'000, 1'000'000'000'000));
    const Decimal whole{sequence.between(-100'000, 100'000)};
    const auto narrow = multiply(*small, whole);
    const auto wide = multiply(*multiply(*small, scale), whole);
    REQUIRE(narrow);
    REQUIRE(wide);
    REQUIRE(divide(*wide, scale) == narrow);
    if (whole != Decimal{}) REQUIRE(divide(*narrow, whole) == small);
  }
}
