#include "base/secret.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hallmark {
namespace {

TEST(Secret, HoldsTheBytesItWasGiven) {
  const Secret secret(bytes_of("key"));
  EXPECT_EQ(text_of(secret.reveal()), "key");
  EXPECT_EQ(secret.size(), 3U);
}

TEST(Secret, OfASizeStartsAsZeroes) {
  Secret secret(2);
  EXPECT_EQ(copy_of(secret.reveal()), Bytes({0, 0}));
  std::ranges::fill(secret.fill(), std::uint8_t(7));
  EXPECT_EQ(copy_of(secret.reveal()), Bytes({7, 7}));
}

TEST(Secret, MovesAndLeavesNothingBehind) {
  Secret from(bytes_of("key"));
  Secret to(std::move(from));
  EXPECT_TRUE(from.empty());
  EXPECT_EQ(text_of(to.reveal()), "key");
  Secret assigned(bytes_of("old"));
  assigned = std::move(to);
  EXPECT_TRUE(to.empty());
  EXPECT_EQ(text_of(assigned.reveal()), "key");
}

TEST(Secret, SurvivesAssignmentToItself) {
  Secret secret(bytes_of("key"));
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(text_of(secret.reveal()), "key");
}

TEST(Secret, IsCopiedOnlyAloud) {
  static_assert(!std::is_copy_constructible_v<Secret>);
  static_assert(!std::is_copy_assignable_v<Secret>);
  const Secret secret(bytes_of("key"));
  EXPECT_EQ(secret.copy(), secret);
}

TEST(Secret, HasNoFormatter) { static_assert(!fmt::is_formattable<Secret>::value); }

TEST(Secret, EqualsOnlyTheSameBytes) {
  EXPECT_EQ(Secret(bytes_of("key")), Secret(bytes_of("key")));
  EXPECT_NE(Secret(bytes_of("key")), Secret(bytes_of("kez")));
  EXPECT_NE(Secret(bytes_of("key")), Secret(bytes_of("ke")));
  EXPECT_EQ(Secret(), Secret());
}

TEST(Wipe, OverwritesEveryByte) {
  std::array<std::uint8_t, 64> bytes;
  bytes.fill(0xaa);
  wipe(bytes);
  EXPECT_TRUE(std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; }));
  wipe({});
}

}  // namespace
}  // namespace hallmark
