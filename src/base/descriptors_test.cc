#include "base/descriptors.h"

#include <sys/resource.h>

#include <gtest/gtest.h>

namespace hallmark {
namespace {

rlimit current_limit() {
  rlimit limit{};
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  return limit;
}

TEST(DescriptorLimit, IsRaisedToTheMostThatIsGranted) {
  const rlimit before = current_limit();
  rlimit low = before;
  low.rlim_cur = 128;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto raised = raise_descriptor_limit();
  const rlimit after = current_limit();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_TRUE(raised);
  EXPECT_EQ(*raised, before.rlim_max);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
}

TEST(DescriptorLimit, MayBeRaisedTwice) {
  const auto first = raise_descriptor_limit();
  const auto second = raise_descriptor_limit();
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(*first, *second);
}

}  // namespace
}  // namespace hallmark
