#include "policy/evaluation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

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

Document parsed(std::string_view json, DocumentKind kind) {
  auto document = Document::parse(json, kind);
  CHECK(document.has_value());
  return *std::move(document);
}
Document identity(std::string_view effect, std::string_view of_action) {
  return parsed(R"({"Statement": {"Sid": "S", "Effect": ")" + std::string(effect) +
                    R"(", "Action": ")" + std::string(of_action) + R"(", "Resource": "*"}})",
                DocumentKind::identity);
}
Document resource(std::string_view effect) {
  return parsed(R"({"Statement": {"Sid": "R", "Effect": ")" + std::string(effect) +
                    R"(", "Principal": {"AWS": "111122223333"}, "Action": "signer:*"}})",
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
      parsed(R"({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}})",
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
  EXPECT_EQ(reason({allowed, PolicyType::identity, {}}, action), "");
}

}  // namespace
}  // namespace hallmark::policy
