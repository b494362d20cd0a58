#include "policy/principal.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/test_documents.h"

namespace hallmark::policy {
namespace {

using test::ask;
using test::resource_policy;
using enum Verdict;

std::string refusal_of(std::string_view json) {
  return test::error_of(json, DocumentKind::resource);
}

Verdict of_principal(std::string_view principal, Question question) {
  const std::string json = R"({"Statement": {"Effect": "Allow", "Principal": )" +
                           std::string(principal) + R"(, "Action": "*", "Resource": "*"}})";
  return resource_policy(json).evaluate(question);
}

TEST(Principal, IsEveryone) {
  const Question anyone;
  EXPECT_EQ(of_principal(R"("*")", anyone), allowed);
  EXPECT_EQ(of_principal(R"({"AWS": "*"})", anyone), allowed);
}

TEST(Principal, IsAWholeAccount) {
  const Question question = ask("signer:SignPayload", "*");
  EXPECT_EQ(of_principal(R"({"AWS": "111122223333"})", question), allowed);
  EXPECT_EQ(of_principal(R"({"AWS": "arn:aws:iam::111122223333:root"})", question), allowed);
  EXPECT_EQ(of_principal(R"({"AWS": ["444455556666"]})", question), not_mentioned);
  EXPECT_EQ(of_principal(R"({"AWS": ["444455556666", "111122223333"]})", question), allowed);
}

TEST(Principal, IsOneUser) {
  const Question question = ask("signer:SignPayload", "*");
  EXPECT_EQ(of_principal(R"({"AWS": "arn:aws:iam::111122223333:user/johndoe"})", question),
            allowed);
  EXPECT_EQ(of_principal(R"({"AWS": "arn:aws:iam::111122223333:user/john"})", question),
            not_mentioned);
}

TEST(Principal, IsARoleAndItsSessions) {
  constexpr auto role = R"({"AWS": "arn:aws:iam::111122223333:role/ci/deploy"})";
  Question question = ask("signer:SignPayload", "*");
  question.principal_arn = "arn:aws:iam::111122223333:role/ci/deploy";
  EXPECT_EQ(of_principal(role, question), allowed);
  question.principal_arn = "arn:aws:sts::111122223333:assumed-role/deploy/build-7";
  EXPECT_EQ(of_principal(role, question), allowed);
  question.principal_arn = "arn:aws:sts::444455556666:assumed-role/deploy/build-7";
  EXPECT_EQ(of_principal(role, question), not_mentioned);
  question.principal_arn = "arn:aws:sts::111122223333:assumed-role/deployer/build-7";
  EXPECT_EQ(of_principal(role, question), not_mentioned);
}

// What a policy says that knows the principal by its unique id.
Verdict of_bound(std::string_view arn, std::string_view unique_id, const Question& question) {
  const Document document =
      resource_policy(R"({"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"AWS": ")" +
                      std::string(arn) + R"("}}})");
  EXPECT_EQ(document.principal_arns(), std::vector<std::string>{std::string(arn)});
  return document.bound_to({{std::string(arn), std::string(unique_id)}}).evaluate(question);
}

TEST(Principal, ThatIsBoundIsKnownByItsIdAlone) {
  constexpr std::string_view user = "arn:aws:iam::111122223333:user/johndoe";
  Question question = ask("signer:SignPayload", "*");
  question.principal_id = "AIDAFIRST";
  EXPECT_EQ(of_bound(user, "AIDAFIRST", question), allowed);
  EXPECT_EQ(of_bound(user, "AIDASECOND", question), not_mentioned);
  EXPECT_EQ(of_bound(user, "AIDA", question), not_mentioned);
  question.principal_id = {};
  EXPECT_EQ(of_bound(user, "AIDAFIRST", question), not_mentioned);
}

TEST(Principal, ThatIsABoundRoleIsAllItsSessions) {
  constexpr std::string_view role = "arn:aws:iam::111122223333:role/deploy";
  Question question = ask("signer:SignPayload", "*");
  question.principal_arn = "arn:aws:sts::111122223333:assumed-role/deploy/build-7";
  question.principal_id = "AROAFIRST:build-7";
  EXPECT_EQ(of_bound(role, "AROAFIRST", question), allowed);
  EXPECT_EQ(of_bound(role, "AROASECOND", question), not_mentioned);
  EXPECT_EQ(of_bound(question.principal_arn, "AROAFIRST:build-7", question), allowed);
  EXPECT_EQ(of_bound(question.principal_arn, "AROAFIRST:build", question), not_mentioned);
}

Question ask_by_token(std::string_view issuer) {
  return {.action = "sts:AssumeRoleWithWebIdentity",
          .resource = "arn:aws:iam::111122223333:role/ci",
          .principal_arn = {},
          .principal_account = {},
          .federated_issuer = issuer,
          .context = {{"ci.example.com/org:aud", {"sts.amazonaws.com"}}}};
}

TEST(Principal, IsAnIssuersWebIdentities) {
  constexpr auto issuer = R"({"Federated": "ci.example.com/org"})";
  EXPECT_EQ(of_principal(issuer, ask_by_token("ci.example.com/org")), allowed);
  EXPECT_EQ(of_principal(issuer, ask_by_token("ci.example.com/org2")), not_mentioned);
  EXPECT_EQ(of_principal(issuer, ask_by_token("ci.example.com")), not_mentioned);
  EXPECT_EQ(of_principal(issuer, ask("sts:AssumeRole", "*")), not_mentioned);
}

TEST(Principal, IsAProviderOfTheResourcesAccount) {
  const auto provider = [](std::string_view account) {
    return R"({"Federated": "arn:aws:iam::)" + std::string(account) +
           R"(:oidc-provider/ci.example.com/org"})";
  };
  EXPECT_EQ(of_principal(provider("111122223333"), ask_by_token("ci.example.com/org")), allowed);
  EXPECT_EQ(of_principal(provider("444455556666"), ask_by_token("ci.example.com/org")),
            not_mentioned);
  EXPECT_EQ(of_principal(provider("111122223333"), ask_by_token("ci.example.com")), not_mentioned);
}

TEST(Principal, OfBothTypesMayStandTogether) {
  constexpr auto both = R"({"Federated": ["a.example", "b.example:8443/x"],
                            "AWS": "arn:aws:iam::111122223333:user/johndoe"})";
  EXPECT_EQ(of_principal(both, ask_by_token("a.example")), allowed);
  EXPECT_EQ(of_principal(both, ask_by_token("b.example:8443/x")), allowed);
  EXPECT_EQ(of_principal(both, ask_by_token("b.example:8443")), not_mentioned);
  EXPECT_EQ(of_principal(both, ask("sts:AssumeRole", "*")), allowed);
}

TEST(Principal, EveryoneIsNoGrantToWebIdentities) {
  EXPECT_EQ(of_principal(R"("*")", ask_by_token("a.example")), not_mentioned);
  EXPECT_EQ(of_principal(R"({"AWS": "*"})", ask_by_token("a.example")), not_mentioned);
  EXPECT_EQ(of_principal(R"({"AWS": "*", "Federated": "a.example"})", ask_by_token("a.example")),
            allowed);
}

TEST(Principal, DenyingEveryoneDeniesWebIdentities) {
  const Document document = resource_policy(R"({"Statement": [
    {"Effect": "Allow", "Principal": {"Federated": "a.example"}, "Action": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "*"}]})");
  EXPECT_EQ(document.evaluate(ask_by_token("a.example")), denied);
}

// IAM User Guide, "Create a role for OpenID Connect federation", with GitHub's conditions.
TEST(Principal, TrustOfAnIssuerIsNarrowedByTheTokensClaims) {
  const Document document = resource_policy(R"({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow",
    "Principal": {"Federated":
      "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
      "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
      "StringLike": {"token.actions.githubusercontent.com:sub": "repo:org/repo:*"}}}]})");
  Question question = ask_by_token("token.actions.githubusercontent.com");
  question.context = {
      {"token.actions.githubusercontent.com:aud", {"sts.amazonaws.com"}},
      {"token.actions.githubusercontent.com:sub", {"repo:org/repo:ref:refs/heads/main"}}};
  EXPECT_EQ(document.evaluate(question), allowed);
  question.context.back().second = {"repo:org/repository:ref:refs/heads/main"};
  EXPECT_EQ(document.evaluate(question), not_mentioned);
  question.context.pop_back();
  EXPECT_EQ(document.evaluate(question), not_mentioned);
}

TEST(Principal, ExplainPrefersTheAllowThatNamesTheCaller) {
  const Document document = resource_policy(R"({"Statement": [
    {"Sid": "House", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "*"},
    {"Sid": "John", "Effect": "Allow", "Action": "s3:*",
     "Principal": {"AWS": ["444455556666", "arn:aws:iam::111122223333:user/johndoe"]}},
    {"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "s3:*"}]})");
  const Finding itself = document.explain(ask("s3:GetObject", "*"));
  EXPECT_EQ(itself.sid, "John");
  EXPECT_EQ(itself.granted_to, GrantedTo::caller);
  const Finding account = document.explain(ask("signer:SignPayload", "*"));
  EXPECT_EQ(account.sid, "House");
  EXPECT_EQ(account.granted_to, GrantedTo::account);
}

TEST(Principal, NotPrincipalDeniesAllOthers) {
  const Document document = resource_policy(R"({"Statement": {"Effect": "Deny", "NotPrincipal":
    {"AWS": "arn:aws:iam::111122223333:user/johndoe"}, "Action": "*", "Resource": "*"}})");
  Question question = ask("signer:SignPayload", "*");
  EXPECT_EQ(document.evaluate(question), not_mentioned);
  question.principal_arn = "arn:aws:iam::111122223333:user/jane";
  EXPECT_EQ(document.evaluate(question), denied);
}

TEST(Principal, ThatCannotBeReadIsInvalidAndNamed) {
  constexpr std::string_view form =
      " must be *, an account id, or the ARN of an account, a user or a role.";
  const auto error_of_principal = [](std::string_view principal) {
    return refusal_of(R"({"Statement": {"Effect": "Allow", "Action": "*", "Principal": )" +
                      std::string(principal) + "}}");
  };
  EXPECT_EQ(error_of_principal(R"("111122223333")"),
            "Statement.Principal must be * or an object with the members AWS or Federated.");
  EXPECT_EQ(error_of_principal("{}"), "Statement.Principal must have the member AWS or Federated.");
  EXPECT_EQ(error_of_principal("[]"), "Statement.Principal must be an object.");
  EXPECT_EQ(error_of_principal(R"({"AWS": []})"), "Statement.Principal.AWS must not be empty.");
  EXPECT_EQ(error_of_principal(R"({"Service": "lambda.amazonaws.com"})"),
            "Statement.Principal.Service does not call this service: principals are AWS or "
            "Federated.");
  EXPECT_EQ(error_of_principal(R"({"AWS": "*", "CanonicalUser": "79a59df900b949e5"})"),
            "Statement.Principal.CanonicalUser does not call this service: principals are AWS or "
            "Federated.");
  for (const std::string name :
       {"", "11112222333", "arn:aws:iam::111122223333:user/*", "arn:aws:iam::111122223333:role/",
        "arn:aws:iam:::user/a", "arn:aws:iam:us-east-1:111122223333:user/a",
        "arn:aws:iam::111122223333:group/g", "arn:aws:s3:::bucket", "arn:aws:iam::*:root"}) {
    EXPECT_EQ(error_of_principal(R"({"AWS": [")" + name + "\"]}"),
              "Statement.Principal.AWS[0]" + std::string(form))
        << name;
  }
}

TEST(Principal, IssuerThatCannotBeReadIsInvalidAndNamed) {
  for (const std::string name :
       {"", "*", "https://ci.example.com", "ci.example.com:", "ci.example.com:x", "/path",
        "ci example.com", "ci.example.com/*", "ci.example.com?x=1", "ci.example.com#x",
        "arn:aws:iam::111122223333:oidc-provider/", "arn:aws:iam::111122223333:saml-provider/s",
        "arn:aws:iam:::oidc-provider/ci.example.com",
        "arn:aws:iam::111122223333:oidc-provider/https://ci.example.com"}) {
    EXPECT_EQ(refusal_of(R"({"Statement": {"Effect": "Allow", "Action": "*", "Principal":
                           {"Federated": ["accounts.google.com", ")" +
                         name + "\"]}}}"),
              "Statement.Principal.Federated[1] must be HOST/PATH of an OpenID Connect issuer, or "
              "the ARN of its oidc-provider.")
        << name;
  }
}

TEST(Principal, ResourcePolicyNeedsAPrincipal) {
  EXPECT_EQ(refusal_of(R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})"),
            "Statement[0] must have Principal or NotPrincipal.");
}

TEST(Principal, AllowingAllButSomePrincipalsIsInvalid) {
  EXPECT_EQ(refusal_of(R"({"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"},
                         "Action": "*", "Resource": "*"}})"),
            "Statement.NotPrincipal needs the Effect Deny.");
}

}  // namespace
}  // namespace hallmark::policy
