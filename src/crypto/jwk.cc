#include "crypto/jwk.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/check.h"
#include "base/encoding.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "crypto/public_key.h"
#include "crypto/rsa.h"
#include "crypto/rsa_form.h"
#include "crypto/signer.h"

namespace hallmark::crypto {
namespace {

// Above, a modulus costs more time than anybody's token is worth.
constexpr int rsa_bits_max = 8192;

struct JwsRow {
  JwsAlgorithm algorithm;
  std::string_view name;
  DigestAlgorithm digest;
  std::optional<KeyKind> curve;  // nothing: RSA
};
constexpr std::array rows = {
    JwsRow{JwsAlgorithm::rs256, "RS256", DigestAlgorithm::sha256, {}},
    JwsRow{JwsAlgorithm::rs384, "RS384", DigestAlgorithm::sha384, {}},
    JwsRow{JwsAlgorithm::rs512, "RS512", DigestAlgorithm::sha512, {}},
    JwsRow{JwsAlgorithm::es256, "ES256", DigestAlgorithm::sha256, KeyKind::p256},
    JwsRow{JwsAlgorithm::es384, "ES384", DigestAlgorithm::sha384, KeyKind::p384},
};

struct Curve {
  std::string_view name;  // RFC 7518 §6.2.1.1
  KeyKind kind;
};
constexpr std::array curves = {Curve{"P-256", KeyKind::p256}, Curve{"P-384", KeyKind::p384}};

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

// The signature of JWS is r ‖ s, each of the field's length (RFC 7518 §3.4), and OpenSSL's a
// sequence of the two.
Result<bool> verify_ecdsa(KeyKind curve, ByteView public_key, ByteView digest, ByteView signature) {
  const std::size_t field_bytes = row_of(curve).field_bytes;
  if (signature.size() != 2 * field_bytes) return false;
  const Bytes der = der::sequence(
      {der::integer(signature.first(field_bytes)), der::integer(signature.subspan(field_bytes))});
  return verify_digest(algorithm_of(curve), public_key, digest, der);
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
  if (bits < rsa_bits_min || bits > rsa_bits_max || exponent_bits < rsa_exponent_bits_min ||
      exponent_bits > rsa_exponent_bits_max || modulus_.back() % 2 == 0 ||
      exponent_.back() % 2 == 0) {
    return corrupt("The RSA key's modulus or exponent is not supported.");
  }
  if (has_roca_form(modulus_)) return corrupt("The RSA key's factors are easily found.");
  TRY(const auto loaded, load_rsa(modulus_, exponent_));
  return {};
}

// RFC 7518 §6.2.1.2: the coordinates have the full length of the field.
Result<void> JsonWebKey::read_point(const JsonObject& jwk, std::string_view curve) {
  const auto* known = std::ranges::find(curves, curve, &Curve::name);
  if (known == curves.end()) return corrupt("The key's curve is not supported.");
  curve_ = known->kind;
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
