// What the tests of the Authenticator share. Only for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "auth/test_authenticator.h"
#include "auth/test_request.h"
#include "identity/test_directory.h"

namespace hallmark::auth::test {

using hallmark::test::error_of;
using hallmark::test::value_of;
using http::Method;

inline constexpr std::string_view body = R"({"platformId":"AWSLambda-SHA384-ECDSA"})";

// The header list with one field changed.
inline http::Headers with_value(const http::Headers& headers, std::string_view name,
                                std::string_view value) {
  http::Headers changed;
  for (const auto& field : headers.fields()) {
    changed.add(field.name, field.name == name ? value : field.value);
  }
  return changed;
}

class AuthenticatorTest : public testing::Test {
 protected:
  AuthenticatorTest() { made_.clock.set(value_of(from_rfc3339("2026-11-22T12:00:00Z"))); }

  TestClient client() const {
    return {.access_key_id = made_.admin.id,
            .secret = std::string(text_of(made_.admin.secret.reveal())),
            .time = made_.clock.now()};
  }
  static http::Request put() {
    return unsigned_request(Method::put, "/signing-profiles/Release", "a=1&b=x%20y",
                            std::string(body));
  }
  http::Request signed_put() const {
    http::Request request = put();
    sign(request, client());
    return request;
  }
  Result<access::Caller> authenticate(const http::Request& request) {
    TRY(auto authenticated, authenticator_.authenticate(request));
    return std::move(authenticated.caller);
  }
  ErrorKind refusal(const http::Request& request) { return error_of(authenticate(request)).kind; }
  // A signed request whose client differs from a good one.
  template <class Change>
  http::Request signed_by(Change change) const {
    TestClient changed = client();
    change(changed);
    http::Request request = put();
    sign(request, changed);
    return request;
  }
  // A request with a further header, which is signed too.
  http::Request signed_with(std::string_view name, std::string_view value) const {
    http::Request request = put();
    request.headers.add(name, value);
    sign(request, client());
    return request;
  }

  identity::test::TestDirectory made_;
  TestAuthentication authentication_{made_};
  Authenticator& authenticator_ = authentication_.authenticator;
};

}  // namespace hallmark::auth::test
