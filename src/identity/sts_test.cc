#include "identity/sts.h"

#include <gtest/gtest.h>

#include <future>

#include "access/test_caller.h"
#include "identity/test_directory.h"
#include "store/audit.h"
#include "store/profiles.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using std::chrono::seconds;
using test::TestDirectory;

constexpr std::string_view allow_everything = access::test::allow_everything;
constexpr std::string_view trust_the_account =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
    R"("Principal":{"AWS":"arn:aws:iam::111122223333:root"}}]})";
constexpr std::string_view trust_with_external_id =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
    R"("Principal":{"AWS":"arn:aws:iam::111122223333:root"},)"
    R"("Condition":{"StringEquals":{"sts:ExternalId":"ticket-7"}}}]})";
constexpr std::string_view trust_the_pipeline =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
    R"("Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"ci.example.com"},)"
    R"("Condition":{"StringEquals":{"ci.example.com:sub":"project:7",)"
    R"("ci.example.com:aud":"hallmark"}}}]})";

class NoBuckets final : public access::BucketOwners {
 public:
  Result<std::optional<std::string>> find_bucket_owner(std::string_view) override {
    return std::optional<std::string>();
  }
};

class StsTest : public testing::Test {
 protected:
  TestDirectory made_;
  NoBuckets buckets_;
  Sessions sessions_{made_.sealer, made_.directory, made_.clock, made_.random, {}};
  access::Authorizer authorizer_{*made_.store, buckets_, {}};
  SecurityTokens tokens_{*made_.store, sessions_, made_.clock, {}};

  void add_role(std::string_view name, std::string_view trust, std::int64_t seconds_max = 7200) {
    add_role(name, trust, seconds_max, made_.account);
  }
  void add_role(std::string_view name, std::string_view trust, std::int64_t seconds_max,
                const model::AccountId& account) {
    const Uuid id = Uuid::v7(made_.clock.now(), made_.random);
    expect_done(made_.store->write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::insert_principal(tx, {.id = id,
                                       .account = account,
                                       .kind = store::PrincipalKind::role,
                                       .name = std::string(name),
                                       .unique_id = "AROA" + std::string(name),
                                       .created_at = made_.clock.now(),
                                       .trust_policy = std::string(trust),
                                       .session_seconds_max = seconds_max}));
      return store::put_policy(tx, {id, "all", std::string(allow_everything)});
    }));
  }

  access::RequestFacts facts(std::string access_key_id) const {
    return {.request_id = "0192f0c1-0000-7000-8000-000000000001",
            .access_key_id = std::move(access_key_id),
            .source_ip = "192.0.2.7",
            .user_agent = "aws-cli/2.15",
            .time = made_.clock.now()};
  }
  access::Caller caller_of(const std::shared_ptr<const Credential>& credential) const {
    auto request = facts(credential->access_key_id);
    request.session = credential->session;
    return auth::Authenticator::make(credential->principal, std::move(request));
  }
  access::Caller admin() { return caller_of(value_of(made_.directory.find(made_.admin.id))); }
  access::Caller with(const TemporaryCredentials& credentials) {
    return caller_of(
        value_of(sessions_.find(credentials.access_key_id, credentials.session_token)));
  }
  access::Caller root() {
    access::Principal principal = admin().principal();
    principal.type = access::PrincipalType::root;
    return auth::Authenticator::make(std::make_shared<const access::Principal>(principal),
                                     facts(made_.admin.id));
  }
  access::Caller pipeline(std::string_view subject = "project:7") const {
    auto request = facts("");
    request.federated_issuer = "ci.example.com";
    request.claims = {{"ci.example.com:sub", {std::string(subject)}},
                      {"ci.example.com:aud", {"hallmark"}}};
    return auth::Authenticator::make(std::make_shared<const access::Principal>(access::Principal{
                                         .type = access::PrincipalType::web_identity,
                                         .account = made_.account,
                                         .arn = {},
                                         .unique_id = "ci.example.com:" + std::string(subject),
                                         .name = {},
                                         .policies = {}}),
                                     std::move(request));
  }

  template <class T, class Start>
  static Result<T> wait_for(Start start) {
    std::promise<Result<T>> promise;
    auto future = promise.get_future();
    start([&](Result<T> outcome) { promise.set_value(std::move(outcome)); });
    return future.get();
  }
  Result<TemporaryCredentials> get_session_token(access::Caller caller,
                                                 const GetSessionToken& call = {}) {
    TRY(auto permitted, authorizer_.permit(std::move(caller), call));
    return wait_for<TemporaryCredentials>(
        [&](auto then) { tokens_.get_session_token(std::move(permitted), std::move(then)); });
  }
  static AssumeRole role(std::string_view name = "Builder") {
    const std::string arn = "arn:aws:iam::111122223333:role/" + std::string(name);
    return {.role = value_of(parse_role_arn({}, arn)),
            .role_arn = arn,
            .session_name = value_of(RoleSessionName::parse("release-7")),
            .policy = {},
            .duration_seconds = {},
            .external_id = {}};
  }
  static AssumeRole role_for(std::int64_t duration_seconds) {
    AssumeRole call = role();
    call.duration_seconds = duration_seconds;
    return call;
  }
  Result<AssumedRole> assume(access::Caller caller, AssumeRole call = role()) {
    TRY(auto permitted, authorizer_.permit(std::move(caller), std::move(call)));
    return wait_for<AssumedRole>(
        [&](auto then) { tokens_.assume_role(std::move(permitted), std::move(then)); });
  }
  Result<WebIdentityRole> assume_with_web_identity(access::Caller caller,
                                                   std::optional<std::int64_t> duration = {}) {
    return assume_with_web_identity(std::move(caller), duration, made_.account);
  }
  Result<WebIdentityRole> assume_with_web_identity(access::Caller caller,
                                                   std::optional<std::int64_t> duration,
                                                   const model::AccountId& account) {
    AssumeRole same = role();
    same.role.account = account;
    TRY(auto permitted, authorizer_.permit(std::move(caller), AssumeRoleWithWebIdentity{
                                                                  .role = same.role,
                                                                  .role_arn = same.role_arn,
                                                                  .session_name = same.session_name,
                                                                  .policy = {},
                                                                  .duration_seconds = duration}));
    return wait_for<WebIdentityRole>([&](auto then) {
      tokens_.assume_role_with_web_identity(std::move(permitted), std::move(then));
    });
  }
  CallerIdentity identity_of(access::Caller caller) {
    return tokens_.get_caller_identity(
        value_of(authorizer_.permit(std::move(caller), GetCallerIdentity{})));
  }
  std::string last_record() {
    const auto rows = value_of(made_.store->read(
        [](store::Reader& reader) { return store::list_audit(reader, 0, 1000); }));
    return rows.back().body;
  }
  static bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  }
};

// GetCallerIdentity.

TEST_F(StsTest, ACallerLearnsWhoItIs) {
  const auto identity = identity_of(admin());
  EXPECT_EQ(identity.account, "111122223333");
  EXPECT_EQ(identity.arn, "arn:aws:iam::111122223333:user/admin");
  EXPECT_TRUE(identity.user_id.starts_with("AIDA"));
}

TEST_F(StsTest, ASessionOfARoleLearnsWhoItIs) {
  add_role("Builder", trust_the_account);
  const auto identity = identity_of(with(value_of(assume(admin())).credentials));
  EXPECT_EQ(identity.arn, "arn:aws:sts::111122223333:assumed-role/Builder/release-7");
  EXPECT_EQ(identity.user_id, "AROABuilder:release-7");
}

TEST_F(StsTest, NoPolicyKeepsACallerFromKnowingWhoItIs) {
  const auto denied = access::test::caller(
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})");
  EXPECT_EQ(identity_of(denied).arn, "arn:aws:iam::111122223333:user/alice");
}

// GetSessionToken.

TEST_F(StsTest, ASessionTokenActsAsItsUser) {
  const auto credentials = value_of(get_session_token(admin()));
  EXPECT_EQ(identity_of(with(credentials)).arn, "arn:aws:iam::111122223333:user/admin");
}

TEST_F(StsTest, ASessionLastsTwelveHoursUnlessItSaysOtherwise) {
  const auto now = from_unix_seconds(unix_seconds(made_.clock.now()));
  EXPECT_EQ(value_of(get_session_token(admin())).expires_at, now + seconds(43'200));
  EXPECT_EQ(value_of(get_session_token(admin(), {900})).expires_at, now + seconds(900));
}

TEST_F(StsTest, ASessionOfTheRootLastsAnHourAtMost) {
  const auto now = from_unix_seconds(unix_seconds(made_.clock.now()));
  EXPECT_EQ(value_of(get_session_token(root())).expires_at, now + seconds(3600));
  EXPECT_EQ(value_of(get_session_token(root(), {900})).expires_at, now + seconds(900));
}

TEST_F(StsTest, ASessionGetsNoFurtherSession) {
  const auto credentials = value_of(get_session_token(admin()));
  const Error error = error_of(get_session_token(with(credentials)));
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(error.message, "Cannot call GetSessionToken with session credentials");
}

TEST_F(StsTest, WhoHasNoAccessKeyGetsNoSession) {
  const auto caller = auth::Authenticator::make(access::test::user({allow_everything}), facts(""));
  EXPECT_EQ(error_of(get_session_token(caller)).kind, ErrorKind::denied);
  add_role("Builder", trust_the_account);
  EXPECT_EQ(error_of(assume(caller)).kind, ErrorKind::denied);
}

// AssumeRole.

TEST_F(StsTest, ARoleIsAssumedByWhomItTrusts) {
  add_role("Builder", trust_the_account);
  const auto assumed = value_of(assume(admin()));
  EXPECT_EQ(assumed.arn, "arn:aws:sts::111122223333:assumed-role/Builder/release-7");
  EXPECT_EQ(assumed.id, "AROABuilder:release-7");
  EXPECT_FALSE(assumed.packed_policy_percent);
  EXPECT_EQ(with(assumed.credentials).principal().arn, assumed.arn);
}

TEST_F(StsTest, ARoleThatIsNotThereIsRefusedAsOneThatTrustsNobody) {
  add_role("Builder", trust_the_pipeline);
  const Error untrusted = error_of(assume(admin(), role("Builder")));
  const Error unknown = error_of(assume(admin(), role("Nothing")));
  EXPECT_EQ(untrusted.kind, ErrorKind::denied);
  EXPECT_EQ(unknown.kind, ErrorKind::denied);
  EXPECT_EQ(unknown.message,
            "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: "
            "sts:AssumeRole on resource: arn:aws:iam::111122223333:role/Nothing because no role "
            "trust policy allows the sts:AssumeRole action");
  std::string expected = untrusted.message;
  expected.replace(expected.find("Builder"), 7, "Nothing");
  EXPECT_EQ(unknown.message, expected);
}

TEST_F(StsTest, TheCallersOwnPolicyMustAllowToo) {
  add_role("Builder", trust_the_account);
  const auto alice = access::test::caller(
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})");
  EXPECT_EQ(error_of(assume(alice)).kind, ErrorKind::denied);
}

TEST_F(StsTest, AnExternalIdMustFit) {
  add_role("Builder", trust_with_external_id);
  AssumeRole call = role();
  EXPECT_EQ(error_of(assume(admin(), call)).kind, ErrorKind::denied);
  call.external_id = value_of(ExternalId::parse("ticket-8"));
  EXPECT_EQ(error_of(assume(admin(), call)).kind, ErrorKind::denied);
  call.external_id = value_of(ExternalId::parse("ticket-7"));
  EXPECT_TRUE(assume(admin(), call));
}

TEST_F(StsTest, TheNameOfTheSessionIsAConditionKey) {
  add_role("Builder",
           R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
           R"("Principal":{"AWS":"111122223333"},)"
           R"("Condition":{"StringLike":{"sts:RoleSessionName":"release-*"}}}]})");
  EXPECT_TRUE(assume(admin()));
  AssumeRole call = role();
  call.session_name = value_of(RoleSessionName::parse("debug"));
  EXPECT_FALSE(assume(admin(), call));
}

TEST_F(StsTest, ARoleLastsAnHourUnlessItSaysOtherwise) {
  add_role("Builder", trust_the_account);
  const auto now = from_unix_seconds(unix_seconds(made_.clock.now()));
  EXPECT_EQ(value_of(assume(admin())).credentials.expires_at, now + seconds(3600));
  EXPECT_EQ(value_of(assume(admin(), role_for(7200))).credentials.expires_at, now + seconds(7200));
}

TEST_F(StsTest, ARoleLastsNoLongerThanItAllows) {
  add_role("Builder", trust_the_account);
  const Error error = error_of(assume(admin(), role_for(7201)));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.message,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}

TEST_F(StsTest, ARoleWithAShortMaximumLastsThatLong) {
  add_role("Builder", trust_the_account, 1800);
  const auto now = from_unix_seconds(unix_seconds(made_.clock.now()));
  EXPECT_EQ(value_of(assume(admin())).credentials.expires_at, now + seconds(1800));
}

TEST_F(StsTest, AChainedRoleLastsAnHourAtMost) {
  add_role("Builder", trust_the_account);
  const auto first = value_of(assume(admin()));
  EXPECT_TRUE(assume(with(first.credentials), role_for(3600)));
  EXPECT_EQ(error_of(assume(with(first.credentials), role_for(3601))).message,
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining.");
}

TEST_F(StsTest, AChainedRoleGoesBackToTheLongTermKey) {
  add_role("Builder", trust_the_account);
  const auto first = value_of(assume(admin()));
  const auto second = value_of(assume(with(first.credentials)));
  EXPECT_EQ(with(second.credentials).session()->parent_access_key_id, made_.admin.id);
}

TEST_F(StsTest, AChainedSessionKnowsTheRolesThatLedToIt) {
  add_role("Builder", trust_the_account);
  const auto first = value_of(assume(admin()));
  const auto second = value_of(assume(with(first.credentials)));
  EXPECT_EQ(with(second.credentials).session()->roles.size(), 2u);
}

TEST_F(StsTest, AChainOfRolesHasAnEnd) {
  add_role("Builder", trust_the_account);
  auto last = value_of(assume(admin()));
  for (std::size_t roles = 1; roles <= role_chain_max; ++roles) {
    last = value_of(assume(with(last.credentials)));
  }
  EXPECT_EQ(error_of(assume(with(last.credentials))).kind, ErrorKind::denied);
}

TEST_F(StsTest, TheRootAssumesNoRole) {
  add_role("Builder", trust_the_account);
  const Error error = error_of(assume(root()));
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(error.message, "Roles may not be assumed by root accounts.");
}

TEST_F(StsTest, ASessionPolicyNarrowsTheRole) {
  add_role("Builder", trust_the_account);
  AssumeRole call = role();
  call.policy = value_of(SessionPolicy::parse(
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})"));
  const auto assumed = value_of(assume(admin(), call));
  EXPECT_EQ(assumed.packed_policy_percent, 5);
  EXPECT_TRUE(with(assumed.credentials).session()->policy);
  EXPECT_FALSE(assume(with(assumed.credentials)));
}

// AssumeRoleWithWebIdentity.

TEST_F(StsTest, APipelineAssumesTheRoleThatTrustsIt) {
  add_role("Builder", trust_the_pipeline);
  const auto answer = value_of(assume_with_web_identity(pipeline()));
  EXPECT_EQ(answer.role.arn, "arn:aws:sts::111122223333:assumed-role/Builder/release-7");
  EXPECT_EQ(answer.subject, "project:7");
  EXPECT_EQ(answer.audience, "hallmark");
  EXPECT_EQ(answer.provider, "https://ci.example.com");
  EXPECT_EQ(with(answer.role.credentials).session()->parent_access_key_id, "");
}

TEST_F(StsTest, AnotherSubjectIsRefused) {
  add_role("Builder", trust_the_pipeline);
  EXPECT_EQ(error_of(assume_with_web_identity(pipeline("project:8"))).kind, ErrorKind::denied);
}

TEST_F(StsTest, ARoleThatTrustsAnAccountTrustsNoWebIdentity) {
  add_role("Builder", trust_the_account);
  EXPECT_EQ(error_of(assume_with_web_identity(pipeline())).kind, ErrorKind::denied);
  EXPECT_EQ(error_of(assume(pipeline())).kind, ErrorKind::denied);
}

TEST_F(StsTest, AUserIsNoWebIdentity) {
  add_role(
      "Builder",
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Principal":"*"}]})");
  EXPECT_EQ(error_of(assume_with_web_identity(admin())).kind, ErrorKind::denied);
}

TEST_F(StsTest, APipelinesRoleLastsNoLongerThanItAllows) {
  add_role("Builder", trust_the_pipeline);
  EXPECT_TRUE(assume_with_web_identity(pipeline(), 7200));
  EXPECT_EQ(error_of(assume_with_web_identity(pipeline(), 7201)).kind, ErrorKind::invalid);
}

TEST_F(StsTest, ARoleAssumedFromAPipelinesSessionHasNoParentKey) {
  add_role("Builder", trust_the_pipeline);
  add_role("Deployer", trust_the_account);
  const auto first = value_of(assume_with_web_identity(pipeline()));
  const auto second = value_of(assume(with(first.role.credentials), role("Deployer")));
  EXPECT_EQ(with(second.credentials).session()->parent_access_key_id, "");
}

// The record.

TEST_F(StsTest, TheRecordNamesTheNewKeyAndNoSecret) {
  add_role("Builder", trust_with_external_id);
  AssumeRole call = role_for(900);
  call.external_id = value_of(ExternalId::parse("ticket-7"));
  const auto assumed = value_of(assume(admin(), call));
  const std::string record = last_record();
  EXPECT_TRUE(contains(record, R"("eventSource":"sts.amazonaws.com","eventName":"AssumeRole")"));
  EXPECT_TRUE(contains(record,
                       R"("requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/Builder",)"
                       R"("roleSessionName":"release-7","durationSeconds":900,)"
                       R"("externalId":"ticket-7"})"));
  EXPECT_TRUE(contains(
      record, R"("responseElements":{"accessKeyId":")" + assumed.credentials.access_key_id + "\""));
  EXPECT_FALSE(contains(record, assumed.credentials.session_token));
  EXPECT_FALSE(contains(record, text_of(assumed.credentials.secret_access_key.reveal())));
}

TEST_F(StsTest, TheRecordOfAPipelineNamesItsSubject) {
  add_role("Builder", trust_the_pipeline);
  value_of(assume_with_web_identity(pipeline()));
  const std::string record = last_record();
  EXPECT_TRUE(contains(record, R"("eventName":"AssumeRoleWithWebIdentity")"));
  EXPECT_TRUE(contains(record, R"("subjectFromWebIdentityToken":"project:7")"));
  EXPECT_TRUE(contains(record, R"("type":"WebIdentityUser")"));
}

TEST_F(StsTest, WithoutARecordNoCredentialsLeave) {
  add_role("Builder", trust_the_account);
  auto permitted = value_of(authorizer_.permit(admin(), role()));
  made_.store->close();
  EXPECT_EQ(error_of(wait_for<AssumedRole>([&](auto then) {
              tokens_.assume_role(std::move(permitted), std::move(then));
            })).kind,
            ErrorKind::unavailable);
}

TEST_F(StsTest, ARoleThatChangedSinceItWasJudgedIsJudgedAgain) {
  add_role("Builder", trust_the_account);
  auto permitted = value_of(authorizer_.permit(admin(), role()));
  auto changed = *permitted.facts().role;
  changed.trust_policy = trust_with_external_id;
  expect_done(made_.store->write(
      [&](store::Transaction& tx) { return store::update_trust_policy(tx, changed); }));
  const Error error = error_of(wait_for<AssumedRole>(
      [&](auto then) { tokens_.assume_role(std::move(permitted), std::move(then)); }));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_EQ(error.reason, store::changed_while_judged_reason);
  EXPECT_FALSE(contains(last_record(), "AssumeRole"));
}

TEST_F(StsTest, ARoleThatTrustsOthersOfTheSameNamesSinceItWasJudgedIsJudgedAgain) {
  add_role("Builder", trust_the_account);
  auto permitted = value_of(authorizer_.permit(admin(), role()));
  auto changed = *permitted.facts().role;
  changed.trusted_ids = {{"arn:aws:iam::111122223333:user/admin", "AIDASECOND"}};
  expect_done(made_.store->write(
      [&](store::Transaction& tx) { return store::update_trust_policy(tx, changed); }));
  const auto outcome = wait_for<AssumedRole>(
      [&](auto then) { tokens_.assume_role(std::move(permitted), std::move(then)); });
  EXPECT_EQ(error_of(outcome).reason, store::changed_while_judged_reason);
}

TEST_F(StsTest, ARoleThatWentSinceItWasJudgedIsJudgedAgain) {
  add_role("Builder", trust_the_account);
  auto permitted = value_of(authorizer_.permit(admin(), role()));
  expect_done(made_.store->write([&](store::Transaction& tx) {
    return store::delete_principal(tx, permitted.facts().role->id);
  }));
  EXPECT_EQ(error_of(wait_for<AssumedRole>([&](auto then) {
              tokens_.assume_role(std::move(permitted), std::move(then));
            })).reason,
            store::changed_while_judged_reason);
}

TEST_F(StsTest, TheRecordOfAPipelineConcernsTheAccountOfTheRole) {
  const auto elsewhere = value_of(model::AccountId::parse("444455556666"));
  expect_done(made_.store->write([&](store::Transaction& tx) {
    return store::insert_account(tx, elsewhere, made_.clock.now());
  }));
  add_role("Builder", trust_the_pipeline, 7200, elsewhere);
  value_of(assume_with_web_identity(pipeline(), {}, elsewhere));
  EXPECT_TRUE(contains(last_record(), R"("recipientAccountId":"444455556666")"));
}

TEST_F(StsTest, ADisabledKeyGetsNothingFromARequestThatIsUnderWay) {
  auto permitted = value_of(authorizer_.permit(admin(), GetSessionToken{}));
  ASSERT_EQ(hallmark::test::run("sqlite3 " + (made_.folder.path() / "store.db").string() +
                                " 'UPDATE access_keys SET active = 0'")
                .status,
            0);
  made_.directory.forget();
  EXPECT_EQ(error_of(wait_for<TemporaryCredentials>([&](auto then) {
              tokens_.get_session_token(std::move(permitted), std::move(then));
            })).kind,
            ErrorKind::unknown_access_key);
}

}  // namespace
}  // namespace hallmark::identity
