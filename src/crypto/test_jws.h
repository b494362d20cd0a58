// Keys and tokens of issuers, made with the openssl command. Only for tests.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/test_support.h"

namespace hallmark::crypto::test {

class TestJwsKey {
 public:
  // `algorithm` is openssl genpkey's: "RSA -pkeyopt rsa_keygen_bits:2048".
  TestJwsKey(std::string id, const std::string& algorithm) : id_(std::move(id)) {
    shell("openssl genpkey -quiet -algorithm " + algorithm + " -out " + path("key.pem"));
    shell("openssl pkey -in " + path("key.pem") + " -pubout -outform DER -out " + path("key.der"));
  }
  static TestJwsKey rsa(std::string id, int bits = 2048) {
    return {std::move(id), fmt::format("RSA -pkeyopt rsa_keygen_bits:{}", bits)};
  }
  static TestJwsKey ec(std::string id, std::string_view curve = "P-256") {
    return {std::move(id), fmt::format("EC -pkeyopt ec_paramgen_curve:{}", curve)};
  }

  // The members of a key of RSA that openssl made with the exponent 65537.
  std::string rsa_jwk(std::string_view more = "") const {
    const std::string printed =
        shell("openssl rsa -pubin -inform DER -in " + path("key.der") + " -noout -modulus");
    const auto modulus =
        from_hex(printed.substr(printed.find('=') + 1, printed.size() - printed.find('=') - 2));
    return fmt::format(R"({{"kty":"RSA","kid":"{}","n":"{}","e":"AQAB"{}}})", id_,
                       to_base64url(modulus.value()), more);
  }
  std::string ec_jwk(std::string_view curve = "P-256", std::string_view more = "") const {
    const std::string der = value_of(read_file(path("key.der"), 1 << 16));
    const std::size_t field = curve == "P-256" ? 32 : 48;
    const ByteView point = bytes_of(der).last(2 * field);
    return fmt::format(R"({{"kty":"EC","kid":"{}","crv":"{}","x":"{}","y":"{}"{}}})", id_, curve,
                       to_base64url(point.first(field)), to_base64url(point.last(field)), more);
  }

  // A compact JWS (RFC 7515 §7.1) with a header that names this key.
  std::string sign(std::string_view algorithm, std::string_view payload) const {
    return sign_with_header(fmt::format(R"({{"alg":"{}","kid":"{}"}})", algorithm, id_), algorithm,
                            payload);
  }
  std::string sign_with_header(std::string_view header, std::string_view algorithm,
                               std::string_view payload) const {
    const std::string input =
        to_base64url(bytes_of(header)) + "." + to_base64url(bytes_of(payload));
    CHECK(write_file_durably(path("input"), bytes_of(input), 0600).has_value());
    shell(fmt::format("openssl dgst -sha{} -sign {} -out {} {}", algorithm.substr(2),
                      path("key.pem"), path("signature"), path("input")));
    const std::string signature = value_of(read_file(path("signature"), 1 << 16));
    const bool is_ec = algorithm.starts_with("ES");
    const std::size_t field = algorithm == "ES256" ? 32 : 48;
    return input + "." +
           to_base64url(is_ec ? raw_of(bytes_of(signature), field) : copy_of(bytes_of(signature)));
  }

 private:
  using TemporaryFolder = hallmark::test::TemporaryFolder;

  template <class T>
  static T value_of(Result<T> result) {
    return hallmark::test::value_of(std::move(result));
  }
  static std::string shell(const std::string& command) {
    auto done = hallmark::test::run(command);
    EXPECT_EQ(done.status, 0) << done.output;
    return done.output;
  }
  std::string path(std::string_view name) const { return (folder_->path() / name).string(); }

  // r ‖ s of SEQUENCE { INTEGER r, INTEGER s }, whose lengths are below 128.
  static Bytes raw_of(ByteView der, std::size_t field) {
    Bytes raw;
    ByteView rest = der.subspan(2);
    for (int i = 0; i < 2; ++i) {
      ByteView number = rest.subspan(2, rest[1]);
      rest = rest.subspan(2 + std::size_t(rest[1]));
      if (number.size() > field) number = number.last(field);
      raw.insert(raw.end(), field - number.size(), 0);
      append(raw, number);
    }
    return raw;
  }

  std::string id_;
  std::shared_ptr<TemporaryFolder> folder_ = std::make_shared<TemporaryFolder>();
};

}  // namespace hallmark::crypto::test
