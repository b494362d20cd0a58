#include "api/refusal_log.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"

namespace hallmark::api {
namespace {

class StandingClock final : public Clock {
 public:
  Timestamp now() const override { return time; }
  Timestamp time = from_unix_seconds(1'800'000'000);
};

class RefusalLogTest : public testing::Test {
 protected:
  // What is logged while `count` errors of this kind are noted.
  std::string logged(ErrorKind kind, std::uint64_t count) {
    testing::internal::CaptureStderr();
    http::Request request;
    request.path = "/signing-profiles/x\n\x1b[31m";
    request.request_id = "the-request";
    request.peer.address = "127.0.0.9";
    for (std::uint64_t i = 0; i < count; ++i) log_.note(request, {kind, "Not you.", "the cause"});
    return testing::internal::GetCapturedStderr();
  }
  static std::ptrdiff_t lines(const std::string& text) { return std::ranges::count(text, '\n'); }

  StandingClock clock_;
  RefusalLog log_{clock_};
};

TEST_F(RefusalLogTest, SaysWhoWhatAndWhyOnOneLine) {
  const std::string text = logged(ErrorKind::wrong_signature, 1);
  EXPECT_EQ(lines(text), 1);
  for (const char* part : {"the-request", "127.0.0.9", "/signing-profiles/x", "wrong signature"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST_F(RefusalLogTest, IsSilentAboutOtherErrors) {
  EXPECT_EQ(logged(ErrorKind::invalid, 1), "");
  EXPECT_EQ(logged(ErrorKind::not_found, 1), "");
}

TEST_F(RefusalLogTest, LogsEveryFaultOfOurs) {
  const std::uint64_t many = limits::refusals_logged_per_second + 7;
  EXPECT_EQ(lines(logged(ErrorKind::internal, many)), std::ptrdiff_t(many));
  EXPECT_NE(logged(ErrorKind::corrupt, 1).find("the-request"), std::string::npos);
}

TEST_F(RefusalLogTest, BoundsWhatOverloadBringsAndSaysItsCause) {
  const std::string text = logged(ErrorKind::unavailable, limits::refusals_logged_per_second + 7);
  EXPECT_EQ(lines(text), std::ptrdiff_t(limits::refusals_logged_per_second));
  EXPECT_NE(text.find("the cause"), std::string::npos);
}

TEST_F(RefusalLogTest, CountsWhatItDoesNotLog) {
  const auto most = std::ptrdiff_t(limits::refusals_logged_per_second);
  EXPECT_EQ(lines(logged(ErrorKind::denied, limits::refusals_logged_per_second + 7)), most);
  clock_.time += std::chrono::seconds(1);
  EXPECT_NE(logged(ErrorKind::denied, 1).find("not_logged_before=7"), std::string::npos);
}

}  // namespace
}  // namespace hallmark::api
