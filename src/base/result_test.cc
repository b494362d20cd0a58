#include "base/result.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/secret.h"

namespace hallmark {
namespace {

Result<int> number(int value) { return value; }
Result<int> no_number() { return invalid("no number", "NoNumber"); }
Result<void> done() { return {}; }
Result<void> not_done() { return not_found("not done"); }

Result<std::string> sum_as_text(Result<int> a, Result<int> b) {
  TRY(const int left, std::move(a));
  TRY(const int right, std::move(b));
  return std::to_string(left + right);
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_TRUE(number(3).has_value());
  EXPECT_EQ(*number(3), 3);
  EXPECT_FALSE(no_number().has_value());
  EXPECT_EQ(no_number().error().kind, ErrorKind::invalid);
}

TEST(Try, UnwrapsEachValueInTurn) {
  const auto sum = sum_as_text(1, 2);
  ASSERT_TRUE(sum);
  EXPECT_EQ(*sum, "3");
}

TEST(Try, ReturnsTheFirstErrorWholeThroughAResultOfAnotherType) {
  const auto sum = sum_as_text(no_number(), invalid("never looked at"));
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().message, "no number");
  EXPECT_EQ(sum.error().reason, "NoNumber");
}

TEST(Try, EvaluatesItsExpressionOnce) {
  int calls = 0;
  const auto run = [&]() -> Result<void> {
    TRY(const int value, (++calls, number(1)));
    EXPECT_EQ(value, 1);
    TRY((++calls, done()));
    return {};
  };
  EXPECT_TRUE(run());
  EXPECT_EQ(calls, 2);
}

TEST(Try, PassesOverASuccessOfNothing) {
  bool reached = false;
  const auto run = [&]() -> Result<void> {
    TRY(done());
    reached = true;
    return {};
  };
  EXPECT_TRUE(run());
  EXPECT_TRUE(reached);
}

TEST(Try, StopsAtAFailureOfNothing) {
  bool reached = false;
  const auto run = [&]() -> Result<int> {
    TRY(not_done());
    reached = true;
    return 1;
  };
  const auto result = run();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::not_found);
  EXPECT_FALSE(reached);
}

TEST(Try, TakesAnExpressionWithACommaAsPartOfTheSecondArgument) {
  const auto run = []() -> Result<int> {
    TRY(const auto pair, (Result<std::pair<int, int>>(std::pair<int, int>(1, 2))));
    TRY(const auto other, Result<std::pair<int, int>>(std::pair<int, int>(3, 4)));
    return pair.first + other.second;
  };
  EXPECT_EQ(*run(), 5);
}

TEST(Try, MovesAValueThatCannotBeCopied) {
  const auto run = [](Result<std::unique_ptr<int>> from) -> Result<std::unique_ptr<int>> {
    TRY(auto owned, std::move(from));
    return owned;
  };
  const auto moved = run(std::make_unique<int>(7));
  ASSERT_TRUE(moved);
  EXPECT_EQ(**moved, 7);
}

// Counts its living instances, as a leak checker would.
class Counted {
 public:
  explicit Counted(int& alive) : alive_(&alive) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_), secret_(std::move(other.secret_)) {
    ++*alive_;
  }
  ~Counted() { --*alive_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  int* alive_;
  Secret secret_{32};
};

TEST(Try, DestroysASecretAlreadyTakenWhenALaterStepFails) {
  struct Pair {
    Counted first;
    Counted second;
  };
  int alive = 0;
  const auto run = [&]() -> Result<Pair> {
    TRY(auto first, Result<Counted>(Counted(alive)));
    TRY(auto second, Result<Counted>(internal_error("no second")));
    return Pair{std::move(first), std::move(second)};
  };
  EXPECT_FALSE(run());
  EXPECT_EQ(alive, 0);
}

TEST(ResultDeathTest, ReadingTheValueOfAFailureAborts) {
  EXPECT_DEATH(*no_number(), "broken invariant");
  EXPECT_DEATH(*not_done(), "broken invariant");
}

TEST(ResultDeathTest, ReadingTheErrorOfASuccessAborts) {
  EXPECT_DEATH(number(1).error(), "broken invariant");
  EXPECT_DEATH(done().error(), "broken invariant");
}

TEST(Error, IsDescribedByKindMessageAndDetail) {
  Error error = corrupt("the digest differs");
  EXPECT_EQ(describe(error), "corrupt: the digest differs");
  error.detail = "entry 3";
  EXPECT_EQ(describe(error), "corrupt: the digest differs (entry 3)");
}

TEST(Error, OfOursTellsTheCallerNothingOfTheCause) {
  EXPECT_EQ(internal_error("SELECT failed").message.find("SELECT"), std::string::npos);
  EXPECT_EQ(unavailable("queue full").message.find("queue"), std::string::npos);
  EXPECT_EQ(system_error("open /secret/path", 2).message.find("path"), std::string::npos);
}

TEST(Error, OfTheSystemIsInternal) {
  for (const int number : {ENOENT, EACCES, EIO, EROFS}) {
    EXPECT_EQ(system_error("open", number).kind, ErrorKind::internal) << number;
  }
}

TEST(Error, OfAShortageOfTheSystemSaysTryAgain) {
  for (const int number : {EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT}) {
    const Error error = system_error("open it", number);
    EXPECT_EQ(error.kind, ErrorKind::unavailable) << number;
    EXPECT_EQ(error.detail, std::string("cannot open it: ") + std::strerror(number));
  }
}

}  // namespace
}  // namespace hallmark
