#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/limits.h"
#include "identity/administration.h"
#include "identity/principals.h"
#include "identity/test_administration.h"
#include "policy/evaluation.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr std::string_view deny_everything =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})";

class AdministrationPolicies : public test::AdministrationTest {
 protected:
  Result<StoredPolicy> get(std::string_view user_name, std::string_view name) {
    return administration_.get_policy(
        permitted(GetUserPolicy{user(user_name), value_of(PolicyName::parse(name))}));
  }
  Result<void> remove(std::string_view user_name, std::string_view name) {
    return wait<void>([&](auto then) {
      administration_.delete_policy(
          permitted(DeleteUserPolicy{user(user_name), value_of(PolicyName::parse(name))}),
          std::move(then));
    });
  }
  std::vector<std::string> names(std::string_view user_name) {
    return value_of(administration_.list_policies(permitted(ListUserPolicies{user(user_name)})));
  }
  bool admin_may_sign() {
    const auto admin = value_of(made_.directory.find(made_.admin.id));
    const policy::Question question{.action = "signer:StartSigningJob",
                                    .resource = "*",
                                    .principal_arn = admin->principal->arn,
                                    .principal_account = made_.account.view(),
                                    .context = {}};
    return policy::evaluate_identity(admin->principal->policies, question).is_allowed();
  }
};

TEST_F(AdministrationPolicies, APolicyIsGivenBackAsItWas) {
  const std::string document = fmt::format(" {}\n", allow_everything);
  expect_done(put_policy("admin", "mine", document));
  EXPECT_EQ(value_of(get("admin", "mine")).document, document);
  EXPECT_EQ(names("admin"), (std::vector<std::string>{"allow-everything", "mine"}));
}

TEST_F(AdministrationPolicies, APolicyIsInEffectAtOnce) {
  ASSERT_TRUE(admin_may_sign());
  expect_done(put_policy("admin", "stop", deny_everything));
  EXPECT_FALSE(admin_may_sign());
  expect_done(remove("admin", "stop"));
  EXPECT_TRUE(admin_may_sign());
}

TEST_F(AdministrationPolicies, AMalformedPolicyIsRefusedWithThePlaceNamed) {
  const Error error = error_of(put_policy(
      "admin", "mine",
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Permit","Action":"*","Resource":"*"}]})"));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.reason, "MalformedPolicyDocument");
  EXPECT_NE(error.message.find("Statement[0].Effect"), std::string::npos) << error.message;
  EXPECT_EQ(error_of(get("admin", "mine")).kind, ErrorKind::not_found);
}

TEST_F(AdministrationPolicies, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(error_of(get("admin", "mine")).message,
            "The user policy with name mine cannot be found.");
  EXPECT_EQ(error_of(remove("admin", "mine")).reason, "NoSuchEntity");
  EXPECT_EQ(error_of(put_policy("nobody", "mine", allow_everything)).message,
            "The user with name nobody cannot be found.");
}

TEST_F(AdministrationPolicies, PoliciesAreLimitedAndReplacingOneIsNoNewOne) {
  for (std::size_t i = 1; i < limits::policies_per_principal_max; ++i) {
    expect_done(put_policy("admin", fmt::format("policy{}", i), allow_everything));
  }
  EXPECT_EQ(error_of(put_policy("admin", "more", allow_everything)).kind,
            ErrorKind::limit_exceeded);
  EXPECT_TRUE(put_policy("admin", "policy1", deny_everything));
}

TEST_F(AdministrationPolicies, NamesFollowIamsRules) {
  EXPECT_TRUE(PrincipalName::parse("a.b+c=d,e@f-g_H9"));
  EXPECT_TRUE(PrincipalName::parse(std::string(64, 'a')));
  EXPECT_TRUE(PolicyName::parse(std::string(128, 'a')));
  for (const std::string& name :
       {std::string(), std::string("a/b"), std::string("a b"), std::string("\xc3\xa4"),
        std::string("a\0b", 3), std::string(65, 'a'), std::string("a:b"), std::string("a*")}) {
    EXPECT_FALSE(PrincipalName::parse(name)) << name;
  }
  EXPECT_FALSE(PolicyName::parse(std::string(129, 'a')));
}

}  // namespace
}  // namespace hallmark::identity
