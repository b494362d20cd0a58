#include "base/free_space.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark {
namespace {

TEST(FreeSpace, IsThatOfTheFileSystemOfAPath) {
  const test::TemporaryFolder folder;
  const auto free = find_free_bytes(folder.path());
  ASSERT_TRUE(free);
  EXPECT_GT(*free, 0u);
  EXPECT_FALSE(find_free_bytes(folder.path() / "missing"));
}

TEST(FreeSpace, TheLastOfItIsNotForWhatGrows) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(check_room(folder.path(), 1));
  const auto refused = check_room(folder.path(), std::uint64_t(1) << 62);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_NE(refused.error().message.find("The disk is almost full"), std::string::npos);
}

TEST(FreeSpace, WhatCannotBeSeenRefusesNothing) { EXPECT_TRUE(check_room("/no/such/place", 1)); }

}  // namespace
}  // namespace hallmark
