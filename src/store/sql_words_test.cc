#include "store/sql_words.h"

#include <gtest/gtest.h>

namespace hallmark::store {
namespace {

TEST(SqlWords, OfTheEngineAreReplacedByTheirText) {
  EXPECT_EQ(choose_words("FROM a {by b} WHERE {by c}", {.name = "by", .becomes = "INDEXED BY "}),
            "FROM a INDEXED BY b WHERE INDEXED BY c");
}

TEST(SqlWords, OfOtherEnginesAreLeftOut) {
  EXPECT_EQ(choose_words("FROM a {by b} {lock FOR UPDATE}", {.name = "lock", .becomes = ""}),
            "FROM a  FOR UPDATE");
  EXPECT_EQ(choose_words("a {byte b}", {.name = "by", .becomes = ""}), "a ");
}

TEST(SqlWords, AreAbsentFromMostSql) {
  EXPECT_EQ(choose_words("SELECT 1", {.name = "by", .becomes = ""}), "SELECT 1");
  EXPECT_EQ(choose_words("", {.name = "by", .becomes = ""}), "");
}

}  // namespace
}  // namespace hallmark::store
