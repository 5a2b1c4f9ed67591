#include "temporal_support.hpp"

using caveat::DateTime;
using caveat::Precision;
using caveat::testing::at;
using caveat::testing::date;
using caveat::testing::kAll;
using caveat::testing::near;
using caveat::testing::show;
using caveat::testing::time;

TEST_CASE("values.temporal: adding to date-times") {
  struct Case {
    std::string_view value;
    std::int64_t amount;
    Precision unit;
    std::string_view sum;
  };
  using enum Precision;
  const auto c = GENERATE(values<Case>({
      {"2005-10-10T", 8000, kYear, "nothing"},
      {"2005-05-10T", 5, kMonth, "2005-10-10T"},
      {"2005-05-10T", 10, kMonth, "2006-03-10T"},
      {"2005-05-10T", -6, kMonth, "2004-11-10T"},
      {"2018-05-02T", 3, kWeek, "2018-05-23T"},
      {"2024-03-01T", -52, kWeek, "2023-03-03T"},
      {"2005-05-10T05", 5, kHour, "2005-05-10T10Z"},
      {"2005-05-10T", 25, kHour, "2005-05-11T"},
      {"2005-05-10T", 23, kHour, "2005-05-10T"},
      {"2005-05-10T", -25, kHour, "2005-05-09T"},
      {"2016-06-10T05", 19, kHour, "2016-06-11T00Z"},
      {"2016-06-10T05", -6, kHour, "2016-06-09T23Z"},
      {"2016-06-10T05:05", -6, kMinute, "2016-06-10T04:59Z"},
      {"2016-06-10T05:05:05.005", -6, kMillisecond, "2016-06-10T05:05:04.999Z"},
      {"2016-10-01T10:20:30", -15, kHour, "2016-09-30T19:20:30Z"},
      {"2014T", 730, kDay, "2016T"},
      {"2014T", 729, kDay, "2015T"},
      {"2014T", -25, kMonth, "2012T"},
      {"2014T", 52, kWeek, "2014T"},
      {"2014T", 53, kWeek, "2015T"},
      {"2016-05T", -31'535'999, kSecond, "2015-05T"},
      {"2014-06T", 33, kDay, "2014-07T"},
      {"2014-06T", 4, kWeek, "2014-06T"},
      {"2014-06T", 5, kWeek, "2014-07T"},
      {"2005-05-10T05:05", 119, kSecond, "2005-05-10T05:06Z"},
      {"2005-05-10T05:05:05", 1999, kMillisecond, "2005-05-10T05:05:06Z"},
      {"2012-01-31T10:00", 1, kMonth, "2012-02-29T10:00Z"},
      {"2013-01-31T10:00", 1, kMonth, "2013-02-28T10:00Z"},
      {"2012-02-29T10:00", 1, kYear, "2013-02-28T10:00Z"},
      {"2012-02-29T10:00", 4, kYear, "2016-02-29T10:00Z"},
      {"2012-02-28T10:00+02:00", 1, kDay, "2012-02-29T10:00+02:00"},
      {"9999-12-31T23:59:59.999", 1, kMillisecond, "nothing"},
      {"0001-01-01T00:00:00.000", -1, kMillisecond, "nothing"},
      {"9999T", 1, kYear, "nothing"},
      {"9999-12T", 1, kMonth, "nothing"},
      {"9999-12-31T", 1, kDay, "nothing"},
      {"0001-01-01T", -1, kDay, "nothing"},
      {"2012-01-01T", INT64_MAX, kYear, "nothing"},
      {"2012-01-01T", INT64_MIN, kMonth, "nothing"},
      {"2012-01-01T", INT64_MAX, kWeek, "nothing"},
      {"2012-01-01T", INT64_MAX, kDay, "nothing"},
      {"2012-01-01T", INT64_MIN, kMillisecond, "nothing"},
      {"2012-01-01T10", INT64_MAX, kHour, "nothing"},
      {"2012-01-01T10:00:00.000", INT64_MIN, kMillisecond, "nothing"},
      {"2012T", INT64_MIN, kWeek, "nothing"},
  }));
  CAPTURE(c.value, c.amount, to_string(c.unit));
  CHECK(show(add(at(c.value), c.amount, c.unit)) == c.sum);
}

TEST_CASE("values.temporal: adding to dates and times") {
  using enum Precision;
  CHECK(show(add(date("2014-06"), 33, kDay)) == "2014-07");
  CHECK(show(add(date("2014-06"), 1, kYear)) == "2015-06");
  CHECK(show(add(date("2014"), -24, kMonth)) == "2012");
  CHECK(show(add(date("2014"), -25, kMonth)) == "2012");
  CHECK(show(add(date("2012-01-31"), 1, kMonth)) == "2012-02-29");
  CHECK(show(add(date("2012-03-31"), -1, kMonth)) == "2012-02-29");
  CHECK(show(add(date("2012-02-28"), 48, kHour)) == "2012-03-01");
  CHECK(show(add(date("2012-02-28"), 47, kHour)) == "2012-02-29");
  CHECK(show(add(time("15:59:59.999"), 1, kMinute)) == "16:00:59.999");
  CHECK(show(add(time("15:59:59.999"), 300, kMinute)) == "20:59:59.999");
  CHECK(show(add(time("15:59:59.0"), -1, kMillisecond)) == "15:59:58.999");
  CHECK(show(add(time("10"), 90, kMinute)) == "11");
  CHECK(show(add(time("23:59:59.999"), 1, kMillisecond)) == "nothing");
  CHECK(show(add(time("00:00"), -1, kMinute)) == "nothing");
  CHECK(show(add(time("10:00"), 1, kDay)) == "nothing");
  CHECK(show(add(time("10:00"), INT64_MAX, kHour)) == "nothing");
}

TEST_CASE("values.temporal: durations count whole periods") {
  struct Case {
    std::string_view a, b;
    Precision unit;
    std::string_view count;
  };
  using enum Precision;
  const auto c = GENERATE(values<Case>({
      {"2012-03-10T10:20:00", "2013-03-10T09:20:00", kYear, "0"},
      {"2012-03-10T10:20:00", "2013-03-10T10:20:00", kYear, "1"},
      {"2005T", "2010T", kYear, "4..5"},
      {"2005-05T", "2010-04T", kYear, "4"},
      {"2005T", "2006-05T", kMonth, "4..16"},
      {"2005T", "2006-07T", kMonth, "6..18"},
      {"2014-01-15T", "2014-02T", kDay, "16..44"},
      {"2014-01-15T", "2014-01-20T", kDay, "4..5"},
      {"2010-10-12T12:05", "2008-08-15T08:08", kDay, "-788"},
      {"2012-03-10T22:05:09", "2012-03-20T07:19:33", kWeek, "1"},
      {"2017-11-05T01:30:00-06:00", "2017-11-05T01:15:00-07:00", kMinute, "45"},
      {"2017-03-12T01:00:00.000-07:00", "2017-03-12T03:00:00.000-06:00", kHour, "1"},
      {"2012-01-31T10:00:00", "2012-03-01T09:00:00", kMonth, "1"},
      {"2012-02-29T00:00:00", "2013-02-28T00:00:00", kYear, "0"},
      {"2012-02-29T00:00:00", "2013-03-01T00:00:00", kYear, "1"},
      {"2013-03-10T10:20:00", "2012-03-10T10:20:00", kYear, "-1"},
      {"2013-03-10T10:20:00", "2012-03-10T10:20:01", kYear, "0"},
      {"0001-01-01T00:00:00.000", "9999-12-31T23:59:59.999", kMillisecond, "315537897599999"},
  }));
  CAPTURE(c.a, c.b, to_string(c.unit));
  CHECK(show(duration_between(at(c.a), at(c.b), c.unit)) == c.count);
}

TEST_CASE("values.temporal: durations between dates and times") {
  using enum Precision;
  CHECK(show(duration_between(date("2014-01-31"), date("2014-02-01"), kMonth)) == "0");
  CHECK(show(duration_between(date("2014-01-15"), date("2014-01-20"), kDay)) == "5");
  CHECK(show(duration_between(date("2014-01-15"), date("2014-02"), kDay)) == "17..44");
  CHECK(show(duration_between(date("2000-06-15"), date("2018-06-14"), kYear)) == "17");
  CHECK(show(duration_between(date("2000-06-15"), date("2018-06-15"), kYear)) == "18");
  CHECK(show(duration_between(date("2000"), date("2018-06-15"), kYear)) == "17..18");
  CHECK(show(duration_between(date("2012-02-29"), date("2014-02-28"), kYear)) == "1");
  CHECK(show(duration_between(date("2014-01-15"), date("2014-01-16"), kHour)) == "0..47");
  CHECK(show(duration_between(time("20:26:15.555"), time("23:25:15.555"), kHour)) == "2");
  CHECK(show(duration_between(time("23:25:25.555"), time("23:25:25.560"), kMillisecond)) == "5");
  CHECK(show(duration_between(time("10"), time("12"), kHour)) == "1..2");
  CHECK(show(duration_between(time("10"), time("12"), kDay)) == "0");
}

TEST_CASE("values.temporal: differences count boundaries") {
  struct Case {
    std::string_view a, b;
    Precision unit;
    std::string_view count;
  };
  using enum Precision;
  const auto c = GENERATE(values<Case>({
      {"2000T", "2005-12T", kYear, "5"},
      {"2012-12-31T23:59:59", "2013-01-01T00:00:00", kYear, "1"},
      {"2005T", "2006-07T", kMonth, "7..18"},
      {"2000-10-15T10:30", "2000-10-25T10:00", kDay, "10"},
      {"2000-04-01T12", "2000-04-01T20", kHour, "8"},
      {"2005-12-10T05:16", "2005-12-10T05:25", kMinute, "9"},
      {"2000-10-10T10:05:45.500-06:00", "2000-10-10T10:05:45.900-07:00", kMillisecond, "3600400"},
      {"2000-10-15T", "2000-10-29T", kWeek, "2"},
      {"2012-03-10T22:05:09", "2012-03-24T07:19:33", kWeek, "2"},
      {"2012-03-10T22:05:09", "2012-03-11T00:00:00", kWeek, "1"},
      {"2012-03-11T22:05:09", "2012-03-17T00:00:00", kWeek, "0"},
      {"2017-03-12T01:00:00-07:00", "2017-03-12T03:00:00-06:00", kHour, "1"},
      {"2017-11-05T01:30:00-06:00", "2017-11-05T01:15:00-07:00", kMinute, "45"},
      {"2017-03-12T00:00:00.000-07:00", "2017-03-13T00:00:00.000-06:00", kDay, "1"},
      {"2013-01-01T00:00:00", "2012-12-31T23:59:59", kMonth, "-1"},
      {"1969-12-31T23:59:59", "1970-01-01T00:00:00", kDay, "1"},
  }));
  CAPTURE(c.a, c.b, to_string(c.unit));
  CHECK(show(difference_between(at(c.a), at(c.b), c.unit)) == c.count);
}

TEST_CASE("values.temporal: differences between dates and times") {
  using enum Precision;
  CHECK(show(difference_between(date("2014-12-31"), date("2015-01-01"), kYear)) == "1");
  CHECK(show(difference_between(date("2014"), date("2015-01-01"), kDay)) == "1..365");
  CHECK(show(difference_between(time("20:20:15.555"), time("20:20:20.555"), kSecond)) == "5");
  CHECK(show(difference_between(time("20:59"), time("21:00"), kHour)) == "1");
}

TEST_CASE("values.temporal: the range of a duration is what full values in its place give") {
  caveat::testing::Sequence sequence(99);
  for (int i = 0; i < 5'000; ++i) {
    DateTime a = caveat::testing::any(sequence), b = near(sequence, a);
    b.offset_minutes = a.offset_minutes;
    CAPTURE(to_string(a), to_string(b));
    for (const Precision unit : kAll) {
      const auto range = duration_between(a, b, unit);
      for (const DateTime& x : {earliest(a), latest(a)}) {
        for (const DateTime& y : {earliest(b), latest(b)}) {
          const auto one = duration_between(x, y, unit);
          REQUIRE(one.certain());
          // Seconds are moments, so the last millisecond of a second lies one step outside at most.
          REQUIRE(one.low >= range.low - (unit >= Precision::kSecond ? 999 : 1));
          REQUIRE(one.high <= range.high + (unit >= Precision::kSecond ? 999 : 1));
        }
      }
    }
  }
}

TEST_CASE("values.temporal: adding and subtracting fixed lengths is inverse") {
  caveat::testing::Sequence sequence(5);
  constexpr std::array kFixed{Precision::kWeek,   Precision::kDay,    Precision::kHour,
                              Precision::kMinute, Precision::kSecond, Precision::kMillisecond};
  for (int i = 0; i < 20'000; ++i) {
    const DateTime a = earliest(caveat::testing::any(sequence));
    const Precision unit = kFixed[sequence.next() % kFixed.size()];
    const std::int64_t amount = sequence.between(-1'000'000, 1'000'000);
    const auto sum = add(a, amount, unit);
    if (!sum) continue;
    CAPTURE(to_string(a), amount, to_string(unit));
    REQUIRE(add(*sum, -amount, unit) == a);
    REQUIRE(show(duration_between(a, *sum, unit)) == std::to_string(amount));
  }
}
