// Authentication in the query.
#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "auth/test_fixture.h"

namespace hallmark::auth::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class PresignedTest : public AuthenticatorTest {
 protected:
  http::Request presigned_put(const TestPresigning& presigning = {}) const {
    http::Request request = put();
    presign(request, client(), presigning);
    return request;
  }
  template <class Change>
  http::Request presigned_by(Change change) const {
    TestClient changed = client();
    change(changed);
    http::Request request = put();
    presign(request, changed);
    return request;
  }
  static http::Request with_query(http::Request request, std::string query) {
    request.query = std::move(query);
    return request;
  }
  // Signed as the client likes: `query` has all of the authentication but its signature.
  http::Request signed_query(http::Request request, std::string query) const {
    const TestClient by = client();
    const sigv4::Scope scope{by.date, by.region, by.service};
    query += "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" +
             percent_encode(by.access_key_id + "/" + scope.text());
    request.query = query;
    const auto names = header_names(request);
    request.query += "&X-Amz-SignedHeaders=" + percent_encode(names.second);
    const std::string canonical = sigv4::canonical_request(
        view_of(request), names.first, to_hex(crypto::sha256(bytes_of(request.body))),
        sigv4::PathStyle::normalized);
    const Secret key = sigv4::derive_signing_key(Secret(bytes_of(by.secret)), scope);
    request.query +=
        "&X-Amz-Signature=" +
        sigv4::signature_hex(key, sigv4::string_to_sign(to_basic(by.time), scope, canonical));
    return request;
  }

 private:
  // Requires headers in lower case that are sorted.
  static std::pair<std::vector<std::string>, std::string> header_names(
      const http::Request& request) {
    std::vector<std::string> names;
    std::string joined;
    for (const auto& field : request.headers.fields()) {
      names.push_back(field.name);
      joined += (joined.empty() ? "" : ";") + field.name;
    }
    return {names, joined};
  }
};

http::Request get_with_lower_case_host() {
  http::Request request = unsigned_request(Method::get, "/signing-jobs");
  request.headers = {};
  request.headers.add("host", "127.0.0.1:9400");
  return request;
}

TEST_F(PresignedTest, ARequestComesFromTheKeysOwner) {
  const http::Request request = presigned_put();
  const auto authenticated = value_of(authenticator_.authenticate(request));
  EXPECT_EQ(authenticated.caller.principal().arn, "arn:aws:iam::111122223333:user/admin");
  EXPECT_EQ(authenticated.caller.request().access_key_id, made_.admin.id);
  EXPECT_TRUE(request.query.ends_with(authenticated.caller.request().signature));
  EXPECT_EQ(authenticated.service, "signer");
}

// "%2f" and "%2F" are the same.
bool is_case_of_escape(const std::string& query, std::size_t place, std::size_t bit) {
  const bool escaped =
      (place >= 1 && query[place - 1] == '%') || (place >= 2 && query[place - 2] == '%');
  return escaped && bit == 5 && std::isalpha(query[place]) != 0;
}

TEST_F(PresignedTest, AnyChangedBitOfTheQueryButTheCaseOfEscapesIsRefused) {
  http::Request request = presigned_put({.expires = seconds(899)});
  for (std::size_t i = 0; i < request.query.size() * 8; ++i) {
    if (is_case_of_escape(request.query, i / 8, i % 8)) continue;
    char& byte = request.query[i / 8];
    byte = char(byte ^ (1 << i % 8));
    EXPECT_FALSE(authenticate(request)) << request.query;
    byte = char(byte ^ (1 << i % 8));
  }
  EXPECT_TRUE(authenticate(request));
}

TEST_F(PresignedTest, AnotherBodyIsRefused) {
  http::Request request = presigned_put();
  request.body.pop_back();
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

TEST_F(PresignedTest, AnUnsignedPayloadIsRefused) {
  http::Request request = unsigned_request(Method::get, "/signing-jobs");
  const TestClient by = client();
  const sigv4::Scope scope{by.date, by.region, by.service};
  const Secret key = sigv4::derive_signing_key(Secret(bytes_of(by.secret)), scope);
  const std::string time = to_basic(by.time);
  request.query = sigv4::presign(view_of(request), "UNSIGNED-PAYLOAD",
                                 {.access_key_id = by.access_key_id,
                                  .security_token = {},
                                  .scope = scope,
                                  .signing_key = key,
                                  .time = time,
                                  .expires = minutes(1)},
                                 sigv4::PathStyle::normalized);
  EXPECT_EQ(refusal(request), ErrorKind::wrong_signature);
}

TEST_F(PresignedTest, AParameterThatIsMissingIsIncomplete) {
  for (const char* query :
       {"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Signature=b",
        "X-Amz-Credential=a", "X-Amz-Date=20261122T120000Z", "X-Amz-Security-Token=a"}) {
    EXPECT_EQ(refusal(unsigned_request(Method::get, "/signing-jobs", query)),
              ErrorKind::incomplete_signature)
        << query;
  }
}

TEST_F(PresignedTest, ARepeatedParameterIsIncomplete) {
  const http::Request request = presigned_put();
  EXPECT_EQ(refusal(with_query(request, request.query + "&X-Amz-Expires=60")),
            ErrorKind::incomplete_signature);
  EXPECT_EQ(refusal(with_query(request, request.query + "&x-amz-signature=0")),
            ErrorKind::incomplete_signature);
}

TEST_F(PresignedTest, AnAuthorizationHeaderBesideItIsASecondSource) {
  http::Request request = presigned_put();
  request.headers.add("Authorization", "Bearer x");
  EXPECT_EQ(refusal(request), ErrorKind::bad_request);
}

TEST_F(PresignedTest, AHeaderThatMeansSomethingMustBeSigned) {
  for (const char* name : {"x-amz-foo", "X-Amz-Date", "X-Amz-Security-Token", "x-amz-target",
                           "X-Amz-Content-Sha256"}) {
    http::Request request = presigned_put();
    request.headers.add(name, "20261122T120000Z");
    const Error error = error_of(authenticate(request));
    EXPECT_EQ(error.kind, ErrorKind::wrong_signature) << name;
    EXPECT_TRUE(error.message.ends_with("must be signed.")) << error.message;
  }
}

TEST_F(PresignedTest, TheContentTypeMustBeSigned) {
  http::Request request = unsigned_request(Method::get, "/signing-jobs");
  presign(request, client());
  request.headers.add("Content-Type", "application/json");
  EXPECT_EQ(error_of(authenticate(request)).message, "The header content-type must be signed.");
}

TEST_F(PresignedTest, TheHostMustBeSigned) {
  http::Request request = unsigned_request(Method::get, "/signing-jobs");
  request.headers = {};
  request.headers.add("User-Agent", "test");
  presign(request, client());
  request.headers.add("Host", "127.0.0.1:9400");
  EXPECT_EQ(error_of(authenticate(request)).message, "The header host must be signed.");
}

TEST_F(PresignedTest, ADateHeaderMeansNothing) {
  http::Request request = presigned_put();
  request.headers.add("Date", "20200101T000000Z");
  EXPECT_TRUE(authenticate(request));
}

TEST_F(PresignedTest, TheDateOfTheQueryOverridesThatOfTheHeaders) {
  http::Request request = get_with_lower_case_host();
  request.headers.add("x-amz-date", "20200101T000000Z");
  EXPECT_TRUE(authenticate(signed_query(request, "X-Amz-Date=20261122T120000Z")));
  EXPECT_EQ(refusal(signed_query(request, "X-Amz-Date=20200101T000000Z")),
            ErrorKind::wrong_signature);
}

TEST_F(PresignedTest, ADateInAHeaderServesWhenTheQueryHasNone) {
  for (const char* name : {"x-amz-date", "date"}) {
    http::Request request;
    if (std::string_view(name) == "date") {
      request = unsigned_request(Method::get, "/signing-jobs");
      request.headers = {};
      request.headers.add(name, "20261122T120000Z");
      request.headers.add("host", "127.0.0.1:9400");
    } else {
      request = get_with_lower_case_host();
      request.headers.add(name, "20261122T120000Z");
    }
    EXPECT_TRUE(authenticate(signed_query(request, "a=1"))) << name;
  }
  EXPECT_EQ(refusal(signed_query(get_with_lower_case_host(), "a=1")),
            ErrorKind::incomplete_signature);
}

// Time.

TEST_F(PresignedTest, ItIsGoodForExactlyAsLongAsItSays) {
  const http::Request request = presigned_put({.expires = seconds(60)});
  made_.clock.advance(seconds(60));
  EXPECT_TRUE(authenticate(request));
  made_.clock.advance(milliseconds(1));
  const Error error = error_of(authenticate(request));
  EXPECT_EQ(error.kind, ErrorKind::request_expired);
  EXPECT_EQ(error.message,
            "Signature expired: 20261122T120000Z is now earlier than 20261122T120000Z "
            "(20261122T120100Z - 60 sec.)");
}

TEST_F(PresignedTest, ItIsGoodForFifteenMinutesAtMost) {
  const Timestamp start = made_.clock.now();
  for (const seconds life : {seconds(900), seconds(901), seconds(3600), seconds(604800)}) {
    made_.clock.set(start);
    const http::Request request = presigned_put({.expires = life});
    made_.clock.advance(minutes(15));
    EXPECT_TRUE(authenticate(request)) << life.count();
    made_.clock.advance(milliseconds(1));
    EXPECT_EQ(refusal(request), ErrorKind::request_expired) << life.count();
  }
}

TEST_F(PresignedTest, ItIsGoodForFifteenMinutesWhenItDoesNotSay) {
  const http::Request request =
      signed_query(get_with_lower_case_host(), "X-Amz-Date=20261122T120000Z");
  made_.clock.advance(minutes(15));
  EXPECT_TRUE(authenticate(request));
  made_.clock.advance(milliseconds(1));
  EXPECT_EQ(refusal(request), ErrorKind::request_expired);
}

TEST_F(PresignedTest, ItMayBeSignedExactlyFifteenMinutesAhead) {
  const http::Request request = presigned_put();
  made_.clock.advance(-minutes(15));
  EXPECT_TRUE(authenticate(request));
  made_.clock.advance(-milliseconds(1));
  EXPECT_EQ(refusal(request), ErrorKind::request_expired);
}

TEST_F(PresignedTest, ASenselessLifeIsIncomplete) {
  EXPECT_EQ(refusal(presigned_put({.expires = seconds(0)})), ErrorKind::incomplete_signature);
  EXPECT_EQ(refusal(presigned_put({.expires = seconds(604801)})), ErrorKind::incomplete_signature);
}

// Scope and key.

TEST_F(PresignedTest, AnotherScopeIsRefused) {
  EXPECT_EQ(refusal(presigned_by([](TestClient& c) { c.date = "20261121"; })),
            ErrorKind::wrong_signature);
  EXPECT_EQ(refusal(presigned_by([](TestClient& c) { c.region = "eu-west-1"; })),
            ErrorKind::wrong_signature);
  EXPECT_EQ(refusal(presigned_by([](TestClient& c) { c.service = "s3"; })),
            ErrorKind::incomplete_signature);
}

TEST_F(PresignedTest, AnotherKeyOrSecretIsRefused) {
  EXPECT_EQ(refusal(presigned_by([](TestClient& c) { c.access_key_id = "AKIANOBODY"; })),
            ErrorKind::unknown_access_key);
  EXPECT_EQ(refusal(presigned_by([](TestClient& c) { c.secret += "x"; })),
            ErrorKind::wrong_signature);
}

}  // namespace
}  // namespace hallmark::auth::test
