#include "identity/trust_policy.h"

#include <fmt/format.h>

#include "identity/sts.h"
#include "identity/sts_names.h"
#include "identity/test_administration.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr std::string_view alice = "arn:aws:iam::111122223333:user/alice";

std::string trust(std::string_view principal) {
  return fmt::format(
      R"({{"Statement":{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"AWS":"{}"}}}}}})",
      principal);
}

class TrustPolicies : public test::AdministrationTest {
 protected:
  Result<store::PrincipalRow> trusting(std::string_view principal) {
    return create_role({role("trusting"), trust(principal)});
  }
  Result<void> trust_now(std::string_view principal) {
    return wait<void>([&](auto then) {
      administration_.update_trust_policy(
          permitted(UpdateAssumeRolePolicy{role("trusting"), trust(principal)}), std::move(then));
    });
  }
  model::StringMap trusted() {
    const auto page = value_of(administration_.list(permitted(ListRoles{role("tru"), 1})));
    return page.principals.at(0).trusted_ids;
  }
  // Whether the user who now has this name may take the role.
  bool may_assume(std::string_view user_name) {
    const auto created = value_of(create_key(user(user_name)));
    const std::string arn = "arn:aws:iam::111122223333:role/trusting";
    const AssumeRole call = {.role = value_of(parse_role_arn({}, arn)),
                             .role_arn = arn,
                             .session_name = value_of(RoleSessionName::parse("release-7")),
                             .policy = {},
                             .duration_seconds = {},
                             .external_id = {}};
    const auto who = value_of(made_.directory.find(created.key.id))->principal;
    return bool(authorizer_.permit(access::test::caller(who), call));
  }
};

TEST_F(TrustPolicies, AUserMadeAgainUnderTheNameIsNotTrusted) {
  value_of(create_user("alice"));
  value_of(trusting(alice));
  EXPECT_TRUE(may_assume("alice"));
  value_of(delete_user("alice"));
  value_of(create_user("alice"));
  EXPECT_FALSE(may_assume("alice"));
}

TEST_F(TrustPolicies, TheSamePolicyGivenAgainMeansWhoIsThereThen) {
  value_of(create_user("alice"));
  value_of(trusting(alice));
  value_of(delete_user("alice"));
  EXPECT_EQ(error_of(trust_now(alice)).reason, "MalformedPolicyDocument");
  value_of(create_user("alice"));
  expect_done(trust_now(alice));
  EXPECT_TRUE(may_assume("alice"));
}

TEST_F(TrustPolicies, KeepTheIdsOfUsersRolesAndSessions) {
  const std::string user_id = value_of(create_user("alice")).unique_id;
  const std::string role_id = value_of(create_role({role("ci"), trust(alice)})).unique_id;
  value_of(trusting(alice));
  EXPECT_EQ(trusted(), (model::StringMap{{std::string(alice), user_id}}));
  const std::string ci = "arn:aws:iam::111122223333:role/ci";
  expect_done(trust_now(ci));
  EXPECT_EQ(trusted(), (model::StringMap{{ci, role_id}}));
  const std::string build = "arn:aws:sts::111122223333:assumed-role/ci/build-7";
  expect_done(trust_now(build));
  EXPECT_EQ(trusted(), (model::StringMap{{build, role_id + ":build-7"}}));
}

TEST_F(TrustPolicies, WhoIsNotThereIsRefusedAndNamed) {
  for (const std::string_view nobody :
       {"arn:aws:iam::111122223333:user/nobody", "arn:aws:iam::111122223333:role/nobody",
        "arn:aws:iam::111122223333:role/admin", "arn:aws:iam::111122223333:user/path/admin",
        "arn:aws-cn:iam::111122223333:user/admin",
        "arn:aws:sts::111122223333:assumed-role/nobody/build-7",
        "arn:aws:sts::111122223333:federated-user/admin"}) {
    const Error error = error_of(trusting(nobody));
    EXPECT_EQ(error.kind, ErrorKind::invalid);
    EXPECT_EQ(error.reason, "MalformedPolicyDocument");
    EXPECT_EQ(error.message, fmt::format("Invalid principal in policy: \"AWS\":\"{}\"", nobody));
  }
}

TEST_F(TrustPolicies, AccountsAndThePrincipalsOfOthersAreTakenAtTheirWord) {
  value_of(trusting("arn:aws:iam::444455556666:user/alice"));
  EXPECT_TRUE(trusted().empty());
  for (const std::string_view other : {"111122223333", "arn:aws:iam::111122223333:root", "*",
                                       "arn:aws:iam::444455556666:role/path/ci"}) {
    expect_done(trust_now(other));
    EXPECT_TRUE(trusted().empty()) << other;
  }
}

}  // namespace
}  // namespace hallmark::identity
