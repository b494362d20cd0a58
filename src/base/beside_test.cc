#include "base/beside.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "base/test_support.h"

namespace hallmark {
namespace {

using test::error_of;
using test::expect_done;
using test::value_of;

// Goes on until it is told to stop.
Result<void> until_stopped(const std::stop_token& stop) {
  while (!stop.stop_requested()) std::this_thread::yield();
  return unavailable("it was told to stop");
}

TEST(Beside, HasTheOutcomeOfItsWork) {
  const auto good = value_of(Beside::start([](const auto&) { return Result<void>(); }));
  const auto bad =
      value_of(Beside::start([](const auto&) { return Result<void>(invalid("it is wrong")); }));
  expect_done(good->wait());
  EXPECT_EQ(error_of(bad->wait()).message, "it is wrong");
  EXPECT_EQ(error_of(bad->wait()).message, "it is wrong") << "the second time";
}

TEST(Beside, TurnsWhatItsWorkThrowsIntoAnError) {
  const auto work = value_of(
      Beside::start([](const auto&) -> Result<void> { throw std::runtime_error("it throws"); }));
  EXPECT_EQ(error_of(work->wait()).kind, ErrorKind::internal);
}

TEST(Beside, WorksWhileItsOwnerDoes) {
  std::atomic<bool> may_end = false;
  const auto work = value_of(Beside::start([&](const auto&) {
    while (!may_end) std::this_thread::yield();
    return Result<void>();
  }));
  may_end = true;
  expect_done(work->wait());
}

TEST(Beside, StopsItsWorkAtItsEnd) {
  std::atomic<bool> has_ended = false;
  auto work = value_of(Beside::start([&](const std::stop_token& stop) {
    const auto outcome = until_stopped(stop);
    has_ended = true;
    return outcome;
  }));
  work.reset();
  EXPECT_TRUE(has_ended);
}

}  // namespace
}  // namespace hallmark
