// The API asked as a client of the Certificate Manager asks it. Only for tests.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "api/test_api.h"
#include "base/encoding.h"
#include "base/file.h"

namespace hallmark::api::test {

class AcmApiTest : public ApiTest {
 protected:
  auth::test::TestClient acm_client() const {
    auth::test::TestClient who = client();
    who.service = "acm";
    return who;
  }
  // A request as it is before it is signed.
  static http::Request acm_request(std::string_view target, std::string body) {
    http::Request request = auth::test::unsigned_request(Method::post, "/");
    request.headers.add("Content-Type", "application/x-amz-json-1.1");
    request.headers.add("X-Amz-Target", std::string(target));
    request.body = std::move(body);
    return request;
  }
  Answer call(std::string_view operation, std::string body) {
    http::Request request =
        acm_request(fmt::format("CertificateManager.{}", operation), std::move(body));
    auth::test::sign(request, acm_client());
    return send(std::move(request));
  }

  static std::string file(std::string_view name) {
    constexpr std::size_t bytes_max = 1 << 16;
    return value_of(
        read_file(fmt::format("{}/certificates/{}", HALLMARK_VECTORS, name), bytes_max));
  }
  static std::string base64(std::string_view name) { return to_base64(bytes_of(file(name))); }
  // The body that imports a self-signed certificate of tests/vectors/certificates; `more` are
  // further members, each after a comma.
  static std::string import_body(std::string_view name, std::string_view more = {}) {
    return fmt::format(R"({{"Certificate":"{}","PrivateKey":"{}"{}}})",
                       base64(fmt::format("{}.pem", name)), base64(fmt::format("{}.key", name)),
                       more);
  }
  // The ARN.
  std::string imported(std::string_view name = "unrelated", std::string_view more = {}) {
    made.clock.advance(std::chrono::milliseconds(1));  // of one millisecond none is first
    return call("ImportCertificate", import_body(name, more)).text("CertificateArn");
  }
  static std::string named(std::string_view arn, std::string_view more = {}) {
    return fmt::format(R"({{"CertificateArn":"{}"{}}})", arn, more);
  }
};

}  // namespace hallmark::api::test
