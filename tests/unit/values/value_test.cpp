#include "values/value.hpp"

#include "support/catch.hpp"

using caveat::Decimal;
using caveat::Interval;
using caveat::List;
using caveat::Quantity;
using caveat::Ratio;
using caveat::to_literal;
using caveat::Tuple;
using caveat::Value;

namespace {

std::shared_ptr<const Value> bound(Value value) { return std::make_shared<const Value>(std::move(value)); }

}  // namespace

TEST_CASE("values.value: literals") {
  CHECK(to_literal(Value{}) == "null");
  CHECK(to_literal(caveat::Unknown{{3}}) == "unknown");
  CHECK(to_literal(true) == "true");
  CHECK(to_literal(false) == "false");
  CHECK(to_literal(std::int32_t{-5}) == "-5");
  CHECK(to_literal(std::int64_t{5}) == "5L");
  CHECK(to_literal(std::int64_t{INT64_MIN}) == "-9223372036854775808L");
  CHECK(to_literal(Decimal{5}) == "5.0");
  CHECK(to_literal(*caveat::parse_date("2012-04")) == "@2012-04");
  CHECK(to_literal(*caveat::parse_date_time("2012-04-04", 0)) == "@2012-04-04T");
  CHECK(to_literal(*caveat::parse_date_time("2012-04-04T10:30", 120)) == "@2012-04-04T10:30+02:00");
  CHECK(to_literal(*caveat::parse_time("10:30")) == "@T10:30");
  CHECK(to_literal(Quantity{Decimal{5}, "mg"}) == "5.0 'mg'");
  CHECK(to_literal(Ratio{{Decimal{1}, "cm"}, {Decimal{2}, "cm"}}) == "1.0 'cm':2.0 'cm'");
}

TEST_CASE("values.value: strings are escaped") {
  CHECK(to_literal(std::string("it's")) == "'it\\'s'");
  CHECK(to_literal(std::string("a\\b\n\t\r\f")) == "'a\\\\b\\n\\t\\r\\f'");
  CHECK(to_literal(std::string("\x01\x7f")) == "'\\u0001\\u007f'");
  CHECK(to_literal(std::string("\"")) == "'\"'");
  CHECK(to_literal(std::string("Übergröße ı")) == "'Übergröße ı'");
}

TEST_CASE("values.value: collections") {
  CHECK(to_literal(List{}) == "{}");
  CHECK(to_literal(List{{Value{std::int32_t{1}}, Value{}}}) == "{1, null}");
  CHECK(to_literal(Tuple{{{"Id", Value{std::int32_t{1}}}, {"full name", Value{std::string("a")}}}}) ==
        "Tuple { Id: 1, \"full name\": 'a' }");
  CHECK(to_literal(Tuple{}) == "Tuple { : }");
  CHECK(to_literal(Interval{bound(std::int32_t{1}), bound(std::int32_t{10}), true, false}) == "Interval[1, 10)");
  CHECK(to_literal(Interval{nullptr, bound(Value{}), false, true}) == "Interval(null, null]");
}
