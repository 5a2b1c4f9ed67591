#include "temporal_support.hpp"

using caveat::DateTime;
using caveat::Precision;
using caveat::testing::at;
using caveat::testing::date;
using caveat::testing::kAll;
using caveat::testing::mirrored;
using caveat::testing::near;
using caveat::testing::show;
using caveat::testing::time;

TEST_CASE("values.temporal: dates compare field by field") {
  struct Case {
    std::string_view a, b, order;
  };
  const auto c = GENERATE(values<Case>({
      {"2012-02-12", "2012-02-10", ">"},
      {"2012-02-12", "2012-02-12", "="},
      {"2012-02", "2012-02", "="},
      {"2012", "2012", "="},
      {"2012", "2013-01-01", "<"},
      {"2012", "2012-06", "uncertain"},
      {"2012-02", "2012-02-29", "uncertain"},
      {"2012-02", "2012-03-01", "<"},
  }));
  CHECK(show(compare(date(c.a), date(c.b))) == c.order);
  CHECK(show(compare(date(c.b), date(c.a))) == mirrored(c.order));
}

TEST_CASE("values.temporal: times compare with seconds and milliseconds as one field") {
  struct Case {
    std::string_view a, b, order;
  };
  const auto c = GENERATE(values<Case>({
      {"10:00:00.000", "10:00:00.001", "<"},
      {"10:00:00.000", "22:00:00.000", "<"},
      {"10:30:05", "10:30:05.000", "="},
      {"10:30:05", "10:30:05.500", "<"},
      {"10:30", "10:30:05", "uncertain"},
      {"10:30", "10:30", "="},
      {"10", "11:30", "<"},
  }));
  CHECK(show(compare(time(c.a), time(c.b))) == c.order);
  CHECK(show(compare(time(c.b), time(c.a))) == mirrored(c.order));
}

TEST_CASE("values.temporal: date-times compare at UTC when both have hours") {
  struct Case {
    std::string_view a, b, order;
  };
  const auto c = GENERATE(values<Case>({
      {"2015T", "2014-02-15T", ">"},
      {"2014T", "2014-02-15T", "uncertain"},
      {"2013T", "2014-02-15T", "<"},
      {"2012-03-10T10:20:00.999+07:00", "2012-03-10T09:20:00.999+06:00", "="},
      {"2012-03-10T10:20:00.999+07:00", "2012-03-10T10:20:00.999+06:00", "<"},
      {"2012-03-10T00:30+02:00", "2012-03-09T22:30Z", "="},
      {"2012-03-10T10+01:00", "2012-03-10T09Z", "="},
      {"2012-03-10T10+05:30", "2012-03-10T04Z", "uncertain"},
      {"2012-03-10T10+05:30", "2012-03-10T06Z", "<"},
      {"2012-03-10T10+05:30", "2012-03-10T03Z", ">"},
      {"2012-03-10T10+01:00", "2012-03-10T09:30Z", "uncertain"},
      {"2012-03-10T10+01:00", "2012-03-10T10:00Z", "<"},
      {"2012-03-10T", "2012-03-11T01:00+14:00", "<"},
      {"2012-03-10T", "2012-03-10T23:00-11:00", "uncertain"},
      {"2012-03-10T10:20:05+07:00", "2012-03-10T03:20:05.000Z", "="},
      {"0001-01-01T00:00+14:00", "0001-01-01T00:00Z", "<"},
      {"9999-12-31T23:59-14:00", "9999-12-31T23:59Z", ">"},
  }));
  CHECK(show(compare(at(c.a), at(c.b))) == c.order);
  CHECK(show(compare(at(c.b), at(c.a))) == mirrored(c.order));
}

TEST_CASE("values.temporal: comparing at a precision does not look further") {
  struct Case {
    std::string_view a, b;
    Precision precision;
    std::string_view order;
  };
  using enum Precision;
  const auto c = GENERATE(values<Case>({
      {"2014T", "2014T", kYear, "="},
      {"2004-11-10T", "2004-10-10T", kYear, "="},
      {"2004-09-10T", "2004-10-10T", kMonth, "<"},
      {"2014-12-20T", "2014-12T", kDay, "uncertain"},
      {"2014-10T", "2014-10-12T", kDay, "uncertain"},
      {"2014-10T", "2014-11-12T", kDay, "<"},
      {"2014-12-20T", "2014-12-20T15:00", kMinute, "uncertain"},
      {"2022-02-22T00:00:00.000-05:00", "2022-02-22T04:59:00.000Z", kDay, "="},
      {"2022-02-22T00:00:00.000-05:00", "2022-02-23T00:00:00.000+14:00", kDay, "<"},
      {"2012-03-10T10:20:00.999+07:00", "2012-03-10T10:20:00.999+06:00", kHour, "<"},
      {"2012-03-10T10:20:00.999+07:00", "2012-03-10T09:20:00.999+06:00", kHour, "="},
      {"2012-03-10T10:59+01:00", "2012-03-10T09:00Z", kHour, "="},
      {"2012-03-10T10+01:00", "2012-03-10T09:30Z", kHour, "="},
      {"2012-03-10T10+01:00", "2012-03-10T09:30Z", kMinute, "uncertain"},
      {"2012-03-10T10+01:00", "2012-03-10T09Z", kMinute, "uncertain"},
      {"2012-03-10T10+05:30", "2012-03-10T05Z", kHour, "uncertain"},
      {"2012-03-10T10:15+05:30", "2012-03-10T10:45+05:30", kHour, "="},
      {"2004-10-10T20:30:15.512", "2004-10-10T20:30:15.999", kSecond, "="},
      {"2004-10-10T20:30:15.512", "2004-10-10T20:30:15.513", kMillisecond, "<"},
      {"2004-10-10T20:30:15", "2004-10-10T20:30:15.000", kMillisecond, "="},
      {"2024-06-02T", "2024-06-08T", kWeek, "="},
      {"2024-06-01T", "2024-06-02T", kWeek, "<"},
      {"2024-06T", "2024-06-02T", kWeek, "uncertain"},
      {"2024-06T", "2024-07-08T", kWeek, "<"},
  }));
  CAPTURE(c.a, c.b, to_string(c.precision));
  CHECK(show(compare(at(c.a), at(c.b), c.precision)) == c.order);
  CHECK(show(compare(at(c.b), at(c.a), c.precision)) == mirrored(c.order));
}

TEST_CASE("values.temporal: dates and times compare at a precision") {
  CHECK(show(compare(date("2012-02-12"), date("2012-02-10"), Precision::kMonth)) == "=");
  CHECK(show(compare(date("2012-02-12"), date("2012-02"), Precision::kDay)) == "uncertain");
  CHECK(show(compare(date("2012-02-12"), date("2012-02-10"), Precision::kHour)) == ">");
  CHECK(show(compare(date("2012-02-12"), date("2012-02-12"), Precision::kHour)) == "uncertain");
  CHECK(show(compare(time("23:25:25.555"), time("23:55:25.900"), Precision::kHour)) == "=");
  CHECK(show(compare(time("23:55:25.555"), time("23:55:25.900"), Precision::kSecond)) == "=");
  CHECK(show(compare(time("23:55:25.555"), time("23:55:25.900"), Precision::kMillisecond)) == "<");
  CHECK(show(compare(time("23:55"), time("23:55:25.900"), Precision::kSecond)) == "uncertain");
  CHECK(show(compare(time("23:55"), time("22:55:25.900"), Precision::kDay)) == "uncertain");
}

TEST_CASE("values.temporal: properties hold for date-times of every precision and offset") {
  caveat::testing::Sequence sequence(22'1);
  for (int i = 0; i < 20'000; ++i) {
    const DateTime a = caveat::testing::any(sequence), b = near(sequence, a);
    CAPTURE(to_string(a), to_string(b));
    REQUIRE(compare(a, a) == std::strong_ordering::equal);
    REQUIRE(show(compare(b, a)) == mirrored(show(compare(a, b))));
    const auto written = caveat::parse_date_time(to_string(a), a.offset_minutes);
    REQUIRE(written == a);
    for (const Precision unit : kAll) {
      CAPTURE(to_string(unit));
      REQUIRE(show(compare(b, a, unit)) == mirrored(show(compare(a, b, unit))));
      const auto duration = duration_between(a, b, unit), back = duration_between(b, a, unit);
      REQUIRE(duration.low <= duration.high);
      REQUIRE(duration.low == -back.high);
      REQUIRE(duration.high == -back.low);
      const auto difference = difference_between(a, b, unit), reverse = difference_between(b, a, unit);
      REQUIRE(difference.low <= difference.high);
      REQUIRE(difference.low == -reverse.high);
      // A stated order and the boundaries crossed never contradict each other.
      const auto order = compare(a, b, unit);
      if (order == std::strong_ordering::less) REQUIRE(difference.high > 0);
      if (order == std::strong_ordering::greater) REQUIRE(difference.low < 0);
      if (order == std::strong_ordering::equal) REQUIRE((difference.low <= 0 && difference.high >= 0));
    }
  }
}
