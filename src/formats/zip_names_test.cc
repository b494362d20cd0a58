#include "formats/zip_names.h"

#include <gtest/gtest.h>

namespace hallmark::formats {
namespace {

TEST(ZipNames, AreShownInQuotes) { EXPECT_EQ(quoted_name("lib/a b.js"), "\"lib/a b.js\""); }

TEST(ZipNames, AreShownWithOddBytesEscaped) {
  EXPECT_EQ(quoted_name("a\n\"b\\"), "\"a\\x0a\\x22b\\x5c\"");
  EXPECT_EQ(quoted_name("\xff"), "\"\\xff\"");
  EXPECT_EQ(quoted_name("é"), "\"é\"");
}

TEST(ZipNames, AreShownWithoutWhatATerminalObeys) {
  EXPECT_EQ(quoted_name("a\u009b31m"), "\"a\\xc2\\x9b31m\"");
  EXPECT_EQ(quoted_name("a\u202egpj.exe"), "\"a\\xe2\\x80\\xaegpj.exe\"");
  EXPECT_EQ(quoted_name("a\u2066b"), "\"a\\xe2\\x81\\xa6b\"");
  EXPECT_EQ(quoted_name("\u200f"), "\"\\xe2\\x80\\x8f\"");
  EXPECT_EQ(quoted_name("é\x80"), "\"\\xc3\\xa9\\x80\"");
}

TEST(ZipNames, AreShownCutWhenLong) {
  EXPECT_EQ(quoted_name(std::string(5000, 'a')), "\"" + std::string(200, 'a') + "…\"");
}

TEST(ZipNames, ClashHoweverTheOthersAreSorted) {
  const std::vector<ZipEntry> entries = {{.name = "a/b/c"}, {.name = "a!"}, {.name = "a-"},
                                         {.name = "a/b"},   {.name = "a0"}, {.name = "a/b!"}};
  EXPECT_EQ(check_zip_tree(entries).error().message,
            "The name \"a/b\" is both a file and a folder, because of \"a/b/c\".");
}

TEST(ZipNames, MakeATreeWhenFoldersHoldTheRest) {
  const std::vector<ZipEntry> entries = {{.name = "a/b/c"}, {.name = "a!"}, {.name = "a/b/"},
                                         {.name = "a/"},    {.name = "ab"}, {.name = "a/b!"}};
  EXPECT_TRUE(check_zip_tree(entries));
}

TEST(ZipNames, LinksMayGoUpAsFarAsTheirOwnFolders) {
  EXPECT_TRUE(check_link_target("a/b/l", "../.."));
  EXPECT_FALSE(check_link_target("a/b/l", "../../.."));
  EXPECT_FALSE(check_link_target("l", ".."));
  EXPECT_TRUE(check_link_target("l", "a..b/...c"));
}

}  // namespace
}  // namespace hallmark::formats
