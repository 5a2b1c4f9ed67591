#include "temporal_support.hpp"

using caveat::Date;
using caveat::Precision;
using caveat::testing::at;
using caveat::testing::date;
using caveat::testing::show;
using caveat::testing::time;

TEST_CASE("values.temporal: dates are read and written back") {
  const auto text = GENERATE(values<std::string_view>(
      {"2012", "2012-04", "2012-04-30", "0001", "0001-01-01", "9999-12-31", "2000-02-29", "2024-02-29", "2023-02-28"}));
  CHECK(to_string(date(text)) == text);
}

TEST_CASE("values.temporal: what names no day is refused") {
  const auto text = GENERATE(values<std::string_view>(
      {"",        "0000",       "0000-01-01", "10000",      "201",        "2012-",      "2012-4",      "2012-00",
       "2012-13", "2012-04-31", "2012-02-30", "1900-02-29", "2023-02-29", "2012-04-00", "2012-04-30T", "2012-04-30 ",
       " 2012",   "+2012",      "-2012",      "2012/04/30", "20120430",   "2012-04-3",  "2012-04-301"}));
  INFO(text);
  CHECK_FALSE(caveat::parse_date(text));
}

TEST_CASE("values.temporal: times are read and written back") {
  const auto text = GENERATE(
      values<std::string_view>({"00", "23", "10:30", "10:30:05", "10:30:05.123", "23:59:59.999", "00:00:00.000"}));
  CHECK(to_string(time(text)) == text);
}

TEST_CASE("values.temporal: a fraction of a second may be short") {
  CHECK(to_string(time("15:59:59.0")) == "15:59:59.000");
  CHECK(to_string(time("15:59:59.5")) == "15:59:59.500");
  CHECK(to_string(time("15:59:59.05")) == "15:59:59.050");
}

TEST_CASE("values.temporal: what is no time of day is refused") {
  const auto text =
      GENERATE(values<std::string_view>({"", "24", "24:00", "1", "10:60", "10:3", "10:30:60", "10:30:5", "10:30:05.",
                                         "10:30:05.1234", "10:30Z", "T10", "10-30", "10:", "1:30", "-1"}));
  INFO(text);
  CHECK_FALSE(caveat::parse_time(text));
}

TEST_CASE("values.temporal: date-times keep precision and offset") {
  struct Case {
    std::string_view text, written;
  };
  const auto c = GENERATE(values<Case>({
      {"2012T", "2012T"},
      {"2012-04T", "2012-04T"},
      {"2012-04-30T", "2012-04-30T"},
      {"2012-04-30", "2012-04-30T"},
      {"2012-04-30T10", "2012-04-30T10Z"},
      {"2012-04-30T10:30", "2012-04-30T10:30Z"},
      {"2012-04-30T10:30:05Z", "2012-04-30T10:30:05Z"},
      {"2012-04-30T10:30:05.120+02:00", "2012-04-30T10:30:05.120+02:00"},
      {"2012-04-30T10:30:05-05:30", "2012-04-30T10:30:05-05:30"},
      {"2012-04-30T10+14:00", "2012-04-30T10+14:00"},
      {"2012-04-30T10:30-00:00", "2012-04-30T10:30Z"},
  }));
  CHECK(to_string(at(c.text)) == c.written);
  CHECK(caveat::parse_date_time(c.written, 0) == at(c.text));
}

TEST_CASE("values.temporal: a date-time written without an offset takes the given one") {
  CHECK(at("2012-04-30T10:30", 120).offset_minutes == 120);
  CHECK(at("2012-04-30T10:30Z", 120).offset_minutes == 0);
  CHECK(at("2012T", -300).offset_minutes == -300);
  CHECK(to_iso_string(at("2012-04-30T10:30", 120), std::int16_t{120}) == "2012-04-30T10:30");
  CHECK(to_iso_string(at("2012-04-30T10:30", 120), std::int16_t{0}) == "2012-04-30T10:30+02:00");
  CHECK(to_iso_string(at("2012-04-30T", 120)) == "2012-04-30");
}

TEST_CASE("values.temporal: what is no date-time is refused") {
  const auto text = GENERATE(values<std::string_view>({"",
                                                       "T",
                                                       "T10",
                                                       "2012T10",
                                                       "2012-04T10",
                                                       "2012-04-30Z",
                                                       "2012-04-30TZ",
                                                       "2012-04-30T+02:00",
                                                       "2012-04-30 10:30",
                                                       "2012-04-30T24:00",
                                                       "2012-04-30T10:30+14:01",
                                                       "2012-04-30T10:30+15:00",
                                                       "2012-04-30T10:30+2:00",
                                                       "2012-04-30T10:30+0200",
                                                       "2012-04-30T10:30+02",
                                                       "2012-04-30T10:30+02:60",
                                                       "2012-04-30T10:30ZZ",
                                                       "2012-02-30T10:30",
                                                       "0000-01-01T00:00:00.000",
                                                       "10000-12-31T23:59:59.999",
                                                       "2012-04-30T10:30:05.1234"}));
  INFO(text);
  CHECK_FALSE(caveat::parse_date_time(text, 0));
}

TEST_CASE("values.temporal: RFC 3339 needs seconds and an offset") {
  CHECK(show(caveat::parse_rfc3339("2026-01-02T03:04:05Z")) == "2026-01-02T03:04:05Z");
  CHECK(show(caveat::parse_rfc3339("2026-01-02t03:04:05z")) == "2026-01-02T03:04:05Z");
  CHECK(show(caveat::parse_rfc3339("2026-01-02T03:04:05.67+02:00")) == "2026-01-02T03:04:05.670+02:00");
  for (const auto* text : {"2026-01-02", "2026-01-02T03:04Z", "2026-01-02T03:04:05", "2026-01-02T03:04:05.1234Z",
                           "2026-01-02T03:04:60Z", "2026-01T03:04:05Z", "2026-01-02T03:04:05Z ", "now", ""}) {
    INFO(text);
    CHECK_FALSE(caveat::parse_rfc3339(text));
  }
}

TEST_CASE("values.temporal: parts of a date-time") {
  CHECK(to_string(date_of(at("2003-10-29T20:50:33.955+01:00"))) == "2003-10-29");
  CHECK(to_string(date_of(at("2003T"))) == "2003");
  CHECK(show(time_of(at("2003-10-29T20:50"))) == "20:50");
  CHECK_FALSE(time_of(at("2003-10-29T")));
  CHECK(to_string(to_date_time(date("2014-01"), 60)) == "2014-01T");
  CHECK(to_string(at_offset(at("2012-03-10T23:20+00:00"), 420)) == "2012-03-11T06:20+07:00");
  CHECK(to_string(at_offset(at("2012-03T"), 420)) == "2012-03T");
  CHECK(at_offset(at("0001-01-01T00:00Z"), -60).year == 1);
}

TEST_CASE("values.temporal: the first and last values that a coarse one may be") {
  CHECK(to_string(earliest(date("2012"))) == "2012-01-01");
  CHECK(to_string(latest(date("2012"))) == "2012-12-31");
  CHECK(to_string(latest(date("2012-02"))) == "2012-02-29");
  CHECK(to_string(latest(date("2013-02"))) == "2013-02-28");
  CHECK(to_string(latest(time("10"))) == "10:59:59.999");
  CHECK(to_string(latest(time("10:30:05"))) == "10:30:05.999");
  CHECK(to_string(earliest(at("2014T"))) == "2014-01-01T00:00:00.000Z");
  CHECK(to_string(latest(at("2014-01-01T08+02:00"))) == "2014-01-01T08:59:59.999+02:00");
}

TEST_CASE("values.temporal: the calendar goes there and back on every day of its range") {
  REQUIRE(days_from_civil(date("1970-01-01")) == 0);
  REQUIRE(days_from_civil(date("2000-03-01")) == 11'017);
  const std::int64_t first = days_from_civil(date("0001-01-01")), last = days_from_civil(date("9999-12-31"));
  REQUIRE(last - first + 1 == 3'652'059);
  Date before = date("0001-01-01");
  for (std::int64_t day = first + 1; day <= last; ++day) {
    const Date next = caveat::civil_from_days(day);
    if (days_from_civil(next) != day || compare(before, next) != std::strong_ordering::less) FAIL(to_string(next));
    before = next;
  }
}
