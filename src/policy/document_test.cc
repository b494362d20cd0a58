#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "policy/test_documents.h"

namespace hallmark::policy {
namespace {

struct Wrong {
  std::string_view json, message;
};

using test::ask;
using test::error_of;
using test::resource_policy;
using enum Verdict;

Document identity(std::string_view json) { return test::document_of(json, DocumentKind::identity); }

// IAM User Guide, "Amazon S3: Allows IAM users access to their S3 home directory, programmatically
// and in the console", without its console part.
constexpr std::string_view home_directory = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "ListTheConsole", "Effect": "Allow",
     "Action": ["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
     "Condition": {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}}},
    {"Effect": "Allow", "Action": "s3:*",
     "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}",
                  "arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}/*"]}
  ]})";

TEST(Document, HomeDirectoryLetsUsersIntoTheirOwnFolder) {
  const Document document = identity(home_directory);
  const auto verdict = [&](std::string_view action, std::string_view resource) {
    return document.evaluate(ask(action, resource));
  };
  EXPECT_EQ(verdict("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/home/johndoe/a"), allowed);
  EXPECT_EQ(verdict("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/home/jane/a"), not_mentioned);
  EXPECT_EQ(verdict("s3:ListAllMyBuckets", "*"), allowed);

  Question list = ask("s3:ListBucket", "arn:aws:s3:::amzn-s3-demo-bucket");
  EXPECT_EQ(document.evaluate(list), not_mentioned);
  list.context.push_back({"s3:prefix", {"home/johndoe/x"}});
  EXPECT_EQ(document.evaluate(list), allowed);
  list.context.back().second = {"home/jane/x"};
  EXPECT_EQ(document.evaluate(list), not_mentioned);
}

// IAM User Guide, "AWS: Denies access to AWS based on the source IP".
constexpr std::string_view source_ip = R"({
  "Version": "2012-10-17",
  "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
    "Condition": {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}}}})";

TEST(Document, SourceIpDeniesOtherNetworks) {
  Question question = ask("signer:SignPayload", "*");
  question.context.push_back({"aws:SourceIp", {"203.0.113.5"}});
  EXPECT_EQ(identity(source_ip).evaluate(question), not_mentioned);
  question.context.back().second = {"198.51.100.5"};
  EXPECT_EQ(identity(source_ip).evaluate(question), denied);
}

// IAM User Guide, "AWS: Denies access to resources outside your account except…": all but a few.
constexpr std::string_view all_but_iam = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:*",
     "NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"]}
  ]})";

TEST(Document, NotActionAllowsAllOthers) {
  const Document document = identity(all_but_iam);
  EXPECT_EQ(document.evaluate(ask("signer:SignPayload", "*")), allowed);
  EXPECT_EQ(document.evaluate(ask("iam:CreateUser", "*")), not_mentioned);
}

TEST(Document, NotResourceDeniesAllOthers) {
  const Document document = identity(all_but_iam);
  EXPECT_EQ(document.evaluate(ask("s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/x")), allowed);
  EXPECT_EQ(document.evaluate(ask("s3:GetObject", "arn:aws:s3:::HRBucket/x")), denied);
}

// AWS Signer Developer Guide, "Example identity-based policies": one version of a profile.
constexpr std::string_view pinned_version = R"({
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": ["signer:StartSigningJob"],
    "Resource": "arn:aws:signer:us-west-2:123456789012:/signing-profiles/ProdProfile",
    "Condition": {"StringEquals": {"signer:ProfileVersion": "t2yTLWd6sI"}}}]})";

TEST(Document, ProfileVersionIsPinned) {
  Question question = ask("signer:StartSigningJob",
                          "arn:aws:signer:us-west-2:123456789012:/signing-profiles/ProdProfile");
  EXPECT_EQ(identity(pinned_version).evaluate(question), not_mentioned);
  question.context.push_back({"signer:profileversion", {"t2yTLWd6sI"}});
  EXPECT_EQ(identity(pinned_version).evaluate(question), allowed);
}

TEST(Document, DenyWinsWhereverItStands) {
  const Document document = identity(R"({"Version": "2012-10-17", "Statement": [
    {"Sid": "No", "Effect": "Deny", "Action": "signer:Revoke*", "Resource": "*"},
    {"Sid": "Yes", "Effect": "Allow", "Action": "signer:*", "Resource": "*"}]})");
  EXPECT_EQ(document.evaluate(ask("signer:RevokeSignature", "*")), denied);
  EXPECT_EQ(document.evaluate(ask("signer:SignPayload", "*")), allowed);
}

TEST(Document, ExplainNamesTheStatement) {
  const Document document = identity(R"({"Statement": [
    {"Sid": "First", "Effect": "Allow", "Action": "signer:Get*", "Resource": "*"},
    {"Sid": "Second", "Effect": "Allow", "Action": "signer:*", "Resource": "*"},
    {"Effect": "Deny", "Action": "signer:Revoke*", "Resource": "*"}]})");
  const Finding first = document.explain(ask("signer:GetSigningProfile", "*"));
  EXPECT_EQ(first.statement, 0U);
  EXPECT_EQ(first.sid, "First");
  const Finding denial = document.explain(ask("signer:RevokeSignature", "*"));
  EXPECT_EQ(denial.verdict, denied);
  EXPECT_EQ(denial.statement, 2U);
  EXPECT_EQ(denial.sid, "");
}

TEST(Document, ActionsIgnoreCaseAndResourcesDoNot) {
  const Document document = identity(R"({"Statement":
    {"Effect": "Allow", "Action": "Signer:signpayload", "Resource": "arn:aws:signer:::/Profile"}})");
  EXPECT_EQ(document.evaluate(ask("signer:SignPayload", "arn:aws:signer:::/Profile")), allowed);
  EXPECT_EQ(document.evaluate(ask("signer:SignPayload", "arn:aws:signer:::/profile")),
            not_mentioned);
}

TEST(Document, StatementWithAnUnknownVariableSpeaksOfNothing) {
  constexpr auto statement = [](std::string_view effect) {
    return R"({"Version": "2012-10-17", "Statement": {"Effect": ")" + std::string(effect) +
           R"(", "Action": "*", "NotResource": ["arn:aws:s3:::${aws:PrincipalTag/team}"]}})";
  };
  EXPECT_EQ(identity(statement("Allow")).evaluate(ask("s3:GetObject", "arn:aws:s3:::b")),
            not_mentioned);
  EXPECT_EQ(identity(statement("Deny")).evaluate(ask("s3:GetObject", "arn:aws:s3:::b")),
            not_mentioned);
}

TEST(Document, UnknownVariableInAConditionCountsEvenBehindAMissingKey) {
  const Document document = identity(R"({"Version": "2012-10-17", "Statement":
    {"Effect": "Allow", "Action": "*", "Resource": "*",
     "Condition": {"StringNotEquals": {"a:k": "${a:unknown}"}}}})");
  EXPECT_EQ(document.evaluate(ask("s3:GetObject", "*")), not_mentioned);
}

TEST(Document, VariablesNeedTheVersionOf2012) {
  constexpr auto json = R"({"Statement": {"Effect": "Allow", "Action": "*",
    "Resource": "arn:aws:s3:::b/${aws:username}"}})";
  EXPECT_EQ(identity(json).evaluate(ask("s3:GetObject", "arn:aws:s3:::b/johndoe")), not_mentioned);
  EXPECT_EQ(identity(json).evaluate(ask("s3:GetObject", "arn:aws:s3:::b/${aws:username}")),
            allowed);
}

TEST(Document, CopiesShareWhatWasParsed) {
  const Document copy = Document(identity(all_but_iam));
  EXPECT_EQ(copy.evaluate(ask("signer:SignPayload", "*")), allowed);
}

TEST(Document, TrustPolicyNeedsNoResource) {
  const Document document = resource_policy(R"({"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}})");
  EXPECT_EQ(document.evaluate(ask("sts:AssumeRole", "arn:aws:iam::111122223333:role/r")), allowed);
}

TEST(Document, ThatCannotBeReadIsInvalidAndNamed) {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"", "Statement is required."},
           {"[]", "The policy document must be an object."},
           {"{} {}", "The policy document has data after the JSON value."},
           {R"({"Statement": 1, "Statement": 2})",
            "The policy document has two members of the same name."},
           {R"({"Version": "2012-10-18", "Statement": []})",
            "Version must be 2012-10-17 or 2008-10-17."},
           {R"({"Version": 2012})", "Version must be a string."},
           {R"({"Id": 7})", "Id must be a string."},
           {R"({"version": "2012-10-17"})", "version is not an element of a policy document."},
           {R"({"Statement": []})", "Statement must not be empty."},
           {R"({"Statement": "Allow"})", "Statement must be an object."},
           {R"({"Statement": [7]})", "Statement[0] must be an object."},
           {R"({"Statement": {}})", "Statement.Effect is required."},
           {R"({"Statement": [{"Efect": "Allow"}]})",
            "Statement[0].Efect is not an element of a policy statement."},
           {R"({"Statement": [{"Effect": "allow"}]})",
            "Statement[0].Effect must be Allow or Deny."},
           {R"({"Statement": [{"Effect": true}]})", "Statement[0].Effect must be a string."},
           {R"({"Statement": [{"Sid": "a b", "Effect": "Allow"}]})",
            "Statement[0].Sid must be letters and digits."},
           {R"({"Statement": [{"Effect": "Allow", "Resource": "*"}]})",
            "Statement[0] must have Action or NotAction."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*"}]})",
            "Statement[0] must have Resource or NotResource."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*", "NotAction": "s3:*"}]})",
            "Statement[0].NotAction must not stand beside Action."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
                               "NotResource": "*"}]})",
            "Statement[0].NotResource must not stand beside Resource."},
           {R"({"Statement": [{"Effect": "Allow", "Action": []}]})",
            "Statement[0].Action must not be empty."},
           {R"({"Statement": [{"Effect": "Allow", "Action": ["s3:*", 1]}]})",
            "Statement[0].Action[1] must be a string."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "bucket"}]})",
            "Statement[0].Resource must be * or an ARN."},
           {R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*",
                "Resource": ["*", "arn:aws:s3:::${user}"]}]})",
            "Statement[0].Resource[1]: '${user}' is not a policy variable."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
                               "Principal": "*"}]})",
            "Statement[0].Principal belongs in resource policies only."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
                               "Condition": {"StringEqual": {}}}]})",
            "Statement[0].Condition.StringEqual is not a condition operator."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
                               "Condition": {"Bool": {"a:k": "x"}}}]})",
            "Statement[0].Condition.Bool.a:k must be true or false."},
           {R"({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
                               "Condition": null}]})",
            "The policy document must not hold null: leave the element out instead."},
           {R"({"Statement": [
                 {"Sid": "A", "Effect": "Allow", "Action": "*", "Resource": "*"},
                 {"Sid": "A", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]})",
            "Statement has two statements with the Sid A."}}) {
    EXPECT_EQ(error_of(wrong.json, DocumentKind::identity), wrong.message);
  }
}

TEST(Document, ActionsThatNoServiceHasAreInvalid) {
  for (const std::string action :
       {"", "s3", "s3:", ":Get", "s*:Get", "s3:Get Object", "s3:${a:b}"}) {
    const auto json =
        R"({"Statement": {"Effect": "Allow", "Resource": "*", "Action": ")" + action + R"("}})";
    EXPECT_EQ(error_of(json, DocumentKind::identity),
              "Statement.Action must be * or have the form service:Action.")
        << action;
  }
}

TEST(Document, TakesAnyStatementIdInResourcePolicies) {
  resource_policy(R"({"Statement": {"Sid": "team_a-1", "Effect": "Allow", "Principal": "*",
                      "Action": "*"}})");
}

TEST(Document, NullInAStringIsText) {
  identity(R"({"Id": "a \"null\" \\", "Statement": {"Sid": "null", "Effect": "Allow",
               "Action": "*", "Resource": "*"}})");
}

TEST(Document, HasABoundedSize) {
  std::string json = R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
  json.resize(limits::policy_document_bytes_max, ' ');
  identity(json);
  json += ' ';
  EXPECT_EQ(error_of(json, DocumentKind::identity),
            "The policy document must be at most 20480 bytes.");
}

TEST(Document, DeepNestingIsInvalid) {
  EXPECT_NE(error_of(std::string(1000, '['), DocumentKind::identity), "");
}

}  // namespace
}  // namespace hallmark::policy
