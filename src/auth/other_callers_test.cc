// Callers that sign nothing: operators on the admin socket and web identities.
#include <gtest/gtest.h>

#include "auth/test_fixture.h"

namespace hallmark::auth::test {
namespace {

class PeerTest : public AuthenticatorTest {
 protected:
  static http::Request from(std::optional<std::uint32_t> user) {
    http::Request request = put();
    request.peer = {.address = {}, .secure = true, .user = user};
    return request;
  }
  Result<access::Caller> authenticate_peer(const http::Request& request) {
    return authenticator_.authenticate_peer(request);
  }
};

TEST_F(PeerTest, RootIsAnOperatorWhoMayDoEverything) {
  const auto caller = value_of(authenticate_peer(from(0)));
  EXPECT_EQ(caller.principal().type, access::PrincipalType::machine_operator);
  EXPECT_EQ(caller.principal().account, made_.account);
  EXPECT_EQ(caller.principal().arn, "arn:aws:hallmark:::operator/uid-0");
  EXPECT_EQ(caller.principal().unique_id, "uid:0");
  ASSERT_EQ(caller.principal().policies.size(), 1U);
  const policy::Question question = {.action = "hallmark:CreateUser",
                                     .resource = "*",
                                     .principal_arn = caller.principal().arn,
                                     .principal_account = caller.principal().account.view(),
                                     .context = {}};
  EXPECT_EQ(caller.principal().policies[0].evaluate(question), policy::Verdict::allowed);
}

TEST_F(PeerTest, AnOperatorsRequestHasNoKeyAddressOrSignature) {
  const auto caller = value_of(authenticate_peer(from(0)));
  EXPECT_EQ(caller.request().access_key_id, "");
  EXPECT_EQ(caller.request().source_ip, "");
  EXPECT_EQ(caller.request().signature, "");
  EXPECT_EQ(caller.request().request_id, "0192f0c1-0000-7000-8000-000000000001");
  EXPECT_EQ(caller.request().time, made_.clock.now());
  EXPECT_TRUE(caller.request().secure_transport);
  EXPECT_EQ(caller.session(), nullptr);
}

TEST_F(PeerTest, TheServersOwnUserIsAnOperator) {
  const auto caller = value_of(authenticate_peer(from(TestAuthentication::server_user)));
  EXPECT_EQ(caller.principal().unique_id, "uid:990");
}

TEST_F(PeerTest, AnotherUserIsDenied) {
  for (const std::uint32_t user : {1U, 989U, 991U, 65534U, 4294967295U}) {
    EXPECT_EQ(error_of(authenticate_peer(from(user))).kind, ErrorKind::denied) << user;
  }
}

TEST_F(PeerTest, AConnectionWithoutAUserIsDenied) {
  EXPECT_EQ(error_of(authenticate_peer(from(std::nullopt))).kind, ErrorKind::denied);
}

TEST_F(PeerTest, ASignatureIsASecondSource) {
  http::Request request = from(0);
  sign(request, client());
  EXPECT_EQ(error_of(authenticate_peer(request)).kind, ErrorKind::bad_request);
  http::Request presigned = from(0);
  presign(presigned, client());
  EXPECT_EQ(error_of(authenticate_peer(presigned)).kind, ErrorKind::bad_request);
}

TEST_F(PeerTest, AUserOnTheNetworksDoorIsNoAuthentication) {
  EXPECT_EQ(refusal(from(0)), ErrorKind::unauthenticated);
}

class WebIdentityTest : public AuthenticatorTest {
 protected:
  Result<access::Caller> authenticate_token(const http::Request& request, std::string_view token) {
    return authenticator_.authenticate_web_identity(request, token);
  }
};

TEST_F(WebIdentityTest, ATokensHolderIsKnownByIssuerAndSubjectAndHasNoRights) {
  const auto caller = value_of(authenticate_token(put(), OneWebIdentity::known_token));
  EXPECT_EQ(caller.principal().type, access::PrincipalType::web_identity);
  EXPECT_EQ(caller.principal().account, made_.account);
  EXPECT_EQ(caller.principal().arn, "");
  EXPECT_EQ(caller.principal().unique_id, "gitlab.example.com:project_path:group/app:ref:main");
  EXPECT_TRUE(caller.principal().policies.empty());
}

TEST_F(WebIdentityTest, TheClaimsAreFactsOfTheRequest) {
  const auto caller = value_of(authenticate_token(put(), OneWebIdentity::known_token));
  EXPECT_EQ(caller.request().federated_issuer, "gitlab.example.com");
  ASSERT_EQ(caller.request().claims.size(), 2U);
  EXPECT_EQ(caller.request().claims[1].first, "gitlab.example.com:aud");
  EXPECT_EQ(caller.request().source_ip, "127.0.0.1");
  EXPECT_EQ(caller.request().access_key_id, "");
}

TEST_F(WebIdentityTest, ATokenThatProvesNothingIsDenied) {
  EXPECT_EQ(error_of(authenticate_token(put(), "other")).kind, ErrorKind::denied);
}

TEST_F(WebIdentityTest, ASignatureIsASecondSource) {
  EXPECT_EQ(error_of(authenticate_token(signed_put(), OneWebIdentity::known_token)).kind,
            ErrorKind::bad_request);
}

}  // namespace
}  // namespace hallmark::auth::test
