#include "identity/sts_names.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

TEST(RoleSessionName, HasTwoTo64WordCharactersAndSome) {
  for (const std::string& name :
       {std::string("ab"), std::string(64, 'x'), std::string("a+=,.@-_Z9")}) {
    EXPECT_TRUE(RoleSessionName::parse(name)) << name;
  }
  for (const std::string& name : {std::string(), std::string("a"), std::string(65, 'x'),
                                  std::string("a b"), std::string("a/b"), std::string("a:b"),
                                  std::string("a\0b", 3), std::string("caf\xc3\xa9")}) {
    EXPECT_EQ(error_of(RoleSessionName::parse(name)).kind, ErrorKind::invalid) << name;
  }
}

TEST(RoleSessionName, IsRefusedInTheWordsOfSts) {
  EXPECT_EQ(error_of(RoleSessionName::parse("a")).message,
            "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: "
            "Member must have length greater than or equal to 2");
  EXPECT_EQ(error_of(RoleSessionName::parse("a b")).message,
            "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
}

TEST(ExternalId, HasTwoTo1224Characters) {
  EXPECT_TRUE(ExternalId::parse("a:b/c+=,.@-"));
  EXPECT_TRUE(ExternalId::parse(std::string(1224, 'x')));
  EXPECT_FALSE(ExternalId::parse("a"));
  EXPECT_FALSE(ExternalId::parse(std::string(1225, 'x')));
  EXPECT_FALSE(ExternalId::parse("a b"));
}

constexpr std::string_view policy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";

TEST(SessionPolicy, IsAnIdentityPolicy) {
  EXPECT_TRUE(SessionPolicy::parse(policy));
  for (
      const char* json :
      {"{}", "x", "[]",
       R"({"Version":"2012-10-17","Statement":[{"Effect":"Permit","Action":"s3:*","Resource":"*"}]})",
       R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Principal":"*"}]})"}) {
    EXPECT_EQ(error_of(SessionPolicy::parse(json)).reason, "MalformedPolicyDocument") << json;
  }
}

TEST(SessionPolicy, HasAtMost2048Characters) {
  const auto padded = [](std::size_t characters, std::string_view with) {
    std::string text(policy.substr(0, policy.size() - 1));
    for (std::size_t i = policy.size(); i < characters; ++i) text += with;
    return text + "}";
  };
  EXPECT_TRUE(SessionPolicy::parse(padded(2048, " ")));
  EXPECT_EQ(error_of(SessionPolicy::parse(padded(2049, " "))).message,
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member "
            "must have length less than or equal to 2048");
}

TEST(SessionPolicy, CountsCharactersOfTwoBytesAsOne) {
  std::string sid;
  for (int i = 0; i < 1900; ++i) sid += "\xc3\xa9";
  const std::string text = R"({"Version":"2012-10-17","Id":")" + sid +
                           R"(","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
  ASSERT_GT(text.size(), 2048u);
  EXPECT_TRUE(SessionPolicy::parse(text));
}

TEST(SessionPolicy, HasCharactersOfLatin1Only) {
  for (const char* text : {"\xc4\x80", "\xe2\x82\xac", "\xc3", "\xff", "\x01", "\xc3\x28"}) {
    const Error error = error_of(SessionPolicy::parse(text));
    EXPECT_EQ(error.kind, ErrorKind::invalid);
    EXPECT_EQ(error.reason, "") << text;
  }
  EXPECT_FALSE(SessionPolicy::parse(""));
}

TEST(RoleArn, NamesAnAccountAndARole) {
  const auto role = value_of(parse_role_arn({}, "arn:aws:iam::111122223333:role/Builder"));
  EXPECT_EQ(role.account.view(), "111122223333");
  EXPECT_EQ(role.name, "Builder");
  EXPECT_EQ(value_of(parse_role_arn({}, "arn:aws:iam::111122223333:role/ci/Builder")).name,
            "ci/Builder");
}

TEST(RoleArn, OfSomethingElseIsRefused) {
  for (const std::string& arn :
       {std::string(), std::string("Builder"), std::string("arn:aws:iam::111122223333:user/admin"),
        std::string("arn:aws:iam::111122223333:role/"),
        std::string("arn:aws:iam::111122223333:root"),
        std::string("arn:aws-cn:iam::111122223333:role/Builder"),
        std::string("arn:aws:iam:us-east-1:111122223333:role/Builder"),
        std::string("arn:aws:sts::111122223333:role/Builder"),
        std::string("arn:aws:iam::aws:role/Builder-and-more"),
        std::string("arn:aws:iam::11112222333:role/Builder"),
        "arn:aws:iam::111122223333:role/" + std::string(3000, 'x')}) {
    EXPECT_EQ(error_of(parse_role_arn({}, arn)).kind, ErrorKind::invalid) << arn;
  }
}

}  // namespace
}  // namespace hallmark::identity
