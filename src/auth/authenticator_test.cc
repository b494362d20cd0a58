#include "auth/authenticator.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "auth/test_fixture.h"

namespace hallmark::auth::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_F(AuthenticatorTest, ASignedRequestComesFromTheKeysOwner) {
  const auto caller = value_of(authenticate(signed_put()));
  EXPECT_EQ(caller.principal().arn, "arn:aws:iam::111122223333:user/admin");
  EXPECT_EQ(caller.request().access_key_id, made_.admin.id);
  EXPECT_EQ(caller.request().source_ip, "127.0.0.1");
  EXPECT_EQ(caller.request().request_id, "0192f0c1-0000-7000-8000-000000000001");
  EXPECT_EQ(caller.request().time, made_.clock.now());
  EXPECT_FALSE(caller.request().secure_transport);
  EXPECT_EQ(caller.session(), nullptr);
}

TEST_F(AuthenticatorTest, TheSignatureIsAFactOfTheRequest) {
  const http::Request request = signed_put();
  const auto header = *request.headers.find("authorization");
  EXPECT_EQ(value_of(authenticate(request)).request().signature,
            header.substr(header.find("Signature=") + std::string_view("Signature=").size()));
}

TEST_F(AuthenticatorTest, ASignedGetWithoutABodyIsAccepted) {
  http::Request request = unsigned_request(Method::get, "/signing-platforms");
  sign(request, client());
  EXPECT_TRUE(authenticate(request));
}

TEST_F(AuthenticatorTest, ARequestWithItsOwnBodyHashIsAccepted) {
  EXPECT_TRUE(
      authenticate(signed_with("X-Amz-Content-Sha256", to_hex(crypto::sha256(bytes_of(body))))));
}

TEST_F(AuthenticatorTest, ADateInBasicFormServesAsTheTime) {
  EXPECT_TRUE(authenticate(signed_by([](TestClient& c) { c.time_header = "Date"; })));
}

// Every changed byte.

class MutationTest : public AuthenticatorTest {
 protected:
  // Each single-bit change of each byte of `text`, which is a part of `request`.
  void expect_refused(http::Request request, std::string http::Request::*text) {
    std::string& part = request.*text;
    for (std::size_t i = 0; i < part.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        part[i] = char(part[i] ^ (1 << bit));
        EXPECT_FALSE(authenticate(request)) << "byte " << i << ", bit " << bit << ": " << part;
        part[i] = char(part[i] ^ (1 << bit));
      }
    }
    EXPECT_TRUE(authenticate(request));
  }
};

TEST_F(MutationTest, AnyChangedBitOfThePathIsRefused) {
  expect_refused(signed_put(), &http::Request::path);
}

TEST_F(MutationTest, AnyChangedBitOfTheQueryIsRefused) {
  expect_refused(signed_put(), &http::Request::query);
}

TEST_F(MutationTest, AnyChangedBitOfTheBodyIsRefused) {
  expect_refused(signed_put(), &http::Request::body);
}

TEST_F(MutationTest, AnyChangedBitOfAHeadersValueIsRefused) {
  const http::Request request = signed_put();
  for (const auto& field : request.headers.fields()) {
    for (std::size_t i = 0; i < field.value.size() * 8; ++i) {
      http::Request changed = request;
      std::string value = field.value;
      value[i / 8] = char(value[i / 8] ^ (1 << i % 8));
      changed.headers = with_value(request.headers, field.name, value);
      EXPECT_FALSE(authenticate(changed)) << field.name << ": " << value;
    }
  }
}

TEST_F(MutationTest, AnyChangedBitOfAHeadersNameButItsCaseIsRefused) {
  const http::Request request = signed_put();
  for (const auto& field : request.headers.fields()) {
    for (std::size_t i = 0; i < field.name.size() * 8; ++i) {
      std::string name = field.name;
      name[i / 8] = char(name[i / 8] ^ (1 << i % 8));
      if (std::isalpha(field.name[i / 8]) != 0 && i % 8 == 5) continue;  // the case
      http::Request changed = request;
      changed.headers = {};
      for (const auto& other : request.headers.fields()) {
        changed.headers.add(other.name == field.name ? name : other.name, other.value);
      }
      EXPECT_FALSE(authenticate(changed)) << name;
    }
  }
}

TEST_F(MutationTest, AnotherMethodIsRefused) {
  http::Request request = signed_put();
  for (const Method method : {Method::get, Method::post, Method::del, Method::patch}) {
    request.method = method;
    EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
  }
}

TEST_F(MutationTest, ARemovedHeaderIsRefused) {
  const http::Request request = signed_put();
  for (const auto& gone : request.headers.fields()) {
    http::Request changed = request;
    changed.headers = {};
    for (const auto& field : request.headers.fields()) {
      if (field.name != gone.name) changed.headers.add(field.name, field.value);
    }
    EXPECT_FALSE(authenticate(changed)) << gone.name;
  }
}

TEST_F(MutationTest, ABodyCutShortIsRefused) {
  http::Request request = signed_put();
  request.body.pop_back();
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

TEST_F(MutationTest, AnAddedQueryParameterIsRefused) {
  http::Request request = signed_put();
  request.query += "&c";
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

// Where the authentication is.

TEST_F(AuthenticatorTest, ARequestWithoutAuthenticationIsUnauthenticated) {
  EXPECT_EQ(refusal(put()), ErrorKind::unauthenticated);
}

TEST_F(AuthenticatorTest, TwoAuthorizationHeadersAreRefused) {
  http::Request request = signed_put();
  request.headers.add("authorization", *request.headers.find("Authorization"));
  EXPECT_EQ(refusal(request), ErrorKind::bad_request);
}

TEST_F(AuthenticatorTest, AHeaderAndAQueryAuthenticationAreTwoSources) {
  for (const char* query : {"X-Amz-Credential=AKIA", "x-amz-signature=00", "X-AMZ-ALGORITHM=A",
                            "X-Amz-Security-Token=a", "%58-Amz-Date=20261122T120000Z"}) {
    http::Request request = unsigned_request(Method::get, "/signing-jobs", query);
    sign(request, client());
    EXPECT_EQ(refusal(request), ErrorKind::bad_request) << query;
  }
}

TEST_F(AuthenticatorTest, AnAuthorizationThatCannotBeReadIsIncomplete) {
  for (const char* header : {"", "Basic YTpi", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a",
                             "AWS4-ECDSA-P256-SHA256 Credential=a/b/c/d/aws4_request, "
                             "SignedHeaders=host, Signature=00"}) {
    http::Request request = put();
    request.headers.add("Authorization", header);
    EXPECT_EQ(refusal(request), ErrorKind::incomplete_signature) << header;
  }
}

// What must be signed.

TEST_F(AuthenticatorTest, AnUnsignedHeaderThatMeansSomethingIsRefused) {
  for (const char* name : {"x-amz-foo", "X-Amz-Content-Sha256", "X-Amz-Security-Token",
                           "x-amz-target", "X-AMZ-META"}) {
    http::Request request = signed_put();
    request.headers.add(name, "value");
    const Error error = error_of(authenticate(request));
    EXPECT_EQ(error.kind, ErrorKind::wrong_signature) << name;
    EXPECT_TRUE(error.message.ends_with("must be signed.")) << error.message;
  }
}

TEST_F(AuthenticatorTest, AnUnsignedContentTypeIsRefused) {
  http::Request request = unsigned_request(Method::get, "/signing-jobs");
  sign(request, client());
  request.headers.add("Content-Type", "application/json");
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

TEST_F(AuthenticatorTest, AnUnsignedHostIsRefused) {
  http::Request request = put();
  request.headers = {};  // signed without a host, which is added then
  sign(request, client());
  request.headers.add("Host", "127.0.0.1:9400");
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

TEST_F(AuthenticatorTest, UnsignedHeadersThatClientsAddLaterMeanNothing) {
  http::Request request = signed_put();
  request.headers.add("x-amz-user-agent", "aws-sdk-js/3");
  request.headers.add("X-Amzn-Trace-Id", "Root=1");
  request.headers.add("Accept", "*/*");
  request.headers.add("User-Agent", "test");
  const auto caller = value_of(authenticate(request));
  EXPECT_EQ(caller.request().user_agent, "test");
}

TEST_F(AuthenticatorTest, AnUnsignedDateBesideAnAmzDateMeansNothing) {
  http::Request request = signed_put();
  request.headers.add("Date", "Sun, 22 Nov 2026 09:08:07 GMT");
  EXPECT_TRUE(authenticate(request));
}

TEST_F(AuthenticatorTest, ASignedHeaderThatIsNotThereIsRefused) {
  http::Request request = signed_with("X-Custom", "");
  http::Headers without;
  for (const auto& field : request.headers.fields()) {
    if (field.name != "X-Custom") without.add(field.name, field.value);
  }
  request.headers = without;
  EXPECT_EQ(error_of(authenticate(request)).message,
            "The signed header x-custom is not in the request.");
}

// The body's hash.

TEST_F(AuthenticatorTest, AHashOfAnotherBodyIsRefused) {
  EXPECT_EQ(refusal(signed_with("X-Amz-Content-Sha256", to_hex(crypto::sha256(bytes_of("other"))))),
            ErrorKind::wrong_signature);
}

TEST_F(AuthenticatorTest, ModesWithoutABodyHashAreRefused) {
  for (const std::string mode :
       {"UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", ""}) {
    http::Request request = put();
    request.headers.add("X-Amz-Content-Sha256", mode);
    sign(request, client(), mode);  // as S3's clients do
    EXPECT_EQ(refusal(request), ErrorKind::wrong_signature) << mode;
  }
}

TEST_F(AuthenticatorTest, TwoBodyHashesAreRefused) {
  http::Request request = put();
  request.headers.add("X-Amz-Content-Sha256", to_hex(crypto::sha256(bytes_of(body))));
  request.headers.add("X-Amz-Content-Sha256", to_hex(crypto::sha256(bytes_of(body))));
  sign(request, client());
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

// Time.

TEST_F(AuthenticatorTest, ARequestIsGoodForExactlyFifteenMinutes) {
  const http::Request request = signed_put();
  made_.clock.advance(minutes(15));
  EXPECT_TRUE(authenticate(request));
  made_.clock.advance(milliseconds(1));
  EXPECT_EQ(refusal(request), ErrorKind::request_expired);
}

TEST_F(AuthenticatorTest, ARequestMayBeSignedExactlyFifteenMinutesAhead) {
  const http::Request request = signed_put();
  made_.clock.advance(-minutes(15));
  EXPECT_TRUE(authenticate(request));
  made_.clock.advance(-milliseconds(1));
  EXPECT_EQ(refusal(request), ErrorKind::request_expired);
}

TEST_F(AuthenticatorTest, TheRefusalOfAnOldRequestNamesTheTimes) {
  const http::Request request = signed_put();
  made_.clock.advance(minutes(20));
  EXPECT_EQ(error_of(authenticate(request)).message,
            "Signature expired: 20261122T120000Z is now earlier than 20261122T120500Z "
            "(20261122T122000Z - 15 min.)");
}

TEST_F(AuthenticatorTest, ARequestAcrossMidnightIsAccepted) {
  made_.clock.set(value_of(from_rfc3339("2026-11-22T23:59:59Z")));
  const http::Request request = signed_put();
  made_.clock.advance(seconds(2));
  EXPECT_TRUE(authenticate(request));
}

TEST_F(AuthenticatorTest, ATimeInAnotherFormIsIncomplete) {
  for (const char* time : {"", "2026-11-22T12:00:00Z", "20261122T120000", "20261122T250000Z",
                           "Sun, 22 Nov 2026 12:00:00 GMT"}) {
    http::Request request = signed_put();
    request.headers = with_value(request.headers, "X-Amz-Date", time);
    EXPECT_EQ(refusal(request), ErrorKind::incomplete_signature) << time;
  }
}

TEST_F(AuthenticatorTest, ARepeatedTimeIsIncomplete) {
  http::Request request = signed_put();
  request.headers.add("x-amz-date", *request.headers.find("x-amz-date"));
  EXPECT_EQ(refusal(request), ErrorKind::incomplete_signature);
}

// The scope.

TEST_F(AuthenticatorTest, AScopeOfAnotherDayIsRefused) {
  EXPECT_EQ(refusal(signed_by([](TestClient& c) { c.date = "20261121"; })),
            ErrorKind::wrong_signature);
}

TEST_F(AuthenticatorTest, AScopeOfAnotherRegionIsRefusedAndOursIsNamed) {
  const Error error =
      error_of(authenticate(signed_by([](TestClient& c) { c.region = "eu-west-1"; })));
  EXPECT_EQ(error.kind, ErrorKind::wrong_signature);
  EXPECT_NE(error.message.find("This service is in 'us-east-1'."), std::string::npos);
}

TEST_F(AuthenticatorTest, AScopeOfAnotherServiceIsIncompleteAndOursAreNamed) {
  const Error error = error_of(authenticate(signed_by([](TestClient& c) { c.service = "s3"; })));
  EXPECT_EQ(error.kind, ErrorKind::incomplete_signature);
  EXPECT_EQ(
      error.message,
      "Credential should be scoped to correct service: 'signer' or 'sts' or 'acm', not 's3'.");
}

TEST_F(AuthenticatorTest, TheScopesServiceIsTheOneThatIsAsked) {
  for (const char* service : {"signer", "sts"}) {
    const auto authenticated = value_of(
        authenticator_.authenticate(signed_by([&](TestClient& c) { c.service = service; })));
    EXPECT_EQ(authenticated.service, service);
  }
}

// Keys.

TEST_F(AuthenticatorTest, AnotherSecretIsAWrongSignature) {
  EXPECT_EQ(refusal(signed_by([](TestClient& c) { c.secret += "x"; })), ErrorKind::wrong_signature);
}

TEST_F(AuthenticatorTest, AnUnknownKeyIsUnknownHoweverItIsSigned) {
  EXPECT_EQ(refusal(signed_by([](TestClient& c) { c.access_key_id = "AKIANOBODY"; })),
            ErrorKind::unknown_access_key);
  EXPECT_EQ(refusal(signed_by([](TestClient& c) {
              c.access_key_id = "AKIANOBODY";
              c.secret = "an access key that nobody has has this secret";
            })),
            ErrorKind::unknown_access_key);
}

TEST_F(AuthenticatorTest, TheRulesBeforeTheKeyAreTheSameForAnUnknownKey) {
  http::Request request = signed_by([](TestClient& c) { c.access_key_id = "AKIANOBODY"; });
  request.headers.add("x-amz-foo", "unsigned");
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
  http::Request old = signed_by([](TestClient& c) { c.access_key_id = "AKIANOBODY"; });
  made_.clock.advance(minutes(16));
  EXPECT_EQ(refusal(old), ErrorKind::request_expired);
}

TEST_F(AuthenticatorTest, ASessionTokenBesideALongTermKeyIsRefused) {
  EXPECT_EQ(refusal(signed_with("X-Amz-Security-Token", "token")), ErrorKind::unknown_access_key);
}

TEST_F(AuthenticatorTest, AReplacedSecretIsUsedAtOnce) {
  EXPECT_TRUE(authenticate(signed_put()));
  made_.sealer.replaced = "another secret";
  made_.directory.forget();
  EXPECT_EQ(refusal(signed_put()), ErrorKind::wrong_signature);
  EXPECT_TRUE(authenticate(signed_by([](TestClient& c) { c.secret = "another secret"; })));
}

TEST_F(AuthenticatorTest, AStoreThatIsClosedIsNoRefusalOfTheKey) {
  made_.store->close();
  const ErrorKind kind = refusal(signed_put());
  EXPECT_NE(kind, ErrorKind::unknown_access_key);
  EXPECT_NE(kind, ErrorKind::wrong_signature);
}

}  // namespace
}  // namespace hallmark::auth::test
