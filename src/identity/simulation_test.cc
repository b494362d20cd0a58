#include "identity/simulation.h"

#include <gtest/gtest.h>

#include "identity/administration.h"
#include "identity/principals.h"
#include "identity/test_administration.h"
#include "model/test_profile.h"
#include "store/profiles.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using policy::Decision;
using policy::PolicyType;

constexpr std::string_view release_arn =
    "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release";

std::string statement(std::string_view effect, std::string_view action, std::string_view more) {
  return R"({"Version":"2012-10-17","Statement":[{"Sid":"First","Effect":")" + std::string(effect) +
         R"(","Action":")" + std::string(action) + R"(",)" + std::string(more) + "}]}";
}
constexpr std::string_view on_all = R"("Resource":"*")";

class Simulations : public test::AdministrationTest {
 protected:
  Simulations() { value_of(create_user("ci")); }

  SimulatePrincipalPolicy call(std::string_view asked, std::string_view resource = "*") const {
    return {.who = user("ci"),
            .asked = std::string(asked),
            .resource = std::string(resource),
            .context = {},
            .session_policy = {}};
  }
  Result<Simulation> simulate(SimulatePrincipalPolicy asked) {
    return administration_.simulate(permitted(std::move(asked)));
  }
  Decision decide(SimulatePrincipalPolicy asked) {
    return value_of(simulate(std::move(asked))).judgement.evaluation.decision;
  }
  void put(std::string_view name, std::string_view document) {
    expect_done(put_policy("ci", name, document));
  }
  void add_profile(model::Permissions permissions = {}) {
    model::Profile profile = model::test::profile_named("Release");
    profile.account = made_.account;
    profile.version = value_of(model::ProfileVersion::parse("AbCdEfGhIj"));
    profile.tags = {{"team", "kernel"}};
    profile.permissions = std::move(permissions);
    expect_done(made_.store->write(
        [&](store::Transaction& tx) { return store::insert_profile(tx, profile); }));
  }
};

TEST_F(Simulations, WithoutAPolicyNothingIsAllowed) {
  const auto said = value_of(simulate(call("signer:ListSigningJobs")));
  EXPECT_EQ(said.judgement.evaluation.decision, Decision::implicit_deny);
  EXPECT_EQ(said.sentence,
            "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: "
            "signer:ListSigningJobs on resource: * because no identity-based policy allows the "
            "signer:ListSigningJobs action");
  EXPECT_EQ(said.policy_name, "");
}

TEST_F(Simulations, TheDecidingStatementIsNamed) {
  put("a-list", statement("Allow", "signer:List*", on_all));
  put("b-read", statement("Allow", "signer:Get*", on_all));
  const auto said = value_of(simulate(call("signer:GetSigningPlatform")));
  EXPECT_TRUE(said.judgement.evaluation.is_allowed());
  EXPECT_EQ(said.policy_name, "b-read");
  EXPECT_EQ(said.judgement.evaluation.matched->statement, 0u);
  EXPECT_EQ(said.judgement.evaluation.matched->sid, "First");
  EXPECT_EQ(said.sentence, "");
}

TEST_F(Simulations, ADenyIsNamedToo) {
  put("a-all", allow_everything);
  put("b-not", statement("Deny", "signer:SignPayload", on_all));
  const auto said = value_of(simulate(call("signer:SignPayload", release_arn)));
  EXPECT_EQ(said.judgement.evaluation.decision, Decision::explicit_deny);
  EXPECT_EQ(said.policy_name, "b-not");
  EXPECT_NE(said.sentence.find("with an explicit deny in an identity-based policy"),
            std::string::npos);
}

TEST_F(Simulations, AProfileIsJudgedWithItsTagsAndItsVersion) {
  add_profile();
  put("tagged",
      statement("Allow", "signer:*",
                R"("Resource":"*","Condition":{"StringEquals":{)"
                R"("aws:ResourceTag/team":"kernel","signer:ProfileVersion":"AbCdEfGhIj"}})"));
  EXPECT_EQ(decide(call("signer:SignPayload", release_arn)), Decision::allowed);
  EXPECT_EQ(decide(call("signer:SignPayload", std::string(release_arn) + "X")),
            Decision::implicit_deny);
}

TEST_F(Simulations, AProfilesPermissionsCount) {
  add_profile({.revision_id = "1",
               .statements = {{.statement_id = "ForCi",
                               .action = "signer:SignPayload",
                               .principal = "arn:aws:iam::111122223333:user/ci",
                               .profile_version = {}}}});
  const auto said = value_of(simulate(call("signer:SignPayload", release_arn)));
  EXPECT_TRUE(said.judgement.evaluation.is_allowed());
  EXPECT_EQ(said.judgement.evaluation.policy_type, PolicyType::resource);
  EXPECT_EQ(said.policy_name, "");
}

TEST_F(Simulations, AProfileIsNamedWithoutItsVersion) {
  EXPECT_EQ(
      error_of(simulate(call("signer:SignPayload", std::string(release_arn) + "/AbCdEfGhIj"))).kind,
      ErrorKind::invalid);
}

TEST_F(Simulations, TheContextIsTheRequests) {
  put("tag", statement("Allow", "signer:TagResource",
                       R"("Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/a":"b"}})"));
  auto asked = call("signer:TagResource", release_arn);
  EXPECT_EQ(decide(asked), Decision::implicit_deny);
  asked.context = {{"aws:RequestTag/a", {"b"}}};
  EXPECT_EQ(decide(asked), Decision::allowed);
}

TEST_F(Simulations, FactsOfTheRequestCanBeChosen) {
  put("then",
      statement("Allow", "signer:*",
                R"("Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},)"
                R"("DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"},)"
                R"("Bool":{"aws:SecureTransport":"false"}})"));
  auto asked = call("signer:ListSigningJobs");
  asked.context = {{"aws:SourceIp", {"192.0.2.7"}},
                   {"AWS:currenttime", {"2019-06-01T00:00:00Z"}},
                   {"aws:SecureTransport", {"false"}}};
  EXPECT_EQ(decide(asked), Decision::allowed);
  asked.context[1].second = {"2021-06-01T00:00:00Z"};
  EXPECT_EQ(decide(asked), Decision::implicit_deny);
  asked.context[1].second = {"yesterday"};
  EXPECT_EQ(error_of(simulate(asked)).kind, ErrorKind::invalid);
}

TEST_F(Simulations, ASessionPolicyOnlyTakesAway) {
  put("all", allow_everything);
  auto asked = call("signer:SignPayload", release_arn);
  asked.session_policy = statement("Allow", "signer:List*", on_all);
  const auto said = value_of(simulate(asked));
  EXPECT_EQ(said.judgement.evaluation.decision, Decision::implicit_deny);
  EXPECT_EQ(said.judgement.evaluation.policy_type, PolicyType::session);
  asked.session_policy = "{";
  EXPECT_EQ(error_of(simulate(asked)).reason, "MalformedPolicyDocument");
}

TEST_F(Simulations, TheRootMayDoEverything) {
  auto asked = call("signer:SignPayload", release_arn);
  asked.who = root();
  const auto said = value_of(simulate(asked));
  EXPECT_TRUE(said.judgement.evaluation.is_allowed());
  EXPECT_EQ(said.policy_name, "");
}

TEST_F(Simulations, ARoleActsInASession) {
  value_of(create_role(
      {role("deploy"),
       R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]})"}));
  auto asked = call("signer:ListSigningJobs");
  asked.who = role("deploy");
  EXPECT_EQ(value_of(simulate(asked)).sentence.substr(0, 71),
            "User: arn:aws:sts::111122223333:assumed-role/deploy/simulation is not a");
}

TEST_F(Simulations, ARoleIsAssumedWhenItsTrustPolicyAllowsItToo) {
  value_of(
      create_role({role("open"), R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
                                 R"("Principal":{"AWS":"arn:aws:iam::111122223333:user/ci"}}]})"}));
  value_of(create_user("other"));
  value_of(create_role({role("closed"),
                        R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
                        R"("Principal":{"AWS":"arn:aws:iam::111122223333:user/other"}}]})"}));
  put("all", allow_everything);
  EXPECT_EQ(decide(call("sts:AssumeRole", "arn:aws:iam::111122223333:role/open")),
            Decision::allowed);
  EXPECT_EQ(decide(call("sts:AssumeRole", "arn:aws:iam::111122223333:role/closed")),
            Decision::implicit_deny);
}

TEST_F(Simulations, NoPolicyOfAUserMakesItAWebIdentity) {
  put("all", statement("Allow", "*", on_all));
  EXPECT_EQ(decide(call("sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/Builder")),
            Decision::implicit_deny);
}

TEST_F(Simulations, ABucketOfAnotherAccountStaysClosed) {
  put("all", allow_everything);
  EXPECT_EQ(decide(call("s3:GetObjectVersion", "arn:aws:s3:::mine/key")), Decision::allowed);
  const auto said = value_of(simulate(call("s3:GetObjectVersion", "arn:aws:s3:::foreign/key")));
  EXPECT_FALSE(said.judgement.evaluation.is_allowed());
  EXPECT_NE(said.sentence.find("because the bucket belongs to another account"), std::string::npos);
}

TEST_F(Simulations, ActionsAndResourcesThatAreNoneAreRefused) {
  for (const char* asked : {"", "signer", "signer:", ":List", "signer:*", "signer:List Jobs"}) {
    EXPECT_EQ(error_of(simulate(call(asked))).kind, ErrorKind::invalid) << asked;
  }
  EXPECT_EQ(error_of(simulate(call("signer:SignPayload", "Release"))).kind, ErrorKind::invalid);
}

TEST_F(Simulations, WhoIsNotThereIsNotFound) {
  auto asked = call("signer:SignPayload");
  asked.who = user("nobody");
  EXPECT_EQ(error_of(simulate(asked)).kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace hallmark::identity
