#include "base/clock.h"

#include <gtest/gtest.h>

namespace hallmark {
namespace {

Timestamp at(std::string_view text) {
  const auto time = from_rfc3339(text);
  EXPECT_TRUE(time) << text;
  return time ? *time : Timestamp();
}

std::string months_after(std::string_view text, int count) {
  return to_rfc3339(plus_months(at(text), count));
}

TEST(Rfc3339, IsWrittenWithMillisecondsOnlyWhenThereAreSome) {
  EXPECT_EQ(to_rfc3339(from_unix_millis(1'795'338'487'000)), "2026-11-22T09:08:07Z");
  EXPECT_EQ(to_rfc3339(from_unix_millis(1'795'338'487'042)), "2026-11-22T09:08:07.042Z");
  EXPECT_EQ(to_rfc3339(Timestamp()), "1970-01-01T00:00:00Z");
}

TEST(Rfc3339, IsReadWithUpToNineFractionDigitsCutToMilliseconds) {
  EXPECT_EQ(unix_millis(at("2026-11-22T09:08:07Z")), 1'795'338'487'000);
  EXPECT_EQ(unix_millis(at("2026-11-22T09:08:07.5Z")), 1'795'338'487'500);
  EXPECT_EQ(unix_millis(at("2026-11-22T09:08:07.123999999Z")), 1'795'338'487'123);
  EXPECT_EQ(unix_millis(at("2026-11-22T09:08:07+00:00")), 1'795'338'487'000);
}

class RefusedRfc3339 : public testing::TestWithParam<const char*> {};

TEST_P(RefusedRfc3339, IsInvalid) {
  const auto time = from_rfc3339(GetParam());
  ASSERT_FALSE(time);
  EXPECT_EQ(time.error().kind, ErrorKind::invalid);
}

INSTANTIATE_TEST_SUITE_P(Clock, RefusedRfc3339,
                         testing::Values("", "Z", "2026-11-22", "2026-11-22T09:08:07",
                                         "2026-11-22 09:08:07Z", "2026-11-22T09:08:07.Z",
                                         "2026-11-22T09:08:07.1234567890Z", "2026-11-22T09:08:07.5",
                                         "2026-11-22T09:08:07+01:00", "2026-11-22T09:08:07-00:00",
                                         "2026-11-22T09:08:07Z\n", "2026-13-01T00:00:00Z",
                                         "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
                                         "2026-04-31T00:00:00Z", "2026-11-22T24:00:00Z",
                                         "2026-11-22T09:60:07Z", "2026-11-22T09:08:60Z",
                                         "1969-12-31T23:59:59Z", "+026-11-22T09:08:07Z",
                                         "2026-1a-22T09:08:07Z", "2026-11-22T-9:08:07Z"));

TEST(Basic, IsWrittenWithoutMilliseconds) {
  EXPECT_EQ(to_basic(at("2026-11-22T09:08:07.999Z")), "20261122T090807Z");
  EXPECT_EQ(to_basic_date(at("2026-01-02T23:59:59Z")), "20260102");
}

TEST(Basic, IsReadBackExactly) {
  for (const char* text : {"19700101T000000Z", "20240229T235959Z", "99991231T235959Z"}) {
    const auto time = from_basic(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_basic(*time), text);
  }
}

TEST(Basic, RefusesEverythingElse) {
  for (const char* text :
       {"", "20261122T090807", "20261122t090807Z", "20261122T090807z", "20261122T090807ZZ",
        "2026-11-22T09:08Z", "19691231T235959Z", "20230229T000000Z", "20261122T250000Z",
        "2026112 T090807Z", " 0261122T090807Z", "2026112\xD9\xA2T09080Z"}) {
    EXPECT_FALSE(from_basic(text)) << text;
  }
}

TEST(HttpDate, NamesWeekdayAndMonthInEnglish) {
  // The example of RFC 9110 §5.6.7.
  EXPECT_EQ(to_http_date(at("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(to_http_date(at("2028-02-29T00:00:00Z")), "Tue, 29 Feb 2028 00:00:00 GMT");
}

TEST(UnixTime, IsRoundedDownAlsoBeforeTheEpoch) {
  EXPECT_EQ(unix_seconds(from_unix_millis(1'999)), 1);
  EXPECT_EQ(unix_seconds(from_unix_millis(-1)), -1);
  EXPECT_EQ(unix_millis(from_unix_seconds(3)), 3000);
}

TEST(PlusMonths, KeepsDayAndTime) {
  EXPECT_EQ(months_after("2026-11-22T09:08:07.042Z", 1), "2026-12-22T09:08:07.042Z");
  EXPECT_EQ(months_after("2026-11-22T09:08:07Z", 0), "2026-11-22T09:08:07Z");
  EXPECT_EQ(months_after("2026-11-22T09:08:07Z", 14), "2028-01-22T09:08:07Z");
}

TEST(PlusMonths, ClampsTheDayToTheLastOfTheMonth) {
  EXPECT_EQ(months_after("2027-01-31T12:00:00Z", 1), "2027-02-28T12:00:00Z");
  EXPECT_EQ(months_after("2027-03-31T12:00:00Z", 1), "2027-04-30T12:00:00Z");
}

TEST(PlusMonths, KnowsLeapYears) {
  EXPECT_EQ(months_after("2028-01-31T00:00:00Z", 1), "2028-02-29T00:00:00Z");
  EXPECT_EQ(months_after("2028-02-29T00:00:00Z", 12), "2029-02-28T00:00:00Z");
  EXPECT_EQ(months_after("2028-02-29T00:00:00Z", 48), "2032-02-29T00:00:00Z");
  EXPECT_EQ(months_after("2096-02-29T00:00:00Z", 48), "2100-02-28T00:00:00Z");
}

TEST(PlusMonths, CountsTheDefaultValidityAsAwsDoes) {
  // A signature of AWS Signer with the default of 135 months.
  EXPECT_EQ(months_after("2023-07-18T23:34:12Z", 135), "2034-10-18T23:34:12Z");
  EXPECT_EQ(months_after("2026-11-30T00:00:00Z", 135), "2038-02-28T00:00:00Z");
}

TEST(SystemClock, ShowsThisCentury) {
  EXPECT_GT(SystemClock().now(), at("2026-01-01T00:00:00Z"));
  EXPECT_LT(SystemClock().now(), at("2100-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace hallmark
