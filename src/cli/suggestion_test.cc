#include "cli/suggestion.h"

#include <gtest/gtest.h>

namespace hallmark::cli {
namespace {

const std::vector<std::string> words = {"authority", "audit", "server", "verify", "object", "init"};

TEST(Suggestion, AMistypedWordIsFound) {
  EXPECT_EQ(find_near_word("authorit", words), "authority");
  EXPECT_EQ(find_near_word("adit", words), "audit");
  EXPECT_EQ(find_near_word("sevrer", words), "server");
  EXPECT_EQ(find_near_word("verfiy", words), "verify");
  EXPECT_EQ(find_near_word("objects", words), "object");
  EXPECT_EQ(find_near_word("inti", words), "init");
}

TEST(Suggestion, TheBeginningOfAWordIsEnough) {
  EXPECT_EQ(find_near_word("auth", words), "authority");
  EXPECT_EQ(find_near_word("ser", words), "server");
}

TEST(Suggestion, AnotherWordIsNotTakenForOne) {
  EXPECT_EQ(find_near_word("nonsense", words), "");
  EXPECT_EQ(find_near_word("", words), "");
  EXPECT_EQ(find_near_word("x", words), "");
  EXPECT_EQ(find_near_word(std::string(1'000'000, 'a'), words), "");
}

TEST(Suggestion, TheNearestOfSeveralIsTaken) {
  EXPECT_EQ(find_near_word("users", {"use", "user", "uses"}), "user");
}

}  // namespace
}  // namespace hallmark::cli
