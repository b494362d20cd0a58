#include "identity/administration.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "identity/principals.h"
#include "identity/test_administration.h"
#include "store/audit.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr std::string_view trust_admin =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
    R"("Principal":{"AWS":"arn:aws:iam::111122223333:user/admin"}}]})";

class Administrations : public test::AdministrationTest {
 protected:
  Result<CreatedAccount> create_account(std::string_view digits) {
    return wait<CreatedAccount>([&](auto then) {
      CreateAccount call;
      if (!digits.empty()) call.account = value_of(model::AccountId::parse(digits));
      administration_.create_account(permitted(std::move(call)), std::move(then));
    });
  }
  std::vector<std::string> audited() {
    const auto rows = value_of(
        made_.store->read([](store::Reader& reader) { return store::list_audit(reader, 0, 100); }));
    std::vector<std::string> bodies;
    bodies.reserve(rows.size());
    for (const auto& row : rows) bodies.push_back(row.body);
    return bodies;
  }
  Result<void> set_trust(std::string_view role_name, std::string_view trust) {
    return wait<void>([&](auto then) {
      administration_.update_trust_policy(
          permitted(UpdateAssumeRolePolicy{role(role_name), std::string(trust)}), std::move(then));
    });
  }
  std::vector<std::string> users(std::string_view after, std::size_t items_max) {
    const auto page = value_of(administration_.list(permitted(ListUsers{user(after), items_max})));
    std::vector<std::string> names;
    for (const auto& row : page.principals) names.push_back(row.name);
    return names;
  }
};

// Accounts.

TEST_F(Administrations, ANewAccountHasAnAdminWithAKey) {
  const auto created = value_of(create_account("444455556666"));
  EXPECT_EQ(created.account.text(), "444455556666");
  const auto admin = value_of(made_.directory.find(created.admin.id));
  EXPECT_EQ(admin->principal->arn, "arn:aws:iam::444455556666:user/admin");
  EXPECT_TRUE(admin->secret_access_key == created.admin.secret);
}

TEST_F(Administrations, AnAccountWithoutANumberGetsARandomOne) {
  const auto created = value_of(create_account(""));
  EXPECT_NE(created.account, made_.account);
  const auto all = value_of(administration_.list_accounts(permitted(ListAccounts{})));
  EXPECT_EQ(all.size(), 2u);
}

TEST_F(Administrations, AnAccountIsCreatedOnce) {
  const Error error = error_of(create_account("111122223333"));
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_EQ(error.message, "The account 111122223333 already exists.");
  EXPECT_EQ(error.reason, "EntityAlreadyExists");
}

TEST_F(Administrations, AccountsAreLimited) {
  expect_done(made_.store->write([&](store::Transaction& tx) -> Result<void> {
    for (std::size_t i = 1; i < limits::accounts_max; ++i) {
      TRY(auto id, model::AccountId::parse(std::to_string(200'000'000'000 + i)));
      TRY(store::insert_account(tx, id, made_.clock.now()));
    }
    return {};
  }));
  EXPECT_EQ(error_of(create_account("444455556666")).kind, ErrorKind::limit_exceeded);
}

// Users and roles.

TEST_F(Administrations, AUserIsCreatedListedAndDeleted) {
  const auto created = value_of(create_user("ci"));
  EXPECT_TRUE(created.unique_id.starts_with("AIDA"));
  EXPECT_EQ(users("", 10), (std::vector<std::string>{"admin", "ci"}));
  EXPECT_EQ(users("admin", 10), (std::vector<std::string>{"ci"}));
  value_of(delete_user("ci"));
  EXPECT_EQ(users("", 10), (std::vector<std::string>{"admin"}));
}

TEST_F(Administrations, ANameIsTakenOnce) {
  value_of(create_user("ci"));
  const Error error = error_of(create_user("ci"));
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_EQ(error.message, "User with name ci already exists.");
}

TEST_F(Administrations, ANameThatIsGivenAgainIsAnotherPrincipal) {
  const auto first = value_of(create_user("ci"));
  value_of(delete_user("ci"));
  const auto second = value_of(create_user("ci"));
  EXPECT_NE(first.id, second.id);
  EXPECT_NE(first.unique_id, second.unique_id);
}

TEST_F(Administrations, ADeletedUserTakesItsKeysAndPoliciesAlong) {
  value_of(create_user("ci"));
  expect_done(put_policy("ci", "sign", allow_everything));
  const auto key = value_of(create_key(user("ci")));
  EXPECT_TRUE(works(key.key.id));
  const Deleted deleted = value_of(delete_user("ci"));
  EXPECT_EQ(deleted.policies, std::vector<std::string>{"sign"});
  EXPECT_EQ(deleted.access_keys, std::vector<std::string>{key.key.id});
  EXPECT_FALSE(works(key.key.id));
}

TEST_F(Administrations, WhatIsNotThereCannotBeDeleted) {
  const Error error = error_of(delete_user("nobody"));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "The user with name nobody cannot be found.");
  EXPECT_EQ(error.reason, "NoSuchEntity");
}

TEST_F(Administrations, AUserNeedsItsAccount) {
  const Target elsewhere =
      Target::of({}, {value_of(model::AccountId::parse("999999999999")), PrincipalKind::user, "x"});
  const Error error = error_of(wait<store::PrincipalRow>([&](auto then) {
    administration_.create_user(permitted(CreateUser{elsewhere}), std::move(then));
  }));
  EXPECT_EQ(error.message, "The account 999999999999 cannot be found.");
  EXPECT_FALSE(administration_.list(permitted(ListUsers{elsewhere, 10})));
}

TEST_F(Administrations, PrincipalsOfAnAccountAreLimited) {
  expect_done(made_.store->write([&](store::Transaction& tx) -> Result<void> {
    for (std::size_t i = 2; i < limits::principals_per_account_max; ++i) {
      TRY(store::insert_principal(
          tx, {.id = Uuid::v7(made_.clock.now() + std::chrono::seconds(i), made_.random),
               .account = made_.account,
               .name = "user" + std::to_string(i),
               .unique_id = {},
               .created_at = made_.clock.now()}));
    }
    return {};
  }));
  const Error error = error_of(create_user("ci"));
  EXPECT_EQ(error.kind, ErrorKind::limit_exceeded);
  EXPECT_EQ(error.reason, "LimitExceeded");
}

TEST_F(Administrations, ARoleHasATrustPolicyThatCanBeReplaced) {
  const auto created = value_of(create_role({role("deploy"), std::string(trust_admin), 7200}));
  EXPECT_TRUE(created.unique_id.starts_with("AROA"));
  EXPECT_EQ(created.session_seconds_max, 7200);
  const std::string other =
      R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]})";
  expect_done(set_trust("deploy", other));
  const auto page = value_of(administration_.list(permitted(ListRoles{role(""), 10})));
  ASSERT_EQ(page.principals.size(), 1u);
  EXPECT_EQ(page.principals[0].trust_policy, other);
}

TEST_F(Administrations, ATrustPolicyThatIsNoneIsRefusedWithThePlaceNamed) {
  for (const std::string_view trust : {std::string_view("{}"), allow_everything}) {
    const Error error = error_of(create_role({role("deploy"), std::string(trust)}));
    EXPECT_EQ(error.kind, ErrorKind::invalid);
    EXPECT_EQ(error.reason, "MalformedPolicyDocument");
    EXPECT_NE(error.message.find("Statement"), std::string::npos) << error.message;
  }
  value_of(create_role({role("deploy"), std::string(trust_admin)}));
  EXPECT_EQ(error_of(set_trust("deploy", "[]")).reason, "MalformedPolicyDocument");
}

TEST_F(Administrations, TrustInWebIdentitiesNamesTheirSubjectAndAudience) {
  constexpr std::string_view anybody =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",)"
      R"("Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"ci.example.com"},)"
      R"("Condition":{"StringEquals":{"ci.example.com:aud":"hallmark"}}}})";
  const Error error = error_of(create_role({role("deploy"), std::string(anybody)}));
  EXPECT_EQ(error.reason, "MalformedPolicyDocument");
  EXPECT_NE(error.message.find("ci.example.com:sub"), std::string::npos) << error.message;
  value_of(create_role({role("deploy"), std::string(trust_admin)}));
  EXPECT_EQ(error_of(set_trust("deploy", anybody)).reason, "MalformedPolicyDocument");
}

TEST_F(Administrations, SessionsLastAnHourToTwelve) {
  for (const std::int64_t seconds : {0, 3599, 43'201}) {
    EXPECT_EQ(error_of(create_role({role("deploy"), std::string(trust_admin), seconds})).kind,
              ErrorKind::invalid);
  }
  EXPECT_TRUE(create_role({role("deploy"), std::string(trust_admin), 43'200}));
}

// Who may.

TEST_F(Administrations, AnOperatorActsOnEveryAccount) {
  const auto created = value_of(create_account("444455556666"));
  const Target there = Target::of({}, {created.account, PrincipalKind::user, "ci"});
  EXPECT_TRUE(authorizer_.permit(test::machine_operator(), CreateUser{there}));
}

TEST_F(Administrations, OthersActAtMostOnTheirOwnAccount) {
  const auto created = value_of(create_account("444455556666"));
  const Target there = Target::of({}, {created.account, PrincipalKind::user, "ci"});
  EXPECT_TRUE(authorizer_.permit(access::test::caller(), CreateUser{user("ci")}));
  EXPECT_FALSE(authorizer_.permit(access::test::caller(), CreateUser{there}));
  EXPECT_FALSE(authorizer_.permit(access::test::caller(), CreateAccount{}));
  EXPECT_FALSE(authorizer_.permit(access::test::caller(), ListAccounts{}));
}

// Audit.

TEST_F(Administrations, AChangeIsAuditedWithItsOutcome) {
  const auto created = value_of(create_user("ci"));
  const std::string last = audited().back();
  EXPECT_NE(last.find(R"("eventSource":"iam.amazonaws.com","eventName":"CreateUser")"),
            std::string::npos)
      << last;
  EXPECT_NE(last.find(R"("type":"MachineOperator")"), std::string::npos) << last;
  EXPECT_NE(last.find(R"("accountId":"111122223333","userName":"ci")"), std::string::npos) << last;
  EXPECT_NE(last.find(created.unique_id), std::string::npos) << last;
}

TEST_F(Administrations, ARefusedChangeLeavesNoRecord) {
  value_of(create_user("ci"));
  const auto before = audited().size();
  error_of(create_user("ci"));
  EXPECT_EQ(audited().size(), before);
}

TEST_F(Administrations, ALookIsAuditedToo) {
  value_of(administration_.list_accounts(permitted(ListAccounts{})));
  value_of(create_user("ci"));  // the writer keeps the order
  const auto all = audited();
  ASSERT_GE(all.size(), 2u);
  EXPECT_NE(all[all.size() - 2].find("ListAccounts"), std::string::npos);
}

TEST_F(Administrations, NoSecretIsAudited) {
  const auto key = value_of(create_key(user("admin")));
  const auto account = value_of(create_account("444455556666"));
  for (const std::string& body : audited()) {
    EXPECT_EQ(body.find(text_of(key.key.secret.reveal())), std::string::npos);
    EXPECT_EQ(body.find(text_of(account.admin.secret.reveal())), std::string::npos);
  }
}

}  // namespace
}  // namespace hallmark::identity
