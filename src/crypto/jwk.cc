#include "crypto/jwk.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/check.h"
#include "base/encoding.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "crypto/public_key.h"
#include "crypto/signer.h"

namespace hallmark::crypto {
namespace {

// Below, a modulus can be factored or soon will be; above, it costs more time than anybody's token
// is worth.
constexpr int rsa_bits_min = 2048;
constexpr int rsa_bits_max = 8192;
// FIPS 186-5 §5.4 begins at 2^16 + 1; all that are in use are small.
constexpr int exponent_bits_min = 17;
constexpr int exponent_bits_max = 32;

using ParameterBuilder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Handle<OSSL_PARAM, OSSL_PARAM_free>;

struct JwsRow {
  JwsAlgorithm algorithm;
  std::string_view name;
  DigestAlgorithm digest;
  std::optional<KeyAlgorithm> curve;  // nothing: RSA
};
constexpr std::array rows = {
    JwsRow{JwsAlgorithm::rs256, "RS256", DigestAlgorithm::sha256, {}},
    JwsRow{JwsAlgorithm::rs384, "RS384", DigestAlgorithm::sha384, {}},
    JwsRow{JwsAlgorithm::rs512, "RS512", DigestAlgorithm::sha512, {}},
    JwsRow{JwsAlgorithm::es256, "ES256", DigestAlgorithm::sha256, KeyAlgorithm::ecdsa_p256_sha256},
    JwsRow{JwsAlgorithm::es384, "ES384", DigestAlgorithm::sha384, KeyAlgorithm::ecdsa_p384_sha384},
};

struct Curve {
  std::string_view name;  // RFC 7518 §6.2.1.1
  KeyAlgorithm algorithm;
};
constexpr std::array curves = {Curve{"P-256", KeyAlgorithm::ecdsa_p256_sha256},
                               Curve{"P-384", KeyAlgorithm::ecdsa_p384_sha384}};

const EVP_MD* openssl_digest(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha1: return nullptr;  // no JWS algorithm has it
    case DigestAlgorithm::sha256: return EVP_sha256();
    case DigestAlgorithm::sha384: return EVP_sha384();
    case DigestAlgorithm::sha512: return EVP_sha512();
  }
  CHECK(false);
}

const JwsRow& row_of_jws(JwsAlgorithm algorithm) {
  const auto* row = std::ranges::find(rows, algorithm, &JwsRow::algorithm);
  CHECK(row != rows.end());
  return *row;
}

Bytes digest_with(DigestAlgorithm algorithm, ByteView bytes) {
  Hasher hasher(algorithm);
  hasher.update(bytes);
  return hasher.finish();
}

Result<Bytes> read_bytes(const JsonObject& jwk, std::string_view name) {
  TRY(const auto text, jwk.get_text(name));
  auto bytes = from_base64url(text);
  if (!bytes || bytes->empty()) return corrupt(fmt::format("{} is not base64url.", name));
  return *std::move(bytes);
}

// Base64urlUInt (RFC 7518 §2) has no leading zeros, but some issuers write one.
Bytes without_leading_zeros(const Bytes& number) {
  const auto first = std::ranges::find_if(number, [](std::uint8_t byte) { return byte != 0; });
  return {first, number.end()};
}

int bits_of(const Bytes& number) {  // without leading zeros
  if (number.empty()) return 0;
  int bits = static_cast<int>(number.size() - 1) * 8;
  for (unsigned first = number[0]; first != 0; first >>= 1) ++bits;
  return bits;
}

// RFC 7517 §4.2 and §4.3: a key for something else is not for signatures.
Result<void> check_use(const JsonObject& jwk) {
  TRY(const auto use, jwk.find_text("use"));
  if (use && *use != "sig") return corrupt("The key is not for signatures.");
  const auto operations = jwk.find("key_ops");
  if (!operations) return {};
  TRY(const auto names, operations->array());
  for (const JsonValue& name : names) {
    TRY(const auto text, name.text());
    if (text == "verify") return {};
  }
  return corrupt("The key is not for verification.");
}

BigNumHandle number_of(const Bytes& bytes) {
  return BigNumHandle(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

Result<KeyHandle> load_rsa(const Bytes& modulus, const Bytes& exponent) {
  const BigNumHandle n = number_of(modulus);
  const BigNumHandle e = number_of(exponent);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (n == nullptr || e == nullptr || builder == nullptr ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return openssl_error("describe an RSA key");
  }
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) {
    return openssl_error("prepare an RSA key");
  }
  EVP_PKEY* loaded = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &loaded, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return openssl_refusal("The RSA key cannot be read.");
  }
  return KeyHandle(loaded);
}

// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2) over a digest.
Result<bool> verify_rsa(EVP_PKEY* key, DigestAlgorithm algorithm, ByteView digest,
                        ByteView signature) {
  if (static_cast<int>(signature.size()) != EVP_PKEY_get_size(key)) return false;
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr || EVP_PKEY_verify_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), openssl_digest(algorithm)) != 1) {
    return openssl_error("prepare a verification with RSA");
  }
  const int answer = EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                                     digest.data(), digest.size());
  if (answer < 0) return openssl_error("verify a signature with RSA");
  if (answer == 0) ERR_clear_error();  // a wrong signature leaves a reason in the queue
  return answer == 1;
}

// The signature of JWS is r ‖ s, each of the field's length (RFC 7518 §3.4), and OpenSSL's a
// sequence of the two.
Result<bool> verify_ecdsa(KeyAlgorithm algorithm, ByteView public_key, ByteView digest,
                          ByteView signature) {
  const std::size_t field_bytes = row_of(algorithm).field_bytes;
  if (signature.size() != 2 * field_bytes) return false;
  const Bytes der = der::sequence(
      {der::integer(signature.first(field_bytes)), der::integer(signature.subspan(field_bytes))});
  return verify_digest(algorithm, public_key, digest, der);
}

}  // namespace

std::optional<JwsAlgorithm> find_jws_algorithm(std::string_view name) {
  const auto* row = std::ranges::find(rows, name, &JwsRow::name);
  if (row == rows.end()) return std::nullopt;
  return row->algorithm;
}

Result<JsonWebKey> JsonWebKey::parse(const JsonObject& jwk) {
  TRY(check_use(jwk));
  TRY(const auto type, jwk.get_text("kty"));
  TRY(const auto id, jwk.find_text("kid"));
  TRY(const auto algorithm, jwk.find_text("alg"));
  JsonWebKey key{std::string(id.value_or(""))};
  if (type == "RSA") {
    TRY(key.read_rsa(jwk));
  } else if (type == "EC") {
    TRY(const auto curve, jwk.get_text("crv"));
    TRY(key.read_point(jwk, curve));
  } else {
    return corrupt("The key's type is not supported.");
  }
  if (!algorithm) return key;
  key.only_ = find_jws_algorithm(*algorithm);
  if (key.only_ && key.fits(*key.only_)) return key;
  return corrupt("The key's algorithm is not supported.");
}

bool JsonWebKey::fits(JwsAlgorithm algorithm) const {
  return row_of_jws(algorithm).curve == curve_ && (!only_ || only_ == algorithm);
}

Result<bool> JsonWebKey::verify(JwsAlgorithm algorithm, ByteView signing_input,
                                ByteView signature) const {
  CHECK(fits(algorithm));
  const JwsRow& row = row_of_jws(algorithm);
  const Bytes digest = digest_with(row.digest, signing_input);
  if (curve_) return verify_ecdsa(*curve_, public_key_, digest, signature);
  TRY(const auto key, load_rsa(modulus_, exponent_));
  return verify_rsa(key.get(), row.digest, digest, signature);
}

Result<void> JsonWebKey::read_rsa(const JsonObject& jwk) {
  TRY(const auto modulus, read_bytes(jwk, "n"));
  TRY(const auto exponent, read_bytes(jwk, "e"));
  modulus_ = without_leading_zeros(modulus);
  exponent_ = without_leading_zeros(exponent);
  const int bits = bits_of(modulus_);
  const int exponent_bits = bits_of(exponent_);
  if (bits < rsa_bits_min || bits > rsa_bits_max || exponent_bits < exponent_bits_min ||
      exponent_bits > exponent_bits_max || modulus_.back() % 2 == 0 || exponent_.back() % 2 == 0) {
    return corrupt("The RSA key's modulus or exponent is not supported.");
  }
  TRY(const auto loaded, load_rsa(modulus_, exponent_));
  return {};
}

// RFC 7518 §6.2.1.2: the coordinates have the full length of the field.
Result<void> JsonWebKey::read_point(const JsonObject& jwk, std::string_view curve) {
  const auto* known = std::ranges::find(curves, curve, &Curve::name);
  if (known == curves.end()) return corrupt("The key's curve is not supported.");
  curve_ = known->algorithm;
  TRY(const auto x, read_bytes(jwk, "x"));
  TRY(const auto y, read_bytes(jwk, "y"));
  // RFC 7518 §6.2.1.2: "the length of this octet string MUST be the full size of a coordinate".
  const std::size_t field_bytes = row_of(*curve_).field_bytes;
  if (x.size() != field_bytes || y.size() != field_bytes) {
    return corrupt("A coordinate of the key has another length than its curve's.");
  }
  public_key_ = public_key_info(*curve_, x, y);
  TRY(const auto readable, read_public_key(public_key_));
  TRY(const auto loaded, load_public_key(readable));
  return {};
}

}  // namespace hallmark::crypto
