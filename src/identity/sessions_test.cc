#include "identity/sessions.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "identity/test_directory.h"
#include "policy/evaluation.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::run;
using hallmark::test::value_of;
using std::chrono::hours;
using std::chrono::milliseconds;
using test::TestDirectory;

constexpr std::string_view only_s3 =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
constexpr std::string_view trust_nobody =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*"}]})";

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() : role_(add_role("Builder")) {}

  TestDirectory made_;
  Sessions sessions_{made_.sealer, made_.directory, made_.clock, made_.random, {}};
  const Uuid role_;

  Uuid add_role(std::string_view name) {
    const Uuid id = Uuid::v7(made_.clock.now(), made_.random);
    expect_done(made_.store->write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::insert_principal(tx, {.id = id,
                                       .account = made_.account,
                                       .kind = store::PrincipalKind::role,
                                       .name = std::string(name),
                                       .unique_id = "AROA" + std::string(name),
                                       .created_at = made_.clock.now(),
                                       .trust_policy = std::string(trust_nobody),
                                       .session_seconds_max = 3600}));
      return store::put_policy(tx, {id, "s3", std::string(only_s3)});
    }));
    return id;
  }
  NewSession of_user() const {
    return {.parent_access_key_id = made_.admin.id,
            .role = {},
            .expires_at = made_.clock.now() + hours(1)};
  }
  NewSession of_role() const {
    return {.parent_access_key_id = made_.admin.id,
            .role = role_,
            .name = "release-7",
            .expires_at = made_.clock.now() + hours(1)};
  }
  NewSession of_web_identity() const {
    NewSession session = of_role();
    session.parent_access_key_id.clear();
    return session;
  }
  TemporaryCredentials create(const NewSession& session) {
    return value_of(sessions_.create(session));
  }
  Result<std::shared_ptr<const Credential>> find(const TemporaryCredentials& made) {
    return sessions_.find(made.access_key_id, made.session_token);
  }
  ErrorKind refusal(const TemporaryCredentials& made) { return error_of(find(made)).kind; }

  // Changes rows behind the store's back, as another part of the program changes them, and says so.
  void change(const std::string& sql) {
    const auto done = run("sqlite3 " + (made_.folder.path() / "store.db").string() + " \"" +
                          "PRAGMA foreign_keys=OFF; " + sql + "\"");
    ASSERT_EQ(done.status, 0) << done.output;
    made_.directory.forget();
  }
  void disable_admins_key() { change("UPDATE access_keys SET active = 0"); }

  static bool may(const Credential& credential, std::string_view action) {
    const policy::Question question{.action = action,
                                    .resource = "*",
                                    .principal_arn = credential.principal->arn,
                                    .principal_account = credential.principal->account.view(),
                                    .context = {}};
    const policy::Policies policies{.identity = credential.principal->policies,
                                    .session = credential.session->policy,
                                    .resource = {},
                                    .resource_account = credential.principal->account.view()};
    return policy::evaluate(policies, question).is_allowed();
  }
};

TEST_F(SessionsTest, TemporaryCredentialsLookLikeThoseOfAws) {
  const auto made = create(of_user());
  EXPECT_EQ(made.access_key_id.size(), 20u);
  EXPECT_TRUE(made.access_key_id.starts_with("ASIA"));
  EXPECT_EQ(made.secret_access_key.size(), 40u);
  EXPECT_LE(made.session_token.size(), limits::session_token_bytes_max);
}

TEST_F(SessionsTest, ASessionOfAUserActsAsTheUser) {
  const auto made = create(of_user());
  const auto found = value_of(find(made));
  EXPECT_EQ(found->access_key_id, made.access_key_id);
  EXPECT_TRUE(found->secret_access_key == made.secret_access_key);
  EXPECT_EQ(found->principal, value_of(made_.directory.find(made_.admin.id))->principal);
}

TEST_F(SessionsTest, ASessionKnowsItsTimesAndItsParent) {
  const auto found = value_of(find(create(of_user())));
  ASSERT_NE(found->session, nullptr);
  EXPECT_EQ(found->session->issued_at, made_.clock.now());
  EXPECT_EQ(found->session->expires_at, made_.clock.now() + hours(1));
  EXPECT_EQ(found->session->parent_access_key_id, made_.admin.id);
  EXPECT_FALSE(found->session->policy);
}

TEST_F(SessionsTest, ASessionOfARoleActsAsTheRole) {
  const access::Principal principal = *value_of(find(create(of_role())))->principal;
  EXPECT_EQ(principal.type, access::PrincipalType::role);
  EXPECT_EQ(principal.arn, "arn:aws:sts::111122223333:assumed-role/Builder/release-7");
  EXPECT_EQ(principal.role_arn, "arn:aws:iam::111122223333:role/Builder");
  EXPECT_EQ(principal.unique_id, "AROABuilder:release-7");
  EXPECT_EQ(principal.name, "");
}

TEST_F(SessionsTest, ASessionOfARoleMayDoWhatTheRoleMay) {
  const auto found = value_of(find(create(of_role())));
  EXPECT_TRUE(may(*found, "s3:GetObject"));
  EXPECT_FALSE(may(*found, "signer:PutSigningProfile"));
}

TEST_F(SessionsTest, TheArnNamesThePartition) {
  Sessions elsewhere(made_.sealer, made_.directory, made_.clock, made_.random,
                     {"aws-cn", "cn-north-1"});
  const auto made = create(of_role());
  EXPECT_EQ(value_of(elsewhere.find(made.access_key_id, made.session_token))->principal->arn,
            "arn:aws-cn:sts::111122223333:assumed-role/Builder/release-7");
}

TEST_F(SessionsTest, AWebIdentitysSessionHasNoParentKey) {
  const auto found = value_of(find(create(of_web_identity())));
  EXPECT_EQ(found->session->parent_access_key_id, "");
  EXPECT_EQ(found->principal->unique_id, "AROABuilder:release-7");
}

TEST_F(SessionsTest, ASessionPolicyOnlyTakesAway) {
  NewSession session = of_role();
  session.policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                   R"("Action":["s3:GetObject","signer:*"],"Resource":"*"}]})";
  const auto found = value_of(find(create(session)));
  EXPECT_TRUE(may(*found, "s3:GetObject"));
  EXPECT_FALSE(may(*found, "s3:PutObject"));
  EXPECT_FALSE(may(*found, "signer:SignPayload"));
}

TEST_F(SessionsTest, TheLongestSessionPolicyFits) {
  NewSession session = of_role();
  session.policy = std::string(only_s3.substr(0, only_s3.size() - 1));
  while (session.policy.size() < 4095) session.policy += ' ';
  session.policy += '}';
  EXPECT_TRUE(find(create(session)));
}

TEST_F(SessionsTest, TheTokenDoesNotShowTheSecret) {
  const auto made = create(of_user());
  const auto bytes = from_base64url(made.session_token);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(text_of(*bytes).find(text_of(made.secret_access_key.reveal())), std::string::npos);
}

// Time.

TEST_F(SessionsTest, ATokenIsGoodUntilItsEndAndNoLonger) {
  const auto made = create(of_user());
  made_.clock.advance(hours(1) - milliseconds(1));
  EXPECT_TRUE(find(made));
  made_.clock.advance(milliseconds(1));
  const Error error = error_of(find(made));
  EXPECT_EQ(error.kind, ErrorKind::session_expired);
  EXPECT_EQ(error.message, "The security token included in the request is expired");
}

TEST_F(SessionsTest, AnExpiredTokenIsExpiredWhenItIsSeenForTheFirstTimeToo) {
  const auto made = create(of_user());
  made_.clock.advance(hours(2));
  EXPECT_EQ(refusal(made), ErrorKind::session_expired);
}

TEST_F(SessionsTest, AnExpiredTokenIsExpiredForItsOwnKeyOnly) {
  const auto made = create(of_user());
  made_.clock.advance(hours(2));
  EXPECT_EQ(error_of(sessions_.find(made_.admin.id, made.session_token)).kind,
            ErrorKind::unknown_access_key);
}

// Tokens that are none.

TEST_F(SessionsTest, ATokenOfAnotherKeyIsInvalid) {
  const auto one = create(of_user());
  const auto two = create(of_user());
  const Error error = error_of(sessions_.find(one.access_key_id, two.session_token));
  EXPECT_EQ(error.kind, ErrorKind::unknown_access_key);
  EXPECT_EQ(error.message, "The security token included in the request is invalid.");
}

TEST_F(SessionsTest, ATokenThatWasFoundOnceIsStillInvalidForAnotherKey) {
  const auto one = create(of_user());
  const auto two = create(of_user());
  EXPECT_TRUE(find(two));
  EXPECT_EQ(error_of(sessions_.find(one.access_key_id, two.session_token)).kind,
            ErrorKind::unknown_access_key);
  EXPECT_TRUE(find(two));
}

TEST_F(SessionsTest, AChangedBitMakesATokenInvalid) {
  const auto made = create(of_user());
  auto bytes = *from_base64url(made.session_token);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = std::uint8_t(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(error_of(sessions_.find(made.access_key_id, to_base64url(bytes))).kind,
              ErrorKind::unknown_access_key);
    bytes[bit / 8] = std::uint8_t(bytes[bit / 8] ^ (1 << bit % 8));
  }
}

TEST_F(SessionsTest, OddTokensAreInvalid) {
  const auto made = create(of_user());
  for (const std::string& token :
       {std::string(), std::string("x"), std::string("=="), made.session_token + "=",
        made.session_token + "A", made.session_token.substr(1), std::string("a\0b", 3),
        std::string(limits::session_token_bytes_max, 'A'),
        std::string(limits::session_token_bytes_max + 1, 'A')}) {
    EXPECT_EQ(error_of(sessions_.find(made.access_key_id, token)).kind,
              ErrorKind::unknown_access_key);
  }
}

TEST_F(SessionsTest, ATokenOfAnotherServerIsInvalid) {
  Sessions elsewhere(made_.sealer, made_.directory, made_.clock, made_.random, {});
  const auto made = create(of_user());
  EXPECT_TRUE(elsewhere.find(made.access_key_id, made.session_token));
  made_.sealer.replaced = "what another master key opens";
  EXPECT_EQ(refusal(made), ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, ASealedSecretOfAKeyIsNoToken) {
  const auto row = *value_of(made_.store->read(
      [&](store::Reader& reader) { return store::find_access_key(reader, made_.admin.id); }));
  EXPECT_EQ(error_of(sessions_.find(made_.admin.id, to_base64url(row.secret_sealed))).kind,
            ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, ATokenIsNoSealedSecretOfAKey) {
  const auto made = create(of_user());
  expect_done(made_.store->write([&](store::Transaction& tx) {
    return store::insert_access_key(tx, {.id = made.access_key_id,
                                         .principal = role_,
                                         .secret_sealed = *from_base64url(made.session_token),
                                         .active = true,
                                         .created_at = made_.clock.now()});
  }));
  EXPECT_FALSE(made_.directory.find(made.access_key_id));
}

TEST_F(SessionsTest, ATemporaryKeyIsNoKeyOfTheDirectory) {
  EXPECT_EQ(error_of(made_.directory.find(create(of_user()).access_key_id)).kind,
            ErrorKind::unknown_access_key);
}

// What the session goes back to.

TEST_F(SessionsTest, ADisabledParentKeyEndsItsSessionsAtOnce) {
  const auto user = create(of_user());
  const auto role = create(of_role());
  EXPECT_TRUE(find(user));
  EXPECT_TRUE(find(role));
  disable_admins_key();
  EXPECT_EQ(refusal(user), ErrorKind::unknown_access_key);
  EXPECT_EQ(refusal(role), ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, ARemovedParentKeyEndsItsSessionsAtOnce) {
  const auto made = create(of_role());
  EXPECT_TRUE(find(made));
  change("DELETE FROM access_keys");
  EXPECT_EQ(refusal(made), ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, AParentKeysIdThatSomebodyElseHasNowEndsItsSessions) {
  const auto made = create(of_role());
  change("UPDATE principals SET unique_id = 'AIDANEW' WHERE name = 'admin'");
  EXPECT_EQ(refusal(made), ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, AnEnabledParentKeyBringsItsSessionsBack) {
  const auto made = create(of_user());
  disable_admins_key();
  EXPECT_FALSE(find(made));
  change("UPDATE access_keys SET active = 1");
  EXPECT_TRUE(find(made));
}

TEST_F(SessionsTest, ARemovedRoleEndsItsSessionsAtOnce) {
  const auto made = create(of_web_identity());
  EXPECT_TRUE(find(made));
  change("DELETE FROM policies WHERE name = 's3'; DELETE FROM principals WHERE name = 'Builder'");
  EXPECT_EQ(refusal(made), ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, ARemovedRoleEndsTheSessionsThatItLedTo) {
  NewSession chained = of_role();
  chained.role = add_role("Signer");
  chained.chain = {role_};
  const auto made = create(chained);
  EXPECT_TRUE(find(made));
  change(
      "DELETE FROM policies WHERE principal IN (SELECT id FROM principals WHERE name = 'Builder');"
      "DELETE FROM principals WHERE name = 'Builder'");
  EXPECT_EQ(refusal(made), ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, ARoleOfTheSameNameIsAnother) {
  const auto made = create(of_web_identity());
  change("DELETE FROM policies WHERE name = 's3'; DELETE FROM principals WHERE name = 'Builder'");
  add_role("Builder");
  made_.directory.forget();
  EXPECT_EQ(refusal(made), ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, AChangedPolicyOfTheRoleCountsAtOnce) {
  const auto made = create(of_role());
  EXPECT_TRUE(may(*value_of(find(made)), "s3:GetObject"));
  change("DELETE FROM policies WHERE name = 's3'");
  EXPECT_FALSE(may(*value_of(find(made)), "s3:GetObject"));
}

TEST_F(SessionsTest, ASessionIsNotMadeForAKeyThatIsDisabled) {
  disable_admins_key();
  EXPECT_EQ(error_of(sessions_.create(of_user())).kind, ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, ASessionIsNotMadeForATemporaryKey) {
  NewSession session = of_role();
  session.parent_access_key_id = create(of_user()).access_key_id;
  EXPECT_EQ(error_of(sessions_.create(session)).kind, ErrorKind::unknown_access_key);
}

TEST_F(SessionsTest, AStoreThatIsClosedIsNotAnInvalidToken) {
  const auto made = create(of_web_identity());
  made_.store->close();
  EXPECT_NE(refusal(made), ErrorKind::unknown_access_key);
}

// What is held in memory.

TEST_F(SessionsTest, AFoundTokenIsAnsweredFromMemory) {
  const auto made = create(of_user());
  const auto first = value_of(find(made));
  const int unsealed = made_.sealer.unsealed;
  EXPECT_EQ(value_of(find(made)), first);
  EXPECT_EQ(made_.sealer.unsealed, unsealed);
}

TEST_F(SessionsTest, WhatWasOpenedBeforeAChangeIsOpenedAnew) {
  const auto made = create(of_user());
  made_.sealer.meanwhile = [&] { made_.directory.forget(); };
  value_of(find(made));
  made_.sealer.meanwhile = nullptr;
  const int unsealed = made_.sealer.unsealed;
  value_of(find(made));
  EXPECT_GT(made_.sealer.unsealed, unsealed);
}

}  // namespace
}  // namespace hallmark::identity
