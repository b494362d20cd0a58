#include "base/task.h"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "base/result.h"

namespace hallmark {
namespace {

TEST(Task, CallsAFunctionThatCannotBeCopied) {
  Task<int(int)> task = [owned = std::make_unique<int>(2)](int factor) { return *owned * factor; };
  EXPECT_EQ(task(21), 42);
}

TEST(Task, PassesArgumentsThatCannotBeCopied) {
  Task<int(std::unique_ptr<int>)> task = [](std::unique_ptr<int> p) { return *p; };
  EXPECT_EQ(task(std::make_unique<int>(5)), 5);
}

TEST(Task, PassesReferencesAsReferences) {
  Task<void(int&)> task = [](int& n) { ++n; };
  int n = 1;
  task(n);
  EXPECT_EQ(n, 2);
}

TEST(Task, KeepsTheStateOfItsFunctionBetweenCalls) {
  Task<int()> task = [n = 0]() mutable { return ++n; };
  task();
  EXPECT_EQ(task(), 2);
}

TEST(Task, MovesWithItsFunctionAndLeavesNothingBehind) {
  Task<int()> first = [] { return 1; };
  Task<int()> second = std::move(first);
  EXPECT_FALSE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(second(), 1);
}

TEST(Task, DestroysItsFunctionOnce) {
  const auto shared = std::make_shared<int>(0);
  {
    Task<void()> task = [shared] {};
    EXPECT_EQ(shared.use_count(), 2);
    Task<void()> other = std::move(task);
    EXPECT_EQ(shared.use_count(), 2);
  }
  EXPECT_EQ(shared.use_count(), 1);
}

TEST(Task, CopiesANamedFunctionAndLeavesItUsable) {
  const auto twice = [](int n) { return 2 * n; };
  Task<int(int)> task(twice);
  EXPECT_EQ(task(2) + twice(3), 10);
}

TEST(Task, CannotBeCopied) {
  static_assert(!std::is_copy_constructible_v<Task<void()>>);
  static_assert(std::is_nothrow_move_constructible_v<Task<void()>>);
}

TEST(Task, ThatReturnsNothingRefusesAFunctionWhoseErrorWouldBeLost) {
  const auto fails = []() -> Result<void> { return internal_error("lost"); };
  static_assert(!std::is_constructible_v<Task<void()>, decltype(fails)>);
  static_assert(std::is_constructible_v<Task<Result<void>()>, decltype(fails)>);
}

TEST(Then, CarriesAFailureToItsReceiver) {
  std::string message;
  Then<int> then = [&](Result<int> outcome) { message = outcome.error().message; };
  then(invalid("no"));
  EXPECT_EQ(message, "no");
}

TEST(TaskDeathTest, CallingAnEmptyTaskAborts) {
  Task<void()> task;
  EXPECT_DEATH(task(), "broken invariant");
}

}  // namespace
}  // namespace hallmark
