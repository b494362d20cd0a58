#include "access/authorizer.h"

#include <gtest/gtest.h>

#include <map>

#include "access/test_caller.h"
#include "model/test_profile.h"
#include "store/profiles.h"

namespace hallmark::access {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;
using test::account;

struct TestCall {
  static constexpr std::string_view action = "signer:TestCall";
  std::vector<Need> wanted;

  std::vector<Need> needs(const Principal&) const { return wanted; }
  void describe(JsonWriter&) const {}
};

// A proof that anybody could write down would prove nothing.
static_assert(!std::is_default_constructible_v<Caller>);
static_assert(!std::is_constructible_v<Caller, std::shared_ptr<const Principal>, RequestFacts>);
static_assert(!std::is_default_constructible_v<Permitted<TestCall>>);
static_assert(!std::is_constructible_v<Permitted<TestCall>, Caller, TestCall, Facts>);
static_assert(!std::is_aggregate_v<Caller> && !std::is_aggregate_v<Permitted<TestCall>>);

class OwnersByName final : public BucketOwners {
 public:
  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override {
    if (bucket == "broken") return internal_error("the disk is gone");
    const auto found = owners_.find(bucket);
    if (found == owners_.end()) return std::optional<std::string>();
    return std::optional(found->second);
  }

 private:
  const std::map<std::string, std::string, std::less<>> owners_ = {{"ours", "111122223333"},
                                                                   {"theirs", "999999999999"}};
};

class AuthorizerTest : public testing::Test {
 protected:
  AuthorizerTest()
      : store_(value_of(store::open_sqlite(
            folder_.path() / "store.db",
            [](const store::Hash& previous, const store::Hash&) { return previous; }))) {
    model::Profile profile = model::test::profile_named("Release");
    profile.tags = {{"stage", "prod"}};
    hallmark::test::expect_done(
        store_->write([&](store::Transaction& tx) { return store::insert_profile(tx, profile); }));
  }

  Result<Permitted<TestCall>> permit(std::string_view policy, std::vector<Need> needs) {
    return authorizer_.permit(test::caller(policy), TestCall{std::move(needs)});
  }

  model::Profile stored_profile() {
    return *value_of(store_->read([](store::Reader& rows) {
      return store::find_profile(rows, account(), value_of(model::ProfileName::parse("Release")));
    }));
  }
  void change(store::Work work) { hallmark::test::expect_done(store_->write(std::move(work))); }

  static Need need(std::string_view action) { return {.action = std::string(action)}; }
  static Need profile_need(std::string_view owner = "111122223333",
                           std::string_view name = "Release") {
    return {.action = "signer:StartSigningJob",
            .resource = ProfileResource{account(owner), value_of(model::ProfileName::parse(name))}};
  }
  static Need bucket_need(std::string_view bucket) {
    return {.action = "s3:PutObject", .resource = ObjectResource{std::string(bucket), "key"}};
  }
  // Allows StartSigningJob under one condition.
  static std::string on_condition(std::string_view condition) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
           R"("Action":"signer:StartSigningJob","Resource":"*","Condition":)" +
           std::string(condition) + "}]}";
  }

  hallmark::test::TemporaryFolder folder_;
  hallmark::test::TestClock clock_;
  std::unique_ptr<store::Store> store_;
  OwnersByName owners_;
  const Authorizer authorizer_{*store_, owners_, {}};
};

TEST_F(AuthorizerTest, WhatEveryNeedAllowsIsPermitted) {
  EXPECT_TRUE(permit(test::allow_everything, {need("signer:A"), need("signer:B")}));
}

TEST_F(AuthorizerTest, WithoutAPolicyNothingIsPermitted) {
  EXPECT_EQ(
      error_of(authorizer_.permit(test::caller(test::user({})), TestCall{{need("signer:A")}})).kind,
      ErrorKind::denied);
}

TEST_F(AuthorizerTest, OneNeedThatIsNotAllowedDeniesTheCall) {
  constexpr auto only_a =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"signer:A","Resource":"*"}]})";
  EXPECT_TRUE(permit(only_a, {need("signer:A")}));
  EXPECT_FALSE(permit(only_a, {need("signer:A"), need("signer:B")}));
  EXPECT_FALSE(permit(only_a, {need("signer:B"), need("signer:A")}));
}

TEST_F(AuthorizerTest, TheDenialSaysItInAwssWords) {
  constexpr auto nothing_useful =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
  EXPECT_EQ(error_of(permit(nothing_useful, {profile_need()})).message,
            "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: "
            "signer:StartSigningJob on resource: "
            "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release because no "
            "identity-based policy allows the signer:StartSigningJob action");
}

TEST_F(AuthorizerTest, AnExplicitDenyWinsAndIsNamed) {
  constexpr auto denied =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},)"
      R"({"Effect":"Deny","Action":"signer:StartSigningJob","Resource":"*"}]})";
  const Error error = error_of(permit(denied, {profile_need()}));
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_TRUE(error.message.ends_with("with an explicit deny in an identity-based policy"))
      << error.message;
}

TEST_F(AuthorizerTest, ADenyInAnotherPolicyOfTheUserWins) {
  constexpr auto deny =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"signer:A","Resource":"*"}]})";
  EXPECT_FALSE(authorizer_.permit(test::caller(test::user({test::allow_everything, deny})),
                                  TestCall{{need("signer:A")}}));
}

TEST_F(AuthorizerTest, TheProfileIsAmongTheFacts) {
  const auto permitted = value_of(permit(test::allow_everything, {profile_need()}));
  ASSERT_TRUE(permitted.facts().profile);
  EXPECT_EQ(permitted.facts().profile->version.view(), "Ab3dEf6h1J");
}

TEST_F(AuthorizerTest, AProfileThatIsMadeIsAFactOfTheNextRequest) {
  const Need later = profile_need("111122223333", "Later");
  EXPECT_FALSE(value_of(permit(test::allow_everything, {later})).facts().profile);
  model::Profile profile = stored_profile();
  profile.name = value_of(model::ProfileName::parse("Later"));
  change([&](store::Transaction& tx) { return store::insert_profile(tx, profile); });
  EXPECT_TRUE(value_of(permit(test::allow_everything, {later})).facts().profile);
}

TEST_F(AuthorizerTest, TheNextRequestSeesThatAProfileWasCanceled) {
  EXPECT_EQ(value_of(permit(test::allow_everything, {profile_need()})).facts().profile->status,
            model::ProfileStatus::active);
  model::Profile profile = stored_profile();
  profile.status = model::ProfileStatus::canceled;
  change([&](store::Transaction& tx) { return store::update_status(tx, profile); });
  EXPECT_EQ(value_of(permit(test::allow_everything, {profile_need()})).facts().profile->status,
            model::ProfileStatus::canceled);
}

TEST_F(AuthorizerTest, TheNextRequestIsJudgedByTheTagsAsTheyAre) {
  const auto on_prod = on_condition(R"({"StringEquals":{"aws:ResourceTag/stage":"prod"}})");
  EXPECT_TRUE(permit(on_prod, {profile_need()}));
  model::Profile profile = stored_profile();
  profile.tags = {{"stage", "test"}};
  change([&](store::Transaction& tx) { return store::update_tags(tx, profile); });
  EXPECT_FALSE(permit(on_prod, {profile_need()}));
}

TEST_F(AuthorizerTest, TheNextRequestIsJudgedByThePermissionsAsTheyAre) {
  const auto may = [&] {
    const auto friend_of_ours = test::user({test::allow_everything}, account("999999999999"));
    return authorizer_.permit(test::caller(friend_of_ours), TestCall{{profile_need()}}).has_value();
  };
  EXPECT_FALSE(may());
  model::Profile profile = stored_profile();
  profile.permissions.statements = {
      {"statement", "signer:StartSigningJob", "999999999999", "", ""}};
  change([&](store::Transaction& tx) { return store::update_permissions(tx, profile); });
  EXPECT_TRUE(may());
  profile = stored_profile();
  profile.permissions.statements.clear();
  change([&](store::Transaction& tx) { return store::update_permissions(tx, profile); });
  EXPECT_FALSE(may());
}

TEST_F(AuthorizerTest, AMissingProfileIsNoFactAndNoDenial) {
  const Need missing = profile_need("111122223333", "Missing");
  EXPECT_FALSE(value_of(permit(test::allow_everything, {missing})).facts().profile);
}

TEST_F(AuthorizerTest, ACallThatNamesTwoProfilesIsNotJudgedByOneOfThem) {
  for (const auto& needs : {std::vector{profile_need(), profile_need("111122223333", "Missing")},
                            std::vector{profile_need("111122223333", "Missing"), profile_need()}}) {
    EXPECT_EQ(error_of(permit(test::allow_everything, needs)).kind, ErrorKind::internal);
  }
  EXPECT_TRUE(permit(test::allow_everything, {profile_need(), profile_need()}));
}

TEST_F(AuthorizerTest, TheFactsOfAProfileOutliveLaterNeeds) {
  const auto permitted =
      value_of(permit(test::allow_everything, {profile_need(), bucket_need("ours")}));
  EXPECT_TRUE(permitted.facts().profile);
}

// Condition keys.

TEST_F(AuthorizerTest, TheTagsOfAProfileAreConditionKeys) {
  EXPECT_TRUE(permit(on_condition(R"({"StringEquals":{"aws:ResourceTag/stage":"prod"}})"),
                     {profile_need()}));
  EXPECT_FALSE(permit(on_condition(R"({"StringEquals":{"aws:ResourceTag/stage":"test"}})"),
                      {profile_need()}));
}

TEST_F(AuthorizerTest, TheVersionOfAProfileIsAConditionKey) {
  EXPECT_TRUE(permit(on_condition(R"({"StringEquals":{"signer:ProfileVersion":"Ab3dEf6h1J"}})"),
                     {profile_need()}));
  EXPECT_FALSE(permit(on_condition(R"({"StringEquals":{"signer:ProfileVersion":"xxxxxxxxxx"}})"),
                      {profile_need()}));
}

TEST_F(AuthorizerTest, FactsOfTheRequestAreConditionKeys) {
  for (const std::string_view condition :
       {R"({"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}})",
        R"({"Bool":{"aws:SecureTransport":"false"}})",
        R"({"StringEquals":{"aws:username":"alice"}})",
        R"({"StringEquals":{"aws:userid":"AIDAALICE"}})",
        R"({"StringEquals":{"aws:PrincipalAccount":"111122223333"}})",
        R"({"StringEquals":{"aws:PrincipalType":"User"}})",
        R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/alice"}})",
        R"({"DateEquals":{"aws:CurrentTime":"2026-11-22T09:00:00Z"}})",
        R"({"StringLike":{"aws:UserAgent":"aws-cli/*"}})"}) {
    EXPECT_TRUE(permit(on_condition(condition), {profile_need()})) << condition;
  }
}

TEST_F(AuthorizerTest, AConditionOnAnotherAddressDenies) {
  EXPECT_FALSE(permit(on_condition(R"({"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}})"),
                      {profile_need()}));
}

TEST_F(AuthorizerTest, TheContextOfANeedIsConditionKeys) {
  Need tagged = need("signer:StartSigningJob");
  tagged.context = {{"aws:RequestTag/stage", {"prod"}}};
  constexpr auto condition = R"({"StringEquals":{"aws:RequestTag/stage":"prod"}})";
  EXPECT_TRUE(permit(on_condition(condition), {tagged}));
  EXPECT_FALSE(permit(on_condition(condition), {need("signer:StartSigningJob")}));
}

// Other accounts.

TEST_F(AuthorizerTest, ABucketOfTheAccountIsJudgedByThePolicyAlone) {
  EXPECT_TRUE(permit(test::allow_everything, {bucket_need("ours")}));
}

TEST_F(AuthorizerTest, ABucketOfAnotherAccountIsRefusedWhateverThePolicySays) {
  const Error error = error_of(permit(test::allow_everything, {bucket_need("theirs")}));
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(error.message,
            "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: "
            "s3:PutObject on resource: arn:aws:s3:::theirs/key because the bucket belongs to "
            "another account");
}

TEST_F(AuthorizerTest, ABucketThatIsNotThereIsLeftToTheVerb) {
  EXPECT_TRUE(permit(test::allow_everything, {bucket_need("nowhere")}));
}

TEST_F(AuthorizerTest, ABucketWhoseOwnerCannotBeReadIsNoPermission) {
  EXPECT_EQ(error_of(permit(test::allow_everything, {bucket_need("broken")})).kind,
            ErrorKind::internal);
}

TEST_F(AuthorizerTest, AProfileOfAnotherAccountIsDeniedWhetherItExistsOrNot) {
  const Error error = error_of(permit(test::allow_everything, {profile_need("999999999999")}));
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_TRUE(error.message.ends_with(
      "because no resource-based policy allows the signer:StartSigningJob action"))
      << error.message;
}

class Certificates : public AuthorizerTest {
 protected:
  Certificates() {
    certificate_.id = *Uuid::parse("0192f0c1-0000-7000-8000-00000000000a");
    hallmark::test::expect_done(store_->write([&](store::Transaction& tx) {
      return store::insert_imported_certificate(tx, certificate_, Bytes{1});
    }));
  }
  static Need need(std::optional<Uuid> id) {
    return {.action = "acm:DescribeCertificate", .resource = CertificateResource{account(), id}};
  }

  store::ImportedCertificate certificate_{.account = account(),
                                          .id = {},
                                          .chain = {},
                                          .tags = {{"stage", "prod"}},
                                          .created_at = clock_.now(),
                                          .imported_at = clock_.now()};
};

TEST_F(Certificates, AreJudgedByTheirArn) {
  const std::string_view policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"acm:*","Resource":
          "arn:aws:acm:us-east-1:111122223333:certificate/0192f0c1-0000-7000-8000-00000000000a"}]})";
  EXPECT_TRUE(permit(policy, {need(certificate_.id)}));
  EXPECT_FALSE(permit(policy, {need(Uuid{})}));
  EXPECT_FALSE(permit(policy, {need(std::nullopt)}));
}

TEST_F(Certificates, AreJudgedByTheirTags) {
  const std::string_view policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"acm:*","Resource":"*",
          "Condition":{"StringEquals":{"aws:ResourceTag/stage":"prod"}}}]})";
  EXPECT_TRUE(permit(policy, {need(certificate_.id)}));
  EXPECT_FALSE(permit(policy, {need(Uuid{})}));
}

TEST_F(Certificates, AreHandedOnAsTheyWereJudged) {
  const auto permitted = permit(test::allow_everything, {need(certificate_.id)});
  ASSERT_TRUE(permitted->facts().certificate);
  EXPECT_EQ(permitted->facts().certificate->tags, certificate_.tags);
}

TEST_F(Certificates, ThatAreNotMadeYetAreJudgedAsAll) {
  const std::string_view policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"acm:*","Resource":
          "arn:aws:acm:us-east-1:111122223333:certificate/*"}]})";
  EXPECT_TRUE(permit(policy, {need(std::nullopt)}));
}

TEST_F(AuthorizerTest, AStoreThatIsClosedIsNoPermission) {
  store_->close();
  EXPECT_FALSE(permit(test::allow_everything, {profile_need()}));
}

}  // namespace
}  // namespace hallmark::access
