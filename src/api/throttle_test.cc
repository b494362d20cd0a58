#include "api/throttle.h"

#include <gtest/gtest.h>

#include "api/operation.h"
#include "base/test_support.h"

namespace hallmark::api {
namespace {

using test::error_of;

constexpr Operation tag = {"TagResource", http::Method::post, "/tags/{resourceArn}", nullptr};
constexpr Operation untag = {"UntagResource", http::Method::del, "/tags/{resourceArn}", nullptr};
constexpr Operation sign = {"SignPayload", http::Method::post, "/signing-jobs/with-payload",
                            nullptr};
constexpr Operation rare = {"GetSessionToken", http::Method::post, "/", nullptr, {.rate_max = 1}};

class ThrottleTest : public testing::Test {
 protected:
  static std::string account(std::string_view digits = "111122223333") {
    return std::string(digits);
  }
  test::TestClock clock_;
};

TEST_F(ThrottleTest, LetsABurstThroughAndRefusesTheNext) {
  Throttle throttle({.requests_per_second = 2, .burst_seconds = 2}, clock_);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(throttle.admit(account(), tag)) << i;
  EXPECT_EQ(error_of(throttle.admit(account(), tag)).kind, ErrorKind::throttled);
}

TEST_F(ThrottleTest, FillsUpWithTimeButNotBeyondTheBurst) {
  Throttle throttle({.requests_per_second = 1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), tag));
  EXPECT_FALSE(throttle.admit(account(), tag));
  clock_.advance(std::chrono::hours(1));
  EXPECT_TRUE(throttle.admit(account(), tag));
  EXPECT_FALSE(throttle.admit(account(), tag));
}

TEST_F(ThrottleTest, AccountsAndOperationsDoNotShare) {
  Throttle throttle({.requests_per_second = 1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), tag));
  EXPECT_TRUE(throttle.admit(account(), untag));
  EXPECT_TRUE(throttle.admit(account("999988887777"), tag));
  EXPECT_FALSE(throttle.admit(account(), tag));
}

TEST_F(ThrottleTest, TokensOfOneNetworkAreBoundedAndOthersAreNot) {
  Throttle throttle({.burst_seconds = 2}, clock_);
  for (int i = 0; i < 2 * int(tokens_per_network_per_second); ++i) {
    EXPECT_TRUE(throttle.admit_token_of("192.0.2.7")) << i;
  }
  EXPECT_EQ(error_of(throttle.admit_token_of("192.0.2.7")).kind, ErrorKind::throttled);
  EXPECT_TRUE(throttle.admit_token_of("192.0.2.8"));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(throttle.admit_token_of("192.0.2.7"));
}

TEST_F(ThrottleTest, WithoutALimitOfRequestsTokensHaveNone) {
  Throttle throttle({.requests_per_second = 0}, clock_);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(throttle.admit_token_of("192.0.2.7"));
}

TEST_F(ThrottleTest, AFloodOfNamesTakesNoMemoryAndRefusesNobody) {
  Throttle throttle({.requests_per_second = 1, .burst_seconds = 1}, clock_);
  for (std::size_t i = 0; i < throttle_buckets_max + 10; ++i) {
    EXPECT_TRUE(throttle.admit(std::to_string(i), tag));
  }
  EXPECT_LE(throttle.buckets(), throttle_buckets_max);
}

TEST(ThrottleNetwork, AnIpv6HostHasAllOfItsNetwork) {
  EXPECT_EQ(network_of("2001:db8::1"), network_of("2001:db8::ffff:1"));
  EXPECT_NE(network_of("2001:db8:0:1::1"), network_of("2001:db8:0:2::1"));
  EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_NE(network_of("192.0.2.7"), network_of("192.0.2.8"));
  EXPECT_EQ(network_of(""), "");
}

TEST_F(ThrottleTest, AnOperationMayHaveItsOwnRate) {
  Throttle throttle(
      {.requests_per_second = 0, .burst_seconds = 1, .operations = {{"TagResource", 1.0}}}, clock_);
  EXPECT_TRUE(throttle.admit(account(), tag));
  EXPECT_FALSE(throttle.admit(account(), tag));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(throttle.admit(account(), untag));
}

TEST_F(ThrottleTest, AnOperationMayBeRareByDefault) {
  Throttle throttle({.requests_per_second = 100, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), rare));
  EXPECT_FALSE(throttle.admit(account(), rare));
  Throttle configured({.requests_per_second = 100, .operations = {{"GetSessionToken", 50.0}}},
                      clock_);
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(configured.admit(account(), rare));
}

TEST_F(ThrottleTest, ALowRateStillAdmitsOne) {
  Throttle throttle({.requests_per_second = 0.1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), tag));
  EXPECT_FALSE(throttle.admit(account(), tag));
}

TEST_F(ThrottleTest, AClockSetBackLocksNobodyOut) {
  Throttle throttle({.requests_per_second = 1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), tag));
  clock_.advance(-std::chrono::hours(1));
  EXPECT_FALSE(throttle.admit(account(), tag));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(throttle.admit(account(), tag));
}

TEST_F(ThrottleTest, OnlySignPayloadMayHaveTheOtherName) {
  Throttle throttle({.requests_per_second = 0.1,
                     .burst_seconds = 1,
                     .sign_payload_name = ThrottleOptions::SignPayloadName::throttling},
                    clock_);
  for (const Operation& operation : {sign, tag}) {
    EXPECT_TRUE(throttle.admit(account(), operation));
  }
  EXPECT_EQ(error_of(throttle.admit(account(), sign)).reason, "ThrottlingException");
  EXPECT_EQ(error_of(throttle.admit(account(), tag)).reason, "");
}

}  // namespace
}  // namespace hallmark::api
