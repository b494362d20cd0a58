#include "crypto/public_key.h"

#include <array>
#include <optional>
#include <string>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "base/check.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/oids.h"
#include "crypto/rsa.h"

namespace hallmark::crypto {
namespace {

constexpr std::uint8_t uncompressed = 4;  // SEC 1 §2.3.3
constexpr std::array<std::size_t, 3> modulus_sizes = {256, 384, 512};
// Of the INTEGER: 17 to 32 bits, and the sign.
constexpr std::array<std::size_t, 3> exponent_sizes = {3, 4, 5};
constexpr std::size_t integer_head = 2;  // of the exponent: tag and length

Bytes info_of_point(const KeyRow& row, ByteView point) {
  const Bytes algorithm = der::sequence(
      {der::known_identifier(oids::ec_public_key), der::known_identifier(row.curve_oid)});
  return der::sequence({algorithm, der::bit_string(point)});
}

// Nothing when it is not of a curve.
std::optional<PublicKey> find_point(ByteView info) {
  for (const KeyRow& row : key_rows()) {
    const std::size_t point_bytes = 1 + 2 * row.field_bytes;
    if (!is_curve(row) || info.size() < point_bytes) continue;
    const ByteView point = info.last(point_bytes);
    if (point[0] != uncompressed || info_of_point(row, point) != copy_of(info)) continue;
    return PublicKey{.kind = row.kind, .bits = point};
  }
  return std::nullopt;
}

ByteView without_sign(ByteView number) { return number[0] == 0 ? number.subspan(1) : number; }

// FIPS 186-5 §5.1 and §5.4. Of three bytes without leading zeros, the exponent has 17 bits or more.
bool is_sound(const PublicKey& key) {
  const bool is_odd = key.modulus.back() % 2 == 1 && key.exponent.back() % 2 == 1;
  return is_odd && (key.modulus.front() & 0x80) != 0 && key.exponent.size() >= 3;
}

// The key whose two numbers stand at the end of the info, if it is one and in its one form.
std::optional<PublicKey> rsa_at_end(ByteView info, std::size_t modulus_size,
                                    std::size_t exponent_size) {
  const std::size_t tail = modulus_size + integer_head + exponent_size;
  if (info.size() < tail) return std::nullopt;
  const ByteView exponent = without_sign(info.last(exponent_size));
  PublicKey key = {.kind = KeyKind::rsa,
                   .bits = {},
                   .modulus = info.last(tail).first(modulus_size),
                   .exponent = exponent};
  const Bytes bits = der::sequence({der::integer(key.modulus), der::integer(exponent)});
  const Bytes algorithm = der::sequence({der::known_identifier(oids::rsa_encryption), der::null()});
  if (der::sequence({algorithm, der::bit_string(bits)}) != copy_of(info) || !is_sound(key)) {
    return std::nullopt;
  }
  key.bits = info.last(bits.size());
  return key;
}

std::optional<PublicKey> find_rsa(ByteView info) {
  for (const std::size_t modulus_size : modulus_sizes) {
    for (const std::size_t exponent_size : exponent_sizes) {
      if (auto key = rsa_at_end(info, modulus_size, exponent_size)) return key;
    }
  }
  return std::nullopt;
}

}  // namespace

// OpenSSL 3.0 takes 130 µs to decode a public key, twice what a P-256 verification costs; writing
// the one accepted form and comparing is both quick and strict.
Result<PublicKey> read_public_key(ByteView subject_public_key_info) {
  if (auto key = find_point(subject_public_key_info)) return *key;
  if (auto key = find_rsa(subject_public_key_info)) return *key;
  return corrupt(unsupported_reason(subject_public_key_info));
}

Bytes public_key_info(KeyKind curve, ByteView x, ByteView y) {
  const KeyRow& row = row_of(curve);
  CHECK(is_curve(row) && x.size() == row.field_bytes && y.size() == row.field_bytes);
  Bytes point = {uncompressed};
  append(point, x);
  append(point, y);
  return info_of_point(row, point);
}

Result<KeyHandle> load_public_key(const PublicKey& key) {
  if (key.kind == KeyKind::rsa) return load_rsa(key.modulus, key.exponent);
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  if (context == nullptr) return openssl_error("prepare a public key");
  if (EVP_PKEY_fromdata_init(context.get()) != 1) return openssl_error("prepare a public key");
  // OSSL_PARAM has no const members, though these are only read: hence the copies.
  std::string group = row_of(key.kind).group;
  Bytes point = copy_of(key.bits);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* loaded = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &loaded, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
    return openssl_refusal("The public key is not a point of its curve.");
  }
  return KeyHandle(loaded);
}

}  // namespace hallmark::crypto
