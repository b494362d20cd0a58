#include <string>

#include <gtest/gtest.h>

#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

std::string line(std::string_view text, int number) {
  for (; number > 0; --number) text.remove_prefix(text.find('\n') + 1);
  return std::string(text.substr(0, text.find('\n')));
}

std::string path_of(std::string_view path, PathStyle style = PathStyle::normalized) {
  return line(canonical_request({.method = "GET", .path = path, .query = {}, .headers = {}}, {},
                                "hash", style),
              1);
}

std::string query_of(std::string_view query) {
  return line(canonical_request({.method = "GET", .path = "/", .query = query, .headers = {}}, {},
                                "hash", PathStyle::normalized),
              2);
}

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

std::string header_of(const Headers& headers) {
  return line(canonical_request({.method = "GET", .path = "/", .query = {}, .headers = headers},
                                {"h"}, "hash", PathStyle::normalized),
              3);
}

TEST(CanonicalPath, EncodesWhatIsEncodedOnceMore) {
  EXPECT_EQ(path_of("/tags/arn%3Aaws%3Asigner%3A%2Fx"), "/tags/arn%253Aaws%253Asigner%253A%252Fx");
  EXPECT_EQ(path_of("/tags/arn:aws:signer"), "/tags/arn%3Aaws%3Asigner");
  EXPECT_EQ(path_of("/documents%20and%20settings/"), "/documents%2520and%2520settings/");
}

TEST(CanonicalPath, KeepsEncodedDotsAndSlashes) {
  EXPECT_EQ(path_of("/a/%2e%2e/b"), "/a/%252e%252e/b");
  EXPECT_EQ(path_of("/a%2Fb"), "/a%252Fb");
}

TEST(CanonicalPath, RemovesDotSegmentsAndEmptyOnes) {
  EXPECT_EQ(path_of("/a/./b/../c"), "/a/c");
  EXPECT_EQ(path_of("//a///b//"), "/a/b/");
  EXPECT_EQ(path_of("/../../a"), "/a");
  EXPECT_EQ(path_of("/a/b/.."), "/a");
  EXPECT_EQ(path_of("/a/../"), "/");
  EXPECT_EQ(path_of(""), "/");
}

TEST(CanonicalPath, OfS3IsTakenAsItIs) {
  EXPECT_EQ(path_of("/bucket//a/../b%20c", PathStyle::s3), "/bucket//a/../b%20c");
  EXPECT_EQ(path_of("", PathStyle::s3), "/");
}

TEST(CanonicalQuery, SortsByNameThenValue) {
  EXPECT_EQ(query_of("b=1&a=2&a=1&B=3"), "B=3&a=1&a=2&b=1");
  EXPECT_EQ(query_of("a-b=1&a=2"), "a=2&a-b=1");
}

TEST(CanonicalQuery, SortsWhatIsEncoded) { EXPECT_EQ(query_of("a~=1&a%3A=2"), "a%3A=2&a~=1"); }

TEST(CanonicalQuery, GivesEveryNameAnEqualsSign) {
  EXPECT_EQ(query_of("acl"), "acl=");
  EXPECT_EQ(query_of("a=&b"), "a=&b=");
  EXPECT_EQ(query_of("&a=1&&"), "a=1");
  EXPECT_EQ(query_of("=v"), "=v");
}

TEST(CanonicalQuery, WritesEveryEscapeInOneWay) {
  EXPECT_EQ(query_of("k=a%2fb"), "k=a%2Fb");
  EXPECT_EQ(query_of("k=a/b"), "k=a%2Fb");
  EXPECT_EQ(query_of("k=%7E%41"), "k=~A");
  EXPECT_EQ(query_of("k=a=b"), "k=a%3Db");
  EXPECT_EQ(query_of("k=a+b%20c"), "k=a%2Bb%20c");
}

TEST(CanonicalQuery, SortsWhatItHadToRewriteWithWhatItTookAsItWas) {
  EXPECT_EQ(query_of("b=%2f&a=%2F&c%3A=1&a=/&a=%zz&c:=0"),
            "a=%25zz&a=%2F&a=%2F&b=%2F&c%3A=0&c%3A=1");
}

TEST(CanonicalQuery, TakesABrokenEscapeAsText) {
  EXPECT_EQ(query_of("k=%zz&l=%4"), "k=%25zz&l=%254");
}

TEST(CanonicalHeader, IsTrimmedAndItsSpacesAreOne) {
  EXPECT_EQ(header_of({{"h", "  a   b  c "}}), "h:a b c");
  EXPECT_EQ(header_of({{"h", "\ta \t b"}}), "h:a b");
  EXPECT_EQ(header_of({{"h", "   "}}), "h:");
}

TEST(CanonicalHeader, IsFoundWithoutCaseAndJoined) {
  EXPECT_EQ(header_of({{"H", "b"}, {"other", "x"}, {"h", " a"}}), "h:b,a");
  EXPECT_EQ(header_of({{"h", ""}, {"h", ""}}), "h:,");
}

TEST(CanonicalHeader, ThatIsMissingIsEmpty) { EXPECT_EQ(header_of({}), "h:"); }

TEST(CanonicalRequest, IsSixParts) {
  EXPECT_EQ(canonical_request({.method = "POST",
                               .path = "/signing-jobs",
                               .query = "b&a",
                               .headers = {{"Host", "h"}, {"X-Amz-Date", "d"}, {"Accept", "x"}}},
                              {"host", "x-amz-date"}, "hash", PathStyle::normalized),
            "POST\n/signing-jobs\na=&b=\nhost:h\nx-amz-date:d\n\nhost;x-amz-date\nhash");
}

}  // namespace
}  // namespace hallmark::sigv4
