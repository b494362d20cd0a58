// Temporary credentials, in either form of authentication.
#include <gtest/gtest.h>

#include <chrono>

#include "auth/test_fixture.h"

namespace hallmark::auth::test {
namespace {

using std::chrono::hours;

class SessionTokenTest : public AuthenticatorTest {
 protected:
  identity::TemporaryCredentials session(std::string policy = {}) {
    return value_of(authentication_.sessions.create({.parent_access_key_id = made_.admin.id,
                                                     .role = {},
                                                     .name = {},
                                                     .policy = std::move(policy),
                                                     .expires_at = made_.clock.now() + hours(1)}));
  }
  TestClient client_of(const identity::TemporaryCredentials& session) const {
    TestClient by = client();
    by.access_key_id = session.access_key_id;
    by.secret = std::string(text_of(session.secret_access_key.reveal()));
    return by;
  }
  // Signed by a session's key, beside the token of that or another one; empty: none.
  http::Request in_header(const identity::TemporaryCredentials& session,
                          const std::string& token) const {
    http::Request request = put();
    if (!token.empty()) request.headers.add("X-Amz-Security-Token", token);
    sign(request, client_of(session));
    return request;
  }
  http::Request in_query(const identity::TemporaryCredentials& session,
                         const std::string& token) const {
    http::Request request = put();
    presign(request, client_of(session), {.security_token = token});
    return request;
  }
};

TEST_F(SessionTokenTest, ASessionActsAsItsPrincipalWithinItsLimits) {
  const auto made = session(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"signer:Get*","Resource":"*"}})");
  for (const auto& request :
       {in_header(made, made.session_token), in_query(made, made.session_token)}) {
    const auto caller = value_of(authenticate(request));
    EXPECT_EQ(caller.principal().arn, "arn:aws:iam::111122223333:user/admin");
    EXPECT_EQ(caller.request().access_key_id, made.access_key_id);
    ASSERT_NE(caller.session(), nullptr);
    EXPECT_EQ(caller.session()->issued_at, made_.clock.now());
    EXPECT_TRUE(caller.session()->policy);
  }
}

TEST_F(SessionTokenTest, ATokenInAHeaderServesAPresignedRequestWhenItIsSigned) {
  const auto made = session();
  http::Request request = put();
  request.headers.add("X-Amz-Security-Token", made.session_token);
  presign(request, client_of(made));
  EXPECT_TRUE(authenticate(request));
}

TEST_F(SessionTokenTest, ATokenInTheQueryAndOneInAHeaderAreTwoSources) {
  const auto made = session();
  http::Request request = put();
  request.headers.add("X-Amz-Security-Token", made.session_token);
  presign(request, client_of(made), {.security_token = made.session_token});
  EXPECT_EQ(refusal(request), ErrorKind::bad_request);
}

TEST_F(SessionTokenTest, ATokenThatIsNotSignedIsRefused) {
  const auto made = session();
  http::Request request = in_header(made, "");
  request.headers.add("X-Amz-Security-Token", made.session_token);
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

TEST_F(SessionTokenTest, ARepeatedTokenIsIncomplete) {
  const auto made = session();
  http::Request request = put();
  request.headers.add("X-Amz-Security-Token", made.session_token);
  request.headers.add("X-Amz-Security-Token", made.session_token);
  sign(request, client_of(made));
  EXPECT_EQ(refusal(request), ErrorKind::incomplete_signature);
}

TEST_F(SessionTokenTest, ATemporaryKeyWithoutItsTokenIsUnknown) {
  const auto made = session();
  EXPECT_EQ(refusal(in_header(made, "")), ErrorKind::unknown_access_key);
  EXPECT_EQ(refusal(in_query(made, "")), ErrorKind::unknown_access_key);
}

TEST_F(SessionTokenTest, ATokenOfAnotherKeyIsUnknown) {
  const auto mine = session();
  const auto other = session();
  EXPECT_EQ(refusal(in_header(mine, other.session_token)), ErrorKind::unknown_access_key);
  EXPECT_EQ(refusal(in_query(mine, other.session_token)), ErrorKind::unknown_access_key);
}

TEST_F(SessionTokenTest, ATokenBesideALongTermKeyIsUnknown) {
  const auto made = session();
  http::Request request = put();
  presign(request, client(), {.security_token = made.session_token});
  EXPECT_EQ(refusal(request), ErrorKind::unknown_access_key);
}

TEST_F(SessionTokenTest, AChangedTokenIsUnknown) {
  const auto made = session();
  std::string changed = made.session_token;
  changed.front() = changed.front() == 'A' ? 'B' : 'A';
  for (const std::string& token : {changed, std::string("x"), made.session_token + "A"}) {
    EXPECT_EQ(refusal(in_header(made, token)), ErrorKind::unknown_access_key) << token;
  }
}

TEST_F(SessionTokenTest, AnotherSecretIsAWrongSignature) {
  const auto made = session();
  http::Request request = put();
  request.headers.add("X-Amz-Security-Token", made.session_token);
  TestClient by = client_of(made);
  by.secret = client().secret;
  sign(request, by);
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

TEST_F(SessionTokenTest, ATokenPastItsTimeHasExpired) {
  const auto made = session();
  made_.clock.advance(hours(1));
  EXPECT_EQ(refusal(in_header(made, made.session_token)), ErrorKind::session_expired);
  EXPECT_EQ(refusal(in_query(made, made.session_token)), ErrorKind::session_expired);
}

TEST_F(SessionTokenTest, AStoreThatIsClosedIsNoRefusalOfTheToken) {
  const auto made = session();
  made_.directory.forget();
  made_.store->close();
  const ErrorKind kind = refusal(in_header(made, made.session_token));
  EXPECT_NE(kind, ErrorKind::unknown_access_key);
  EXPECT_NE(kind, ErrorKind::wrong_signature);
}

}  // namespace
}  // namespace hallmark::auth::test
