#include "crypto/jwk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "crypto/test_jws.h"

namespace hallmark::crypto {
namespace {

using hallmark::test::value_of;
using test::TestJwsKey;

// RFC 7515 appendix A.2 and A.3: the public keys and the tokens.
constexpr std::string_view rfc_modulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4"
    "QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdb"
    "BYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-D"
    "WNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
constexpr std::string_view rfc_x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr std::string_view rfc_y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr std::string_view rfc_rs256_input =
    "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS"
    "9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view rfc_rs256_signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5juj"
    "Gbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
    "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe"
    "7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8"
    "np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr std::string_view rfc_es256_input =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS"
    "9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view rfc_es256_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

Result<JsonWebKey> parse(const std::string& json) {
  const auto document = value_of(JsonDocument::parse(json));
  return JsonWebKey::parse(value_of(document.root().object()));
}
std::string rsa_json(std::string_view modulus = rfc_modulus, std::string_view exponent = "AQAB",
                     std::string_view more = "") {
  return fmt::format(R"({{"kty":"RSA","n":"{}","e":"{}"{}}})", modulus, exponent, more);
}
std::string ec_json(std::string_view x = rfc_x, std::string_view y = rfc_y,
                    std::string_view more = "") {
  return fmt::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}"{}}})", x, y, more);
}
Bytes decoded(std::string_view text) { return from_base64url(text).value(); }

bool verifies(const JsonWebKey& key, std::string_view token, JwsAlgorithm algorithm) {
  const std::size_t dot = token.rfind('.');
  return value_of(
      key.verify(algorithm, bytes_of(token.substr(0, dot)), decoded(token.substr(dot + 1))));
}

TEST(JwsAlgorithm, KnowsTheSignaturesWithPublicKeysOnly) {
  EXPECT_EQ(find_jws_algorithm("RS256"), JwsAlgorithm::rs256);
  EXPECT_EQ(find_jws_algorithm("ES384"), JwsAlgorithm::es384);
  for (const std::string_view name : {"none", "None", "NONE", "", "HS256", "HS384", "HS512",
                                      "PS256", "ES512", "EdDSA", "rs256", "RS256 "}) {
    EXPECT_EQ(find_jws_algorithm(name), std::nullopt) << name;
  }
}

TEST(JsonWebKey, VerifiesTheTokenOfRfc7515A2) {
  const auto key = value_of(parse(rsa_json()));
  EXPECT_TRUE(value_of(
      key.verify(JwsAlgorithm::rs256, bytes_of(rfc_rs256_input), decoded(rfc_rs256_signature))));
}

TEST(JsonWebKey, VerifiesTheTokenOfRfc7515A3) {
  const auto key = value_of(parse(ec_json()));
  EXPECT_TRUE(value_of(
      key.verify(JwsAlgorithm::es256, bytes_of(rfc_es256_input), decoded(rfc_es256_signature))));
}

TEST(JsonWebKey, AnyChangedBitOfASignatureIsAWrongOne) {
  const auto rsa = value_of(parse(rsa_json()));
  Bytes signature = decoded(rfc_rs256_signature);
  for (std::size_t i = 0; i < signature.size(); ++i) {
    signature[i] ^= 1;
    EXPECT_FALSE(value_of(rsa.verify(JwsAlgorithm::rs256, bytes_of(rfc_rs256_input), signature)));
    signature[i] ^= 1;
  }
  const auto point = value_of(parse(ec_json()));
  signature = decoded(rfc_es256_signature);
  for (std::size_t i = 0; i < signature.size(); ++i) {
    signature[i] ^= 1;
    EXPECT_FALSE(value_of(point.verify(JwsAlgorithm::es256, bytes_of(rfc_es256_input), signature)));
    signature[i] ^= 1;
  }
}

TEST(JsonWebKey, AnotherTextIsNotWhatWasSigned) {
  EXPECT_FALSE(value_of(value_of(parse(rsa_json()))
                            .verify(JwsAlgorithm::rs256, bytes_of("eyJhbGciOiJSUzI1NiJ9.e30"),
                                    decoded(rfc_rs256_signature))));
  EXPECT_FALSE(value_of(value_of(parse(ec_json()))
                            .verify(JwsAlgorithm::es256, bytes_of("eyJhbGciOiJFUzI1NiJ9.e30"),
                                    decoded(rfc_es256_signature))));
}

TEST(JsonWebKey, SignaturesOfAnotherFormAreWrongNotBroken) {
  const auto rsa = value_of(parse(rsa_json()));
  const auto point = value_of(parse(ec_json()));
  const Bytes modulus = decoded(rfc_modulus);
  Bytes longer = decoded(rfc_rs256_signature);
  longer.insert(longer.begin(), 0);
  for (const Bytes& signature : {Bytes(), Bytes(1), Bytes(64), Bytes(256), Bytes(256, 0xff),
                                 modulus, longer, Bytes(63, 1), Bytes(65, 1), Bytes(64, 0xff)}) {
    const ByteView input = bytes_of("x.y");
    EXPECT_FALSE(value_of(rsa.verify(JwsAlgorithm::rs256, input, signature)));
    EXPECT_FALSE(value_of(point.verify(JwsAlgorithm::es256, input, signature)));
  }
}

TEST(JsonWebKey, ASignatureInDerIsNotOneOfJws) {
  const TestJwsKey made = TestJwsKey::ec("a");
  const std::string token = made.sign("ES256", "{}");
  const auto key = value_of(parse(made.ec_jwk()));
  EXPECT_TRUE(verifies(key, token, JwsAlgorithm::es256));
  const Bytes raw = decoded(token.substr(token.rfind('.') + 1));
  Bytes der = {0x30, 0x44, 0x02, 0x20};
  append(der, ByteView(raw).first(32));
  append(der, Bytes{0x02, 0x20});
  append(der, ByteView(raw).last(32));
  EXPECT_FALSE(
      value_of(key.verify(JwsAlgorithm::es256, bytes_of(token.substr(0, token.rfind('.'))), der)));
}

// With keys and signatures that openssl makes.

TEST(JsonWebKey, VerifiesWhatOpensslSignsWithRsa) {
  const TestJwsKey made = TestJwsKey::rsa("a", 3072);
  const auto key = value_of(parse(made.rsa_jwk()));
  EXPECT_TRUE(verifies(key, made.sign("RS256", "{}"), JwsAlgorithm::rs256));
  EXPECT_TRUE(verifies(key, made.sign("RS384", "{}"), JwsAlgorithm::rs384));
  EXPECT_TRUE(verifies(key, made.sign("RS512", "{}"), JwsAlgorithm::rs512));
  EXPECT_FALSE(verifies(key, made.sign("RS256", "{}"), JwsAlgorithm::rs384));
}

TEST(JsonWebKey, VerifiesWhatOpensslSignsWithP384) {
  const TestJwsKey made = TestJwsKey::ec("a", "P-384");
  const auto key = value_of(parse(made.ec_jwk("P-384")));
  EXPECT_TRUE(verifies(key, made.sign("ES384", "{}"), JwsAlgorithm::es384));
  EXPECT_FALSE(
      verifies(key, TestJwsKey::ec("b", "P-384").sign("ES384", "{}"), JwsAlgorithm::es384));
}

// Which algorithm a key is for.

TEST(JsonWebKey, AKeyDecidesItsAlgorithms) {
  const auto rsa = value_of(parse(rsa_json()));
  EXPECT_TRUE(rsa.fits(JwsAlgorithm::rs256) && rsa.fits(JwsAlgorithm::rs512));
  EXPECT_FALSE(rsa.fits(JwsAlgorithm::es256));
  const auto point = value_of(parse(ec_json()));
  EXPECT_TRUE(point.fits(JwsAlgorithm::es256));
  EXPECT_FALSE(point.fits(JwsAlgorithm::es384) || point.fits(JwsAlgorithm::rs256));
}

TEST(JsonWebKey, AKeyThatNamesItsAlgorithmIsForNoOther) {
  const auto key = value_of(parse(rsa_json(rfc_modulus, "AQAB", R"(,"alg":"RS384")")));
  EXPECT_TRUE(key.fits(JwsAlgorithm::rs384));
  EXPECT_FALSE(key.fits(JwsAlgorithm::rs256));
}

TEST(JsonWebKey, KeepsItsId) {
  EXPECT_EQ(value_of(parse(ec_json(rfc_x, rfc_y, R"(,"kid":"2026-11")"))).id(), "2026-11");
  EXPECT_EQ(value_of(parse(ec_json())).id(), "");
}

TEST(JsonWebKey, MayNameItsUse) {
  EXPECT_TRUE(parse(ec_json(rfc_x, rfc_y, R"(,"use":"sig")")));
  EXPECT_TRUE(parse(ec_json(rfc_x, rfc_y, R"(,"key_ops":["sign","verify"])")));
}

TEST(JsonWebKey, OfAnotherUseIsRefused) {
  for (const char* more :
       {R"(,"use":"enc")", R"(,"key_ops":["encrypt"])", R"(,"key_ops":[])", R"(,"use":1)",
        R"(,"key_ops":"verify")", R"(,"alg":"HS256")", R"(,"alg":"RS256")", R"(,"alg":"none")",
        R"(,"alg":"ECDH-ES")", R"(,"alg":"ES384")", R"(,"kid":7)"}) {
    EXPECT_FALSE(parse(ec_json(rfc_x, rfc_y, more))) << more;
  }
}

TEST(JsonWebKey, OfAnotherTypeIsRefused) {
  for (const char* json :
       {"{}",
        R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i"})",
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
        R"({"kty":"rsa"})", R"({"kty":["RSA"]})", R"({"kty":"RSA"})", R"({"kty":"EC"})",
        R"({"kty":"EC","crv":"P-521"})", R"({"kty":"EC","crv":"P-256"})",
        R"({"kty":"EC","crv":"secp256k1"})"}) {
    EXPECT_FALSE(parse(json)) << json;
  }
}

// Keys that are weak or none.

TEST(JsonWebKey, OfRsaWithLessThan2048BitsIsRefused) {
  EXPECT_FALSE(parse(TestJwsKey::rsa("a", 1024).rsa_jwk()));
  EXPECT_FALSE(parse(TestJwsKey::rsa("a", 2040).rsa_jwk()));
}

TEST(JsonWebKey, OfRsaThatIsHugeIsRefused) {
  Bytes huge(8193 / 8 + 1, 0xff);
  EXPECT_FALSE(parse(rsa_json(to_base64url(huge))));
  huge.resize(100'000, 0xff);
  EXPECT_FALSE(parse(rsa_json(to_base64url(huge))));
}

TEST(JsonWebKey, OfRsaWithAnOddExponentOnly) {
  for (const std::string_view exponent : {"", "AA", "AQ", "Aw", "_w", "AQAA", "AQABAQAB", "*"}) {
    EXPECT_FALSE(parse(rsa_json(rfc_modulus, exponent))) << exponent;
  }
  EXPECT_TRUE(parse(rsa_json(rfc_modulus, "AAEAAQ")));  // a leading zero
}

TEST(JsonWebKey, OfRsaWithAnEvenModulusIsRefused) {
  Bytes even = decoded(rfc_modulus);
  even.back() = std::uint8_t(even.back() & 0xfe);
  EXPECT_FALSE(parse(rsa_json(to_base64url(even))));
}

TEST(JsonWebKey, OffItsCurveIsRefused) {
  Bytes y = decoded(rfc_y);
  y.back() ^= 1;
  EXPECT_FALSE(parse(ec_json(rfc_x, to_base64url(y))));
  EXPECT_FALSE(parse(ec_json(to_base64url(Bytes(32)), to_base64url(Bytes(32)))));
}

TEST(JsonWebKey, WithCoordinatesOfAnotherLengthIsRefused) {
  Bytes x = decoded(rfc_x);
  x.insert(x.begin(), 0);
  EXPECT_FALSE(parse(ec_json(to_base64url(x))));
  EXPECT_FALSE(parse(ec_json(rfc_x, rfc_y.substr(4))));
  EXPECT_FALSE(parse(ec_json(rfc_x, "")));
  EXPECT_FALSE(parse(ec_json(rfc_x, std::string(rfc_y) + "=")));
}

}  // namespace
}  // namespace hallmark::crypto
