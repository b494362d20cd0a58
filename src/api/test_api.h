// The API on a store of its own, asked by signed requests as a client sends them. Only for tests.
#pragma once

#include <future>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "api/acm/operations.h"
#include "api/errors.h"
#include "api/router.h"
#include "api/signer/operations.h"
#include "api/sts/operations.h"
#include "auth/test_authenticator.h"
#include "auth/test_request.h"
#include "base/json.h"
#include "identity/test_directory.h"
#include "signing/test_parts.h"

namespace hallmark::api::test {

using hallmark::test::expect_done;
using hallmark::test::value_of;
using http::Method;

inline constexpr std::string_view request_id = "0192f0c1-0000-7000-8000-000000000001";
inline constexpr std::string_view put_lambda = R"({"platformId":"AWSLambda-SHA384-ECDSA"})";

// What a client sees.
struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;

  std::string type() const {
    return std::string(headers.find("x-amzn-ErrorType").value_or("no x-amzn-ErrorType"));
  }
  JsonDocument json() const { return value_of(JsonDocument::parse(body)); }
  std::string text(std::string_view name) const {
    const JsonDocument document = json();
    const auto found = value_of(value_of(document.root().object()).find_text(name));
    return std::string(found.value_or("no " + std::string(name)));
  }
  std::string message() const { return text("message"); }
};

class ApiTest : public testing::Test {
 protected:
  ApiTest() { expect_done(parts.objects.create_bucket("bucket", made.account.view())); }

  auth::test::TestClient client() const {
    return {.access_key_id = made.admin.id,
            .secret = std::string(text_of(made.admin.secret.reveal())),
            .time = made.clock.now()};
  }
  Answer send(http::Request request) { return send_to(router, std::move(request)); }
  static Answer send_to(const Router& to, http::Request request) {
    std::promise<http::Response> promise;
    auto response = promise.get_future();
    to.handle(
        std::move(request), http::Reply([&](Result<http::Response> reply) {
          promise.set_value(reply ? *std::move(reply) : render_refusal(reply.error(), request_id));
        }));
    http::Response answered = response.get();
    return {answered.status, std::move(answered.headers), std::move(answered.body)};
  }
  Answer ask(Method method, std::string path, std::string query = {}, std::string body = {}) {
    http::Request request =
        auth::test::unsigned_request(method, std::move(path), std::move(query), std::move(body));
    auth::test::sign(request, client());
    return send(std::move(request));
  }
  Answer get(std::string path, std::string query = {}) {
    return ask(Method::get, std::move(path), std::move(query));
  }
  Answer put_profile(const std::string& name, std::string_view body = put_lambda) {
    return ask(Method::put, "/signing-profiles/" + name, {}, std::string(body));
  }
  Answer start_job(std::string body) {
    return ask(Method::post, "/signing-jobs", {}, std::move(body));
  }
  // Stores an object; answers its version.
  std::string put_object(std::string_view key) {
    return value_of(
               parts.objects.put({"bucket", std::string(key)}, MemoryReadAt(bytes_of("content"))))
        .location.version;
  }

  identity::test::TestDirectory made;
  signing::test::TestParts parts{*made.store, made.clock, made.random,
                                 made.folder.path() / "objects"};
  auth::test::TestAuthentication authentication{made};
  auth::Authenticator& authenticator = authentication.authenticator;
  Throttle throttle{{}, made.clock};
  identity::SecurityTokens security_tokens{*made.store, authentication.sessions, made.clock, {}};
  audit::Refusals refusals{*made.store};
  audit::OpenGate gate;
  audit::Reads reads{*made.store, {}, audit::Recording::on};
  // After what their tasks use when their answer is there already: their end waits for them.
  WorkPool pool{1, 100};
  WorkPool token_pool{1, 100};
  WorkPool object_pool{1, 100};
  static constexpr const Protocol* protocols[] = {&acm_protocol, &sts_protocol, &signer_protocol};
  RequestMeters meters{protocols};
  signing::SigningGate signing_gate;
  Services services{authenticator,
                    parts.authorizer,
                    parts.profiles,
                    parts.permissions,
                    parts.tags,
                    parts.jobs,
                    parts.payloads,
                    parts.revocations,
                    parts.tokens,
                    made.clock,
                    made.random,
                    throttle,
                    pool,
                    token_pool,
                    object_pool,
                    security_tokens,
                    parts.certificates,
                    refusals,
                    meters,
                    signing_gate,
                    reads,
                    gate};
  Router router{services, protocols, {}};
};

}  // namespace hallmark::api::test
