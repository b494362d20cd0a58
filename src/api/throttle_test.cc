#include "api/throttle.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::api {
namespace {

using test::error_of;
using test::value_of;

class ThrottleTest : public testing::Test {
 protected:
  static model::AccountId account(std::string_view digits = "111122223333") {
    return value_of(model::AccountId::parse(digits));
  }
  test::TestClock clock_;
};

TEST_F(ThrottleTest, LetsABurstThroughAndRefusesTheNext) {
  Throttle throttle({.requests_per_second = 2, .burst_seconds = 2}, clock_);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(throttle.admit(account(), "TagResource")) << i;
  EXPECT_EQ(error_of(throttle.admit(account(), "TagResource")).kind, ErrorKind::throttled);
}

TEST_F(ThrottleTest, FillsUpWithTimeButNotBeyondTheBurst) {
  Throttle throttle({.requests_per_second = 1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), "TagResource"));
  EXPECT_FALSE(throttle.admit(account(), "TagResource"));
  clock_.advance(std::chrono::hours(1));
  EXPECT_TRUE(throttle.admit(account(), "TagResource"));
  EXPECT_FALSE(throttle.admit(account(), "TagResource"));
}

TEST_F(ThrottleTest, AccountsAndOperationsDoNotShare) {
  Throttle throttle({.requests_per_second = 1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), "TagResource"));
  EXPECT_TRUE(throttle.admit(account(), "UntagResource"));
  EXPECT_TRUE(throttle.admit(account("999988887777"), "TagResource"));
  EXPECT_FALSE(throttle.admit(account(), "TagResource"));
}

TEST_F(ThrottleTest, AnOperationMayHaveItsOwnRate) {
  Throttle throttle(
      {.requests_per_second = 0, .burst_seconds = 1, .operations = {{"TagResource", 1.0}}}, clock_);
  EXPECT_TRUE(throttle.admit(account(), "TagResource"));
  EXPECT_FALSE(throttle.admit(account(), "TagResource"));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(throttle.admit(account(), "UntagResource"));
}

TEST_F(ThrottleTest, ALowRateStillAdmitsOne) {
  Throttle throttle({.requests_per_second = 0.1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), "TagResource"));
  EXPECT_FALSE(throttle.admit(account(), "TagResource"));
}

TEST_F(ThrottleTest, AClockSetBackLocksNobodyOut) {
  Throttle throttle({.requests_per_second = 1, .burst_seconds = 1}, clock_);
  EXPECT_TRUE(throttle.admit(account(), "TagResource"));
  clock_.advance(-std::chrono::hours(1));
  EXPECT_FALSE(throttle.admit(account(), "TagResource"));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(throttle.admit(account(), "TagResource"));
}

TEST_F(ThrottleTest, OnlySignPayloadMayHaveTheOtherName) {
  Throttle throttle({.requests_per_second = 0.1,
                     .burst_seconds = 1,
                     .sign_payload_name = ThrottleOptions::SignPayloadName::throttling},
                    clock_);
  for (const char* operation : {"SignPayload", "TagResource"}) {
    EXPECT_TRUE(throttle.admit(account(), operation));
  }
  EXPECT_EQ(error_of(throttle.admit(account(), "SignPayload")).reason, "ThrottlingException");
  EXPECT_EQ(error_of(throttle.admit(account(), "TagResource")).reason, "");
}

}  // namespace
}  // namespace hallmark::api
