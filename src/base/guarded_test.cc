#include "base/guarded.h"

#include <new>
#include <stdexcept>

#include <gtest/gtest.h>

namespace hallmark {
namespace {

TEST(Guarded, PassesAValueThrough) {
  EXPECT_EQ(*guarded([]() -> Result<int> { return 3; }), 3);
}

TEST(Guarded, PassesAnErrorThrough) {
  EXPECT_EQ(guarded([]() -> Result<int> { return invalid("no"); }).error().message, "no");
}

TEST(Guarded, MakesASuccessOfAFunctionThatReturnsNothing) {
  EXPECT_TRUE(guarded([] {}));
}

TEST(Guarded, KeepsTheTextOfAnExceptionForTheLogOnly) {
  const auto result = guarded([]() -> Result<int> { throw std::runtime_error("the reason"); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::internal);
  EXPECT_EQ(result.error().detail, "the reason");
  EXPECT_EQ(result.error().message.find("the reason"), std::string::npos);
}

TEST(Guarded, CallsAMachineWithoutMemoryUnavailable) {
  EXPECT_EQ(guarded([] { throw std::bad_alloc(); }).error().kind, ErrorKind::unavailable);
}

TEST(Guarded, CatchesWhatIsNoStandardException) {
  EXPECT_EQ(guarded([] { throw 1; }).error().kind, ErrorKind::internal);
}

}  // namespace
}  // namespace hallmark
