#include "policy/evaluation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/test_documents.h"

namespace hallmark::policy {
namespace {

constexpr std::string_view action = "signer:SignPayload";
constexpr std::string_view home_account = "111122223333";
constexpr std::string_view other_account = "444455556666";

Question question() {
  return {.action = action,
          .resource = "arn:aws:signer:us-east-1:444455556666:/signing-profiles/p",
          .principal_arn = "arn:aws:iam::111122223333:user/alice",
          .principal_account = home_account,
          .context = {}};
}

Document identity(std::string_view effect, std::string_view of_action) {
  return test::document_of(R"({"Statement": {"Sid": "S", "Effect": ")" + std::string(effect) +
                               R"(", "Action": ")" + std::string(of_action) +
                               R"(", "Resource": "*"}})",
                           DocumentKind::identity);
}
constexpr std::string_view the_account = R"({"AWS": "111122223333"})";
constexpr std::string_view the_caller = R"({"AWS": "arn:aws:iam::111122223333:user/alice"})";
Document resource(std::string_view effect, std::string_view principal = the_caller) {
  return test::document_of(R"({"Statement": {"Sid": "R", "Effect": ")" + std::string(effect) +
                               R"(", "Principal": )" + std::string(principal) +
                               R"(, "Action": "signer:*"}})",
                           DocumentKind::resource);
}

const std::vector<Document>& none() {
  static const std::vector<Document> empty;
  return empty;
}
const std::vector<Document>& allowing() {
  static const std::vector<Document> documents = {identity("Allow", "signer:*")};
  return documents;
}

Policies policies(std::span<const Document> documents, std::string_view resource_account) {
  return {
      .identity = documents, .session = {}, .resource = {}, .resource_account = resource_account};
}

TEST(EvaluateIdentity, DeniesWithoutPolicies) {
  const Evaluation evaluation = evaluate_identity(none(), question());
  EXPECT_EQ(evaluation.decision, Decision::implicit_deny);
  EXPECT_FALSE(evaluation.is_allowed());
  EXPECT_FALSE(evaluation.matched);
}

TEST(EvaluateIdentity, OneAllowSuffices) {
  const std::vector documents = {identity("Allow", "s3:*"), identity("Allow", "signer:*")};
  const Evaluation evaluation = evaluate_identity(documents, question());
  EXPECT_TRUE(evaluation.is_allowed());
  EXPECT_EQ(evaluation.matched, (MatchedStatement{1, 0, "S"}));
}

TEST(EvaluateIdentity, DenyWinsAcrossDocuments) {
  const std::vector documents = {identity("Allow", "*"), identity("Deny", "signer:Sign*"),
                                 identity("Allow", "signer:*")};
  const Evaluation evaluation = evaluate_identity(documents, question());
  EXPECT_EQ(evaluation.decision, Decision::explicit_deny);
  EXPECT_EQ(evaluation.matched, (MatchedStatement{1, 0, "S"}));
}

TEST(EvaluateIdentity, NeverAllowsTheAnonymous) {
  Question anonymous = question();
  anonymous.principal_arn = {};
  anonymous.principal_account = {};
  EXPECT_FALSE(evaluate_identity(allowing(), anonymous).is_allowed());
}

TEST(Evaluate, WithinAnAccountEitherSideSuffices) {
  Policies either = policies(none(), home_account);
  EXPECT_FALSE(evaluate(either, question()).is_allowed());
  either.resource = resource("Allow");
  EXPECT_TRUE(evaluate(either, question()).is_allowed());
  EXPECT_EQ(evaluate(either, question()).policy_type, PolicyType::resource);
  EXPECT_TRUE(evaluate(policies(allowing(), home_account), question()).is_allowed());
}

TEST(Evaluate, AGrantToTheAccountIsForItsPoliciesToHandOn) {
  Policies delegated = policies(none(), home_account);
  delegated.resource = resource("Allow", the_account);
  EXPECT_EQ(evaluate(delegated, question()),
            (Evaluation{Decision::implicit_deny, PolicyType::identity, {}}));
  delegated.resource = resource("Allow", R"({"AWS": "arn:aws:iam::111122223333:root"})");
  EXPECT_FALSE(evaluate(delegated, question()).is_allowed());
  delegated.identity = allowing();
  EXPECT_TRUE(evaluate(delegated, question()).is_allowed());
}

TEST(Evaluate, AGrantToEveryoneIsOneToTheCaller) {
  Policies open = policies(none(), home_account);
  open.resource = resource("Allow", R"("*")");
  EXPECT_TRUE(evaluate(open, question()).is_allowed());
}

TEST(Evaluate, AcrossAccountsAGrantToTheAccountServesAsWell) {
  Policies across = policies(allowing(), other_account);
  across.resource = resource("Allow", the_account);
  EXPECT_TRUE(evaluate(across, question()).is_allowed());
}

TEST(Evaluate, AcrossAccountsBothSidesAreNeeded) {
  Policies both = policies(allowing(), other_account);
  EXPECT_EQ(evaluate(both, question()),
            (Evaluation{Decision::implicit_deny, PolicyType::resource, {}}));
  both.resource = resource("Allow");
  EXPECT_TRUE(evaluate(both, question()).is_allowed());
  both.identity = none();
  EXPECT_EQ(evaluate(both, question()),
            (Evaluation{Decision::implicit_deny, PolicyType::identity, {}}));
}

TEST(Evaluate, ResourceOfNobodyIsAnotherAccounts) {
  EXPECT_FALSE(evaluate(policies(allowing(), ""), question()).is_allowed());
}

TEST(Evaluate, AnonymousCallersAreOfNoAccount) {
  Policies unowned = policies(none(), "");
  unowned.resource =
      test::document_of(R"({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}})",
                        DocumentKind::resource);
  Question anonymous = question();
  anonymous.principal_account = {};
  EXPECT_FALSE(evaluate(unowned, anonymous).is_allowed());
}

TEST(Evaluate, SessionPolicyNarrows) {
  Policies session = policies(allowing(), home_account);
  session.session = identity("Allow", "s3:*");
  EXPECT_EQ(evaluate(session, question()),
            (Evaluation{Decision::implicit_deny, PolicyType::session, {}}));
  session.session = identity("Allow", "signer:SignPayload");
  EXPECT_TRUE(evaluate(session, question()).is_allowed());
}

TEST(Evaluate, SessionPolicyNarrowsResourcePoliciesToo) {
  Policies session = policies(none(), home_account);
  session.resource = resource("Allow");
  session.session = identity("Allow", "s3:*");
  EXPECT_FALSE(evaluate(session, question()).is_allowed());
}

TEST(Evaluate, SessionPolicyNarrowsGrantsToTheSessionItself) {
  Question by_session = question();
  by_session.principal_arn = "arn:aws:sts::111122223333:assumed-role/ci/build-7";
  Policies session = policies(none(), home_account);
  session.resource = resource("Allow", R"({"AWS": "arn:aws:iam::111122223333:role/ci"})");
  EXPECT_TRUE(evaluate(session, by_session).is_allowed());
  session.session = identity("Allow", "s3:*");
  EXPECT_EQ(evaluate(session, by_session),
            (Evaluation{Decision::implicit_deny, PolicyType::session, {}}));
  session.resource =
      resource("Allow", R"({"AWS": "arn:aws:sts::111122223333:assumed-role/ci/build-7"})");
  EXPECT_FALSE(evaluate(session, by_session).is_allowed());
}

TEST(Evaluate, SessionPolicyAddsNothing) {
  Policies session = policies(none(), home_account);
  session.session = identity("Allow", "*");
  EXPECT_EQ(evaluate(session, question()),
            (Evaluation{Decision::implicit_deny, PolicyType::identity, {}}));
}

TEST(Evaluate, DenyOfAnyTypeWins) {
  Policies all = policies(allowing(), home_account);
  all.resource = resource("Deny");
  EXPECT_EQ(evaluate(all, question()).policy_type, PolicyType::resource);
  EXPECT_EQ(evaluate(all, question()).decision, Decision::explicit_deny);
  all.session = identity("Deny", "signer:*");
  EXPECT_EQ(evaluate(all, question()).policy_type, PolicyType::session);
  const std::vector denying = {identity("Deny", "*")};
  all.identity = denying;
  EXPECT_EQ(evaluate(all, question()),
            (Evaluation{Decision::explicit_deny, PolicyType::identity, {{0, 0, "S"}}}));
}

TEST(Evaluate, ADenyIsFoundInItsPlace) {
  const std::vector documents = {
      identity("Allow", "*"),
      test::document_of(R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
                               {"Sid": "No", "Effect": "Deny", "Action": "*", "Resource": "*"}]})",
                        DocumentKind::identity)};
  Policies all = policies(documents, home_account);
  EXPECT_EQ(evaluate(all, question()).matched, (MatchedStatement{1, 1, "No"}));
  all.identity = allowing();
  all.session = documents[1];
  EXPECT_EQ(evaluate(all, question()),
            (Evaluation{Decision::explicit_deny, PolicyType::session, {{0, 1, "No"}}}));
}

TEST(Evaluate, AnAllowOfTheResourceIsFoundInItsPlace) {
  Policies direct = policies(none(), home_account);
  direct.resource = resource("Allow");
  EXPECT_EQ(evaluate(direct, question()),
            (Evaluation{Decision::allowed, PolicyType::resource, {{0, 0, "R"}}}));
}

TEST(IdentityOnly, TheResourcesAccountAndPolicyDoNotCount) {
  Policies own = policies(allowing(), other_account);
  own.sides = Sides::identity_only;
  EXPECT_TRUE(evaluate(own, question()).is_allowed());
  own.resource = resource("Deny");
  EXPECT_TRUE(evaluate(own, question()).is_allowed());
  own.identity = none();
  own.resource = resource("Allow");
  EXPECT_EQ(evaluate(own, question()),
            (Evaluation{Decision::implicit_deny, PolicyType::identity, {}}));
}

TEST(ResourceRequired, TheResourceMustAllowWithinTheAccountToo) {
  Policies trust = policies(allowing(), home_account);
  trust.sides = Sides::resource_required;
  EXPECT_EQ(evaluate(trust, question()),
            (Evaluation{Decision::implicit_deny, PolicyType::trust, {}}));
  trust.resource = resource("Allow", the_account);
  EXPECT_TRUE(evaluate(trust, question()).is_allowed());
}

TEST(ResourceRequired, SufficesAloneWhenItNamesTheCallerOfItsAccount) {
  Policies trust = policies(none(), home_account);
  trust.sides = Sides::resource_required;
  trust.resource = resource("Allow", the_account);
  EXPECT_EQ(evaluate(trust, question()).policy_type, PolicyType::identity);
  trust.resource = resource("Allow", the_caller);
  EXPECT_EQ(evaluate(trust, question()).policy_type, PolicyType::trust);
  EXPECT_TRUE(evaluate(trust, question()).is_allowed());
  trust.resource_account = other_account;
  EXPECT_FALSE(evaluate(trust, question()).is_allowed());
}

TEST(ResourceOnly, LetsAWebIdentityInThatHasNoPolicies) {
  const Question by_token = {.action = "signer:Assume",
                             .resource = "arn:aws:iam::444455556666:role/r",
                             .principal_arn = {},
                             .principal_account = {},
                             .federated_issuer = "ci.example.com",
                             .context = {}};
  Policies trust = policies(none(), other_account);
  trust.sides = Sides::resource_only;
  EXPECT_EQ(evaluate(trust, by_token),
            (Evaluation{Decision::implicit_deny, PolicyType::trust, {}}));
  trust.resource = resource("Allow", R"({"Federated": "ci.example.com"})");
  EXPECT_TRUE(evaluate(trust, by_token).is_allowed());
  trust.resource = resource("Deny", R"({"Federated": "ci.example.com"})");
  EXPECT_EQ(evaluate(trust, by_token).decision, Decision::explicit_deny);
}

TEST(ResourceOnly, IdentityPoliciesDoNotCount) {
  Policies trust = policies(allowing(), home_account);
  trust.sides = Sides::resource_only;
  EXPECT_FALSE(evaluate(trust, question()).is_allowed());
}

TEST(Reason, EndsTheSentenceOfARefusal) {
  using enum Decision;
  EXPECT_EQ(reason({implicit_deny, PolicyType::identity, {}}, action),
            "because no identity-based policy allows the signer:SignPayload action");
  EXPECT_EQ(reason({implicit_deny, PolicyType::session, {}}, action),
            "because no session policy allows the signer:SignPayload action");
  EXPECT_EQ(reason({explicit_deny, PolicyType::identity, {}}, action),
            "with an explicit deny in an identity-based policy");
  EXPECT_EQ(reason({explicit_deny, PolicyType::resource, {}}, action),
            "with an explicit deny in a resource-based policy");
  EXPECT_EQ(reason({implicit_deny, PolicyType::trust, {}}, "sts:AssumeRole"),
            "because no role trust policy allows the sts:AssumeRole action");
  EXPECT_EQ(reason({explicit_deny, PolicyType::trust, {}}, action),
            "with an explicit deny in the role trust policy");
  EXPECT_EQ(reason({allowed, PolicyType::identity, {}}, action), "");
}

}  // namespace
}  // namespace hallmark::policy
