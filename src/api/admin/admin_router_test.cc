#include "api/admin/admin_router.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include <fmt/format.h>

#include "api/admin/operations.h"
#include "api/errors.h"
#include "auth/test_authenticator.h"
#include "auth/test_request.h"
#include "base/file.h"
#include "pki/test_authority.h"

namespace hallmark::api {
namespace {

using hallmark::test::value_of;
using http::Method;

constexpr std::string_view allow_all =
    R"({\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]})";
constexpr std::string_view trust_all =
    R"({\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":\"*\"}]})";

class NoBuckets final : public access::BucketOwners {
 public:
  Result<std::optional<std::string>> find_bucket_owner(std::string_view) override {
    return std::optional<std::string>();
  }
};

struct Answer {
  int status = 0;
  std::string body;
};

class AdminRouterTest : public testing::Test {
 protected:
  static http::Request request(std::string_view action, std::string_view body) {
    auto made = auth::test::unsigned_request(Method::post, "/" + std::string(action), {},
                                             std::string(body));
    made.peer = {.address = {}, .user = 0};
    return made;
  }
  Answer send(http::Request asked) {
    std::promise<http::Response> promise;
    auto response = promise.get_future();
    router_.handle(
        std::move(asked), http::Reply([&](Result<http::Response> reply) {
          promise.set_value(reply ? *std::move(reply) : render_refusal(reply.error(), ""));
        }));
    http::Response answered = response.get();
    return {answered.status, std::move(answered.body)};
  }
  Answer ask(std::string_view action, std::string_view body) { return send(request(action, body)); }
  // The answer to what must succeed.
  std::string answer(std::string_view action, std::string_view body) {
    const Answer answered = ask(action, body);
    EXPECT_EQ(answered.status, 200) << action << " " << answered.body;
    return answered.body;
  }
  void expect_refused(const Answer& answered, int status, std::string_view part) {
    EXPECT_EQ(answered.status, status) << answered.body;
    EXPECT_NE(answered.body.find(part), std::string::npos) << answered.body;
  }
  void notice_doubt(std::int64_t number) {
    hallmark::test::expect_done(made_.store->write([&](store::Transaction& tx) {
      return store::insert_standstill(tx, {number, "cause " + std::to_string(number), {}});
    }));
  }
  static std::string with(std::string_view text, std::string_view document) {
    return std::string(text) + ",\"PolicyDocument\":\"" + std::string(document) + "\"}";
  }
  void create_role() {
    answer("CreateRole",
           R"({"RoleName":"deploy","AssumeRolePolicyDocument":")" + std::string(trust_all) + "\"}");
  }

  identity::test::TestDirectory made_;
  auth::test::TestAuthentication authentication_{made_};
  NoBuckets buckets_;
  access::Authorizer authorizer_{*made_.store, buckets_, {}};
  identity::Administration administration_{
      {*made_.store, made_.sealer, made_.directory, authorizer_, made_.clock, made_.random}};
  std::unique_ptr<keys::KeyProvider> keys_ = pki::test::file_keys(made_.random);
  pki::Authority authority_{*made_.store, *keys_, made_.clock, made_.random, {}};
  pki::ImportedCertificates certificates_{*made_.store, *keys_, made_.clock, made_.random, {}};
  pki::CertificateRevocations revocations_{*made_.store, authority_, made_.clock, {}};
  audit::OpenGate gate_;
  signing::SigningGate signing_gate_;
  pki::Intermediates intermediates_{{*made_.store, *keys_, authority_, made_.clock, made_.random},
                                    {}};
  signing::RestoreAcceptance restores_{*made_.store, made_.clock, {}};
  AdminRouter router_{{authentication_.authenticator, authorizer_, administration_, certificates_,
                       revocations_, intermediates_, restores_, made_.clock, gate_, signing_gate_}};
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The door.

TEST_F(AdminRouterTest, OnlyRootAndTheServersUserAreLetIn) {
  for (const std::uint32_t user : {0u, auth::test::TestAuthentication::server_user, 1000u}) {
    auto asked = request("ListAccounts", "{}");
    asked.peer.user = user;
    EXPECT_EQ(send(std::move(asked)).status, user == 1000 ? 403 : 200) << user;
  }
}

TEST_F(AdminRouterTest, TheNetworkIsNotLetIn) {
  auto asked = request("ListAccounts", "{}");
  asked.peer = {.address = "127.0.0.1"};
  EXPECT_EQ(send(std::move(asked)).status, 403);
}

TEST_F(AdminRouterTest, WhatIsNoOperationIsRefused) {
  auto get = request("ListAccounts", "");
  get.method = Method::get;
  EXPECT_EQ(send(std::move(get)).status, 404);
  for (const char* action : {"", "Nonsense", "ListAccounts/", "listaccounts", "/ListAccounts"}) {
    EXPECT_EQ(ask(action, "{}").status, 404) << action;
  }
}

TEST_F(AdminRouterTest, BodiesThatAreNoneAreRefused) {
  expect_refused(ask("CreateUser", "{"), 400, "SerializationException");
  expect_refused(ask("CreateUser", "[]"), 400, "SerializationException");
  expect_refused(ask("CreateUser", R"({"UserName":1})"), 400, "UserName");
  expect_refused(ask("CreateUser", "{}"), 400, "UserName");
}

TEST_F(AdminRouterTest, EveryOperationHasAName) {
  const auto all = admin_operations();
  EXPECT_EQ(all.size(), 32u);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, [](const auto* each) { return each->name; }));
}

// The operations.

TEST_F(AdminRouterTest, AnAccountIsCreatedAndListed) {
  const std::string created = answer("CreateAccount", R"({"AccountId":"444455556666"})");
  EXPECT_TRUE(has(created, R"("AccountId":"444455556666","AccessKey":{"UserName":"admin")"));
  EXPECT_TRUE(has(created, R"("SecretAccessKey":")"));
  EXPECT_EQ(answer("ListAccounts", ""),
            R"({"Accounts":[{"Id":"111122223333"},{"Id":"444455556666"}]})");
  expect_refused(ask("CreateAccount", R"({"AccountId":"444455556666"})"), 409,
                 "EntityAlreadyExists");
  expect_refused(ask("CreateAccount", R"({"AccountId":"4"})"), 400, "ValidationException");
}

TEST_F(AdminRouterTest, AUserIsCreatedListedAndDeleted) {
  const std::string created = answer("CreateUser", R"({"UserName":"ci"})");
  EXPECT_TRUE(has(created, R"({"User":{"UserName":"ci","UserId":"AIDA)")) << created;
  EXPECT_TRUE(has(created, R"("Arn":"arn:aws:iam::111122223333:user/ci")")) << created;
  EXPECT_TRUE(has(created, R"("CreateDate":"2026-11-22T09:00:00Z")")) << created;
  EXPECT_TRUE(has(answer("ListUsers", "{}"), R"("UserName":"ci")"));
  EXPECT_EQ(answer("DeleteUser", R"({"UserName":"ci"})"),
            R"({"DeletedPolicies":[],"DeletedAccessKeys":[]})");
  expect_refused(ask("DeleteUser", R"({"UserName":"ci"})"), 404, "NoSuchEntity");
}

TEST_F(AdminRouterTest, OnADiskThatIsAlmostFullNothingIsAddedAndWhatIsThereIsTakenAway) {
  answer("CreateUser", R"({"UserName":"ci"})");
  signing_gate_.close(signing::SigningGate::Closed::space);
  expect_refused(ask("CreateUser", R"({"UserName":"cd"})"), 503, "disk");
  expect_refused(ask("RequestIntermediate", "{}"), 503, "disk");
  answer("ListUsers", "{}");
  answer("DeleteUser", R"({"UserName":"ci"})");
}

TEST_F(AdminRouterTest, ByAClockThatWasSetBackNothingIsChanged) {
  answer("CreateUser", R"({"UserName":"ci"})");
  signing_gate_.close(signing::SigningGate::Closed::clock);
  expect_refused(ask("DeleteUser", R"({"UserName":"ci"})"), 503, "clock");
  answer("ListUsers", "{}");
}

TEST_F(AdminRouterTest, OnlyDoubtsThatWereLookedAtAreAccepted) {
  EXPECT_EQ(answer("ListStandstills", "{}"), R"({"Standstills":[]})");
  expect_refused(ask("AcceptRestore", R"({"Numbers":[],"Reason":"r"})"), 404, "Nothing");
  notice_doubt(1);
  notice_doubt(2);
  EXPECT_TRUE(has(answer("ListStandstills", "{}"), R"("Number":2,"Cause":"cause 2")"));
  for (const char* numbers : {"[]", "[1]", "[2]", "[1,1]", "[1,3]", "[1,2,3]"}) {
    const auto body = fmt::format(R"({{"Numbers":{},"Reason":"r"}})", numbers);
    expect_refused(ask("AcceptRestore", body), 400, "not the doubts");
  }
  answer("AcceptRestore", R"({"Numbers":[2,1],"Reason":"r"})");
  EXPECT_EQ(answer("ListStandstills", "{}"), R"({"Standstills":[]})");
}

TEST_F(AdminRouterTest, DoubtsBeyondThoseThatAreListedAreNotAcceptedWithThem) {
  std::string numbers;
  for (int number = 1; number <= store::standstills_listed_max; ++number) {
    notice_doubt(number);
    numbers += fmt::format("{}{}", number == 1 ? "" : ",", number);
  }
  notice_doubt(store::standstills_listed_max + 1);
  answer("AcceptRestore", fmt::format(R"({{"Numbers":[{}],"Reason":"r"}})", numbers));
  const std::string left = answer("ListStandstills", "{}");
  EXPECT_TRUE(has(left, fmt::format(R"("Number":{},)", store::standstills_listed_max + 1))) << left;
}

TEST_F(AdminRouterTest, AnotherAccountIsNamed) {
  answer("CreateAccount", R"({"AccountId":"444455556666"})");
  const std::string created =
      answer("CreateUser", R"({"UserName":"ci","AccountId":"444455556666"})");
  EXPECT_TRUE(has(created, "arn:aws:iam::444455556666:user/ci")) << created;
  EXPECT_FALSE(has(answer("ListUsers", "{}"), "ci"));
}

TEST_F(AdminRouterTest, ListsComeInPages) {
  answer("CreateUser", R"({"UserName":"ci"})");
  const std::string first = answer("ListUsers", R"({"MaxItems":1})");
  EXPECT_TRUE(has(first, R"("IsTruncated":true,"Marker":"admin")")) << first;
  const std::string second = answer("ListUsers", R"({"MaxItems":1,"Marker":"admin"})");
  EXPECT_TRUE(has(second, R"("UserName":"ci")")) << second;
  EXPECT_TRUE(has(second, R"("IsTruncated":false})")) << second;
  for (const char* items : {"0", "1001", "-1"}) {
    EXPECT_EQ(ask("ListUsers", R"({"MaxItems":)" + std::string(items) + "}").status, 400);
  }
}

TEST_F(AdminRouterTest, ARoleIsCreatedTrustedOtherwiseAndDeleted) {
  create_role();
  answer("UpdateAssumeRolePolicy", with(R"({"RoleName":"deploy")", trust_all));
  const std::string roles = answer("ListRoles", "{}");
  EXPECT_TRUE(has(roles, R"("RoleName":"deploy","RoleId":"AROA)")) << roles;
  EXPECT_TRUE(has(roles, R"("MaxSessionDuration":3600)")) << roles;
  answer("DeleteRole", R"({"RoleName":"deploy"})");
  expect_refused(ask("CreateRole", R"({"RoleName":"deploy","AssumeRolePolicyDocument":"{}"})"), 400,
                 "MalformedPolicyDocument");
}

TEST_F(AdminRouterTest, AnAccessKeyLivesAndDies) {
  answer("CreateUser", R"({"UserName":"ci"})");
  const std::string created = answer(
      "CreateAccessKey",
      R"({"UserName":"ci","AccessKeyId":"AKIABROUGHTALONG0001","SecretAccessKey":"01234567890123456789"})");
  EXPECT_EQ(created,
            R"({"AccessKey":{"UserName":"ci","Status":"Active",)"
            R"("AccessKeyId":"AKIABROUGHTALONG0001","SecretAccessKey":"01234567890123456789",)"
            R"("CreateDate":"2026-11-22T09:00:00Z"}})");
  const std::string which = R"({"UserName":"ci","AccessKeyId":"AKIABROUGHTALONG0001")";
  answer("UpdateAccessKey", which + R"(,"Status":"Inactive"})");
  EXPECT_TRUE(has(answer("ListAccessKeys", R"({"UserName":"ci"})"), R"("Status":"Inactive")"));
  expect_refused(ask("UpdateAccessKey", which + R"(,"Status":"inactive"})"), 400, "Status");
  answer("DeleteAccessKey", which + "}");
  EXPECT_EQ(answer("ListAccessKeys", R"({"UserName":"ci"})"), R"({"AccessKeyMetadata":[]})");
}

TEST_F(AdminRouterTest, AKeyThatIsHalfBroughtAlongIsRefused) {
  expect_refused(ask("CreateAccessKey", R"({"AccessKeyId":"AKIABROUGHTALONG0001"})"), 400,
                 "SecretAccessKey");
  expect_refused(ask("CreateAccessKey", R"({"SecretAccessKey":"01234567890123456789"})"), 400,
                 "AccessKeyId");
}

TEST_F(AdminRouterTest, WithoutANameTheRootIsMeant) {
  const std::string created = answer("CreateAccessKey", "{}");
  EXPECT_TRUE(has(created, R"({"AccessKey":{"Status":"Active")")) << created;
  expect_refused(ask("CreateAccessKey", R"({"UserName":"a","RoleName":"b"})"), 400, "RoleName");
}

TEST_F(AdminRouterTest, PoliciesOfUsersAndRolesArePutReadListedAndDeleted) {
  create_role();
  for (const auto& [kind, who] : {std::pair("User", R"({"UserName":"admin")"),
                                  std::pair("Role", R"({"RoleName":"deploy")")}) {
    const std::string named = std::string(who) + R"(,"PolicyName":"sign")";
    answer("Put" + std::string(kind) + "Policy", with(named, allow_all));
    EXPECT_TRUE(has(answer("Get" + std::string(kind) + "Policy", named + "}"),
                    R"("PolicyName":"sign","PolicyDocument":")" + std::string(allow_all)));
    const std::string list = "List" + std::string(kind) + "Policies";
    EXPECT_TRUE(has(answer(list, std::string(who) + "}"), R"("sign"]})"));
    answer("Delete" + std::string(kind) + "Policy", named + "}");
    EXPECT_FALSE(has(answer(list, std::string(who) + "}"), "sign"));
  }
}

TEST_F(AdminRouterTest, ASimulationNamesTheStatement) {
  const std::string said =
      answer("SimulatePrincipalPolicy",
             R"({"UserName":"admin","ActionName":"signer:ListSigningJobs","ResourceArn":"*"})");
  EXPECT_EQ(said, R"({"EvalActionName":"signer:ListSigningJobs","EvalResourceName":"*",)"
                  R"("EvalDecision":"allowed","PolicyType":"identity-based policy",)"
                  R"("StatementIndex":0,"StatementId":"","PolicyName":"allow-everything"})");
}

TEST_F(AdminRouterTest, ASimulationTakesContextAndSessionPolicy) {
  const std::string said = answer(
      "SimulatePrincipalPolicy",
      R"({"UserName":"admin","ActionName":"signer:ListSigningJobs","ResourceArn":"*",)"
      R"("ContextEntries":[{"ContextKeyName":"aws:SourceIp","ContextKeyValues":["192.0.2.1"]}],)"
      R"("SessionPolicy":"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",)"
      R"(\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.1\"}}}]}"})");
  EXPECT_TRUE(has(said, R"("EvalDecision":"explicitDeny","PolicyType":"session policy")")) << said;
  EXPECT_TRUE(has(said, R"("Message":"User: arn:aws:iam::111122223333:user/admin is not)")) << said;
}

// Certificates.

class AdminCertificates : public AdminRouterTest {
 protected:
  static std::string pem(std::string_view name) {
    return value_of(
        read_file(std::string(HALLMARK_VECTORS "/certificates/") + std::string(name), 1 << 16));
  }
  static std::string body(std::string_view more = {}) {
    JsonWriter json;
    json.begin_object().member("Certificate", pem("signer.pem"));
    json.member("CertificateChain", pem("signer.chain.pem"));
    json.member("PrivateKey", pem("signer.key")).end_object();
    std::string text = json.take();
    text.insert(text.size() - 1, more);
    return text;
  }
  std::string imported() {
    const auto made = value_of(JsonDocument::parse(answer("ImportCertificate", body())));
    return std::string(value_of(value_of(made.root().object()).get_text("CertificateArn")));
  }
  static std::string naming(const std::string& arn) {
    return R"({"CertificateArn":")" + arn + R"("})";
  }
};

TEST_F(AdminCertificates, AreImportedAndListed) {
  const std::string arn = imported();
  EXPECT_TRUE(arn.starts_with("arn:aws:acm:us-east-1:111122223333:certificate/")) << arn;
  const std::string listed = answer("ListCertificates", "{}");
  EXPECT_TRUE(has(listed, arn)) << listed;
  EXPECT_TRUE(has(listed, R"("Status":"ISSUED","Subject":"CN=signer,O=Example")")) << listed;
  EXPECT_TRUE(has(listed, R"("InUse":false)")) << listed;
  EXPECT_FALSE(has(listed, "PRIVATE")) << listed;
}

TEST_F(AdminCertificates, GoToTheAccountThatIsNamed) {
  answer("CreateAccount", R"({"AccountId":"444455556666"})");
  const std::string made = answer("ImportCertificate", body(R"(,"AccountId":"444455556666")"));
  EXPECT_TRUE(has(made, ":444455556666:certificate/")) << made;
  EXPECT_FALSE(has(answer("ListCertificates", "{}"), ":444455556666:"));
  EXPECT_TRUE(has(answer("ListCertificates", R"({"AccountId":"444455556666"})"), ":444455556666:"));
  expect_refused(ask("ImportCertificate", body(R"(,"AccountId":"999999999999")")), 404,
                 "999999999999");
}

TEST_F(AdminCertificates, AreListedPageByPage) {
  imported();
  imported();
  const std::string first = answer("ListCertificates", R"({"MaxItems":1})");
  EXPECT_TRUE(has(first, R"("IsTruncated":true,"Marker":")")) << first;
  expect_refused(ask("ListCertificates", R"({"MaxItems":0})"), 400, "MaxItems");
  EXPECT_EQ(ask("ListCertificates", R"({"Marker":"x"})").status, 400);
}

TEST_F(AdminCertificates, AreRevokedOnceAndForAll) {
  const std::string arn = imported();
  const std::string first =
      answer("RevokeCertificate",
             R"({"CertificateArn":")" + arn + R"(","RevocationReason":"KEY_COMPROMISE"})");
  EXPECT_TRUE(has(first, R"("RevocationReason":"KEY_COMPROMISE")")) << first;
  EXPECT_EQ(answer("RevokeCertificate", naming(arn)), first);
  EXPECT_TRUE(has(answer("ListCertificates", "{}"), R"("Status":"REVOKED")"));
}

TEST_F(AdminCertificates, AreRevokedByOneName) {
  expect_refused(ask("RevokeCertificate", "{}"), 400, "One of");
  expect_refused(ask("RevokeCertificate", R"({"SerialNumber":"0A","Certificate":"x"})"), 400,
                 "One of");
  expect_refused(ask("RevokeCertificate", R"({"SerialNumber":"0A"})"), 404, "certificate list");
  expect_refused(
      ask("RevokeCertificate", R"({"SerialNumber":"0A","RevocationReason":"CERTIFICATE_HOLD"})"),
      400, "UNSPECIFIED, KEY_COMPROMISE");
}

TEST_F(AdminCertificates, ThatAreIssuedAreListed) {
  EXPECT_EQ(answer("ListIssuedCertificates", "{}"), R"({"Certificates":[],"IsTruncated":false})");
}

}  // namespace
}  // namespace hallmark::api
