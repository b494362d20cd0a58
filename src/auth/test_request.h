// Requests signed by a client. Only for tests.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "http/message.h"
#include "sigv4/sigv4.h"

namespace hallmark::auth::test {

// What a client signs with; a test changes what it is about.
struct TestClient {
  std::string access_key_id;
  std::string secret;
  Timestamp time;
  std::string date = to_basic_date(time);  // of the scope
  std::string region = "us-east-1";
  std::string service = "signer";
  std::string time_header = "X-Amz-Date";
};

inline sigv4::RequestView view_of(const http::Request& request) {
  sigv4::RequestView view{.method = http::name_of(request.method),
                          .path = request.path,
                          .query = request.query,
                          .headers = {}};
  for (const auto& field : request.headers.fields()) {
    view.headers.emplace_back(field.name, field.value);
  }
  return view;
}

// A request as a client makes it before it signs.
inline http::Request unsigned_request(http::Method method, std::string path, std::string query = {},
                                      std::string body = {}) {
  http::Request request{.method = method,
                        .target = path + (query.empty() ? "" : "?" + query),
                        .path = path,
                        .query = query,
                        .headers = {},
                        .body = std::move(body),
                        .peer = {.address = "127.0.0.1"},
                        .request_id = "0192f0c1-0000-7000-8000-000000000001"};
  request.headers.add("Host", "127.0.0.1:9400");
  if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
  return request;
}

// Signs everything that is in the request, over a body of that hash.
inline void sign(http::Request& request, const TestClient& client,
                 const std::string& payload_sha256_hex) {
  const std::string time = to_basic(client.time);
  request.headers.add(client.time_header, time);
  const sigv4::Scope scope{client.date, client.region, client.service};
  const Secret key = sigv4::derive_signing_key(Secret(bytes_of(client.secret)), scope);
  const std::string header =
      sigv4::authorize(view_of(request), payload_sha256_hex, time, client.access_key_id, scope, key,
                       sigv4::PathStyle::normalized);
  request.headers.add("Authorization", header);
}

inline void sign(http::Request& request, const TestClient& client) {
  sign(request, client, to_hex(crypto::sha256(bytes_of(request.body))));
}

// How a test's URL is made; a test changes what it is about.
struct TestPresigning {
  std::chrono::seconds expires = std::chrono::minutes(1);
  std::string security_token = {};
};

// Signs everything that is in the request, in its query.
inline void presign(http::Request& request, const TestClient& client,
                    const TestPresigning& presigning = {}) {
  const sigv4::Scope scope{client.date, client.region, client.service};
  const Secret key = sigv4::derive_signing_key(Secret(bytes_of(client.secret)), scope);
  const std::string time = to_basic(client.time);
  request.query = sigv4::presign(view_of(request), to_hex(crypto::sha256(bytes_of(request.body))),
                                 {.access_key_id = client.access_key_id,
                                  .security_token = presigning.security_token,
                                  .scope = scope,
                                  .signing_key = key,
                                  .time = time,
                                  .expires = presigning.expires},
                                 sigv4::PathStyle::normalized);
  request.target = request.path + "?" + request.query;
}

}  // namespace hallmark::auth::test
