#include "signing/tags.h"

#include <gtest/gtest.h>

#include "signing/tag_rules.h"
#include "signing/test_signing.h"
#include "store/audit.h"

namespace hallmark::signing {
namespace {

using model::StringMap;
using test::account;
using test::error_of;
using test::profile_name;
using test::value_of;

constexpr std::string_view release =
    "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release";

TaggedProfile profile(std::string_view arn = release) {
  return value_of(TaggedProfile::parse({}, arn));
}

class TagsTest : public test::SigningTest {
 protected:
  TagsTest() {
    PutSigningProfile call = test::profile_call();
    call.tags = {{"team", "one"}};
    value_of(put(call));
  }
  Result<std::string> tag(StringMap tags, std::string_view arn = release) {
    return test::awaited<std::string>([&](auto then) {
      parts.tags.tag(permit(TagResource{profile(arn), std::move(tags)}), std::move(then));
    });
  }
  Result<std::string> untag(std::vector<std::string> keys, std::string_view arn = release) {
    return test::awaited<std::string>([&](auto then) {
      parts.tags.untag(permit(UntagResource{profile(arn), std::move(keys)}), std::move(then));
    });
  }
  Result<StringMap> list(std::string_view arn = release) {
    return parts.tags.list(permit(ListTagsForResource{profile(arn)}));
  }
  StringMap tags() { return value_of(list()); }
};

TEST_F(TagsTest, AreThoseThatTheProfileWasPutWith) {
  EXPECT_EQ(tags(), (StringMap{{"team", "one"}}));
}

TEST_F(TagsTest, AreAddedAndReplaced) {
  EXPECT_EQ(value_of(tag({{"stage", "test"}, {"team", "two"}})), "");
  EXPECT_EQ(tags(), (StringMap{{"team", "two"}, {"stage", "test"}}));
}

TEST_F(TagsTest, AreTakenAwayAndAnAbsentOneIsNoFault) {
  value_of(tag({{"stage", "test"}}));
  EXPECT_EQ(value_of(untag({"team", "absent", "team"})), "");
  EXPECT_EQ(tags(), (StringMap{{"stage", "test"}}));
  value_of(untag({"stage"}));
  EXPECT_EQ(tags(), StringMap());
}

TEST_F(TagsTest, AreReadByTheProfileToo) {
  value_of(tag({{"stage", "test"}}));
  EXPECT_EQ(value_of(profiles.get(permit(GetSigningProfile{profile_name(), {}}))).tags, tags());
}

TEST_F(TagsTest, AreTwoHundredAtMostAllTogether) {
  StringMap many;
  for (int i = 0; i < 199; ++i) many.emplace_back("key" + std::to_string(i), "");
  value_of(tag(many));
  EXPECT_EQ(error_of(tag({{"another", ""}})).message, "tags must have at most 200 entries.");
  EXPECT_TRUE(tag({{"key0", "changed"}}));
  EXPECT_EQ(tags().size(), 200u);
}

TEST_F(TagsTest, OfTwoKeysThatDifferInCaseOnlyOneMayBe) {
  EXPECT_EQ(error_of(tag({{"Team", ""}})).message, "tags: two keys differ only in case.");
}

TEST_F(TagsTest, KeepTheRulesOfKeys) {
  for (const std::string& key :
       {std::string(), std::string("aws:x"), std::string("a b"), std::string(129, 'k')}) {
    const Error set = error_of(tag({{"good", ""}, {key, "v"}}));
    EXPECT_EQ(set.kind, ErrorKind::invalid);
    EXPECT_TRUE(set.message.starts_with("tags:")) << set.message;
    const Error taken = error_of(untag({"team", key}));
    EXPECT_EQ(taken.kind, ErrorKind::invalid);
    EXPECT_TRUE(taken.message.starts_with("tagKeys:")) << taken.message;
  }
  EXPECT_EQ(tags(), (StringMap{{"team", "one"}}));
}

TEST_F(TagsTest, KeysToTakeAwayAreOneToTwoHundred) {
  EXPECT_EQ(error_of(untag({})).message, "tagKeys must have 1 to 200 entries.");
  EXPECT_TRUE(untag(std::vector<std::string>(200, "key")));
  EXPECT_EQ(error_of(untag(std::vector<std::string>(201, "key"))).kind, ErrorKind::invalid);
}

TEST_F(TagsTest, OfACanceledProfileAreReadAndStay) {
  cancel();
  EXPECT_EQ(error_of(tag({{"a", "b"}})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(untag({"team"})).kind, ErrorKind::invalid);
  EXPECT_EQ(tags(), (StringMap{{"team", "one"}}));
  clock.set(plus_months(clock.now(), 24));
  EXPECT_EQ(error_of(list()).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(untag({"team"})).kind, ErrorKind::not_found);
}

TEST_F(TagsTest, OfAnUnknownProfileAreNotFound) {
  constexpr std::string_view unknown =
      "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Unknown";
  EXPECT_EQ(error_of(tag({{"a", "b"}}, unknown)).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(untag({"a"}, unknown)).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(list(unknown)).message,
            "The signing profile " + std::string(unknown) + " does not exist.");
}

TEST_F(TagsTest, AChangeIsAudited) {
  value_of(untag({"team"}));
  const auto rows =
      value_of(store.read([](store::Reader& reader) { return store::list_audit(reader, 2, 10); }));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_NE(rows[1].body.find(R"("tagKeys":["team"])"), std::string::npos);
}

TEST(TaggedProfile, IsAProfileOfThisPartitionAndRegionWithoutItsVersion) {
  for (const std::string_view arn :
       {"", "x", "arn:aws:signer:us-east-1:111122223333:/signing-profiles",
        "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release/AAAAAAAAAA",
        "arn:aws:signer:us-east-2:111122223333:/signing-profiles/Release",
        "arn:aws-cn:signer:us-east-1:111122223333:/signing-profiles/Release",
        "arn:aws:s3:us-east-1:111122223333:/signing-profiles/Release",
        "arn:aws:signer:us-east-1::/signing-profiles/Release",
        "arn:aws:signer:us-east-1:111122223333:/signing-jobs/"
        "0192f0c1-0000-7000-8000-000000000001"}) {
    const Error error = error_of(TaggedProfile::parse({}, arn));
    EXPECT_EQ(error.kind, ErrorKind::invalid) << arn;
    EXPECT_TRUE(error.message.starts_with("resourceArn")) << error.message;
  }
}

// Who may tag.

class TagPolicyTest : public TagsTest {
 protected:
  // Whether a user of the account with this policy may.
  template <class C>
  bool may(C call, std::string_view condition) {
    const std::string policy =
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"signer:*",)"
        R"("Resource":")" +
        std::string(release) + R"(","Condition":)" + std::string(condition) + "}]}";
    return authorizer.permit(access::test::caller(policy), std::move(call)).has_value();
  }
};

TEST_F(TagPolicyTest, APolicySeesTheTagsOfTheRequest) {
  constexpr auto prod = R"({"StringEquals":{"aws:RequestTag/stage":"prod"}})";
  EXPECT_TRUE(may(TagResource{profile(), {{"stage", "prod"}}}, prod));
  EXPECT_FALSE(may(TagResource{profile(), {{"stage", "test"}}}, prod));
  EXPECT_FALSE(may(UntagResource{profile(), {"stage"}}, prod));
}

TEST_F(TagPolicyTest, APolicySeesTheKeys) {
  constexpr auto team_only = R"({"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}})";
  EXPECT_TRUE(may(TagResource{profile(), {{"team", "two"}}}, team_only));
  EXPECT_FALSE(may(TagResource{profile(), {{"team", "two"}, {"stage", ""}}}, team_only));
  EXPECT_TRUE(may(UntagResource{profile(), {"team"}}, team_only));
  EXPECT_FALSE(may(UntagResource{profile(), {"team", "stage"}}, team_only));
}

TEST_F(TagPolicyTest, APolicySeesTheTagsOfTheProfile) {
  constexpr auto team_one = R"({"StringEquals":{"aws:ResourceTag/team":"one"}})";
  EXPECT_TRUE(may(ListTagsForResource{profile()}, team_one));
  value_of(tag({{"team", "two"}}));
  EXPECT_FALSE(may(ListTagsForResource{profile()}, team_one));
}

TEST_F(TagPolicyTest, AnotherAccountsProfileIsDenied) {
  const auto stranger = [] {
    return access::test::caller(
        access::test::user({access::test::allow_everything}, account("999999999999")));
  };
  EXPECT_EQ(error_of(authorizer.permit(stranger(), TagResource{profile(), {{"a", "b"}}})).kind,
            ErrorKind::denied);
  EXPECT_EQ(error_of(authorizer.permit(stranger(), ListTagsForResource{profile()})).kind,
            ErrorKind::denied);
}

}  // namespace
}  // namespace hallmark::signing
