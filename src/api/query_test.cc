#include <gtest/gtest.h>

#include "api/operation.h"
#include "base/limits.h"
#include "base/test_support.h"

namespace hallmark::api {
namespace {

using test::error_of;
using test::value_of;

using Values = std::vector<std::string>;

Query parsed(std::string_view raw) { return value_of(Query::parse(raw)); }

TEST(Query, EmptyTextHasNoParameters) {
  EXPECT_EQ(parsed("").get("a"), "");
  EXPECT_EQ(parsed("&&").get(""), "");
}

TEST(Query, ValuesAreFoundByName) {
  const Query query = parsed("a=1&b=2");
  EXPECT_EQ(query.get("a"), "1");
  EXPECT_EQ(query.get("b"), "2");
  EXPECT_EQ(query.get("c"), "");
}

TEST(Query, NamesDifferByCase) { EXPECT_EQ(parsed("A=1").get("a"), ""); }

TEST(Query, NamesAndValuesAreDecoded) {
  EXPECT_EQ(parsed("%61=x%20y%2F%26%3D").get("a"), "x y/&=");
}

TEST(Query, APlusIsAPlus) { EXPECT_EQ(parsed("a=x+y").get("a"), "x+y"); }

TEST(Query, OnlyTheFirstEqualsSignSeparates) { EXPECT_EQ(parsed("a=b=c").get("a"), "b=c"); }

TEST(Query, ANameAloneHasAnEmptyValue) {
  EXPECT_EQ(parsed("a&b=1").get("a"), "");
  EXPECT_EQ(parsed("a=&b=1").get("b"), "1");
}

TEST(Query, BrokenEscapesAreRefused) {
  for (const char* raw : {"a=%", "a=%4", "a=%zz", "%=1", "a=1&b=%"}) {
    EXPECT_EQ(error_of(Query::parse(raw)).kind, ErrorKind::bad_request) << raw;
  }
}

TEST(Query, ARepeatedParameterIsRefusedAndNamed) {
  const Error error = error_of(Query::parse("nextToken=a&nextToken=b"));
  EXPECT_EQ(error.kind, ErrorKind::bad_request);
  EXPECT_EQ(error.message, "The query parameter nextToken is repeated.");
}

TEST(Query, ARepeatIsNoticedInWhateverSpelling) {
  EXPECT_FALSE(Query::parse("a=1&%61=2"));
  EXPECT_FALSE(Query::parse("a&a"));
}

TEST(Query, TooManyParametersAreRefused) {
  std::string raw = "tagKeys=a";
  for (std::size_t i = 1; i < limits::query_parameters_max; ++i) raw += "&tagKeys=a";
  EXPECT_TRUE(Query::check_count(raw));
  EXPECT_EQ(error_of(Query::check_count(raw + "&tagKeys=a")).kind, ErrorKind::bad_request);
}

TEST(Query, TheListsOfTheModelMayBeRepeated) {
  const Query query = parsed(
      "statuses=Active&tagKeys=a&statuses=Canceled&tagKeys=b%20c&certificateHashes=1"
      "&certificateHashes=2");
  EXPECT_EQ(query.list("statuses"), (Values{"Active", "Canceled"}));
  EXPECT_EQ(query.list("tagKeys"), (Values{"a", "b c"}));
  EXPECT_EQ(query.list("certificateHashes"), (Values{"1", "2"}));
  EXPECT_EQ(query.list("none"), Values());
}

}  // namespace
}  // namespace hallmark::api
