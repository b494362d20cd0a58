#include "crypto/public_key.h"

#include <string>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "base/check.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"

namespace hallmark::crypto {
namespace {

constexpr std::uint8_t uncompressed = 4;                         // SEC 1 §2.3.3
constexpr std::string_view ec_public_key = "1.2.840.10045.2.1";  // RFC 5480 §2.1.1

Bytes info_of(const AlgorithmRow& row, ByteView point) {
  const Bytes algorithm =
      der::sequence({der::known_identifier(ec_public_key), der::known_identifier(row.curve_oid)});
  return der::sequence({algorithm, der::bit_string(point)});
}

}  // namespace

// OpenSSL 3.0 takes 130 µs to decode a public key, twice what a P-256 verification costs; writing
// the one accepted form and comparing is both quick and strict.
Result<PublicKey> read_public_key(ByteView subject_public_key_info) {
  for (const AlgorithmRow& row : algorithm_rows()) {
    const std::size_t point_bytes = 1 + 2 * row.field_bytes;
    if (subject_public_key_info.size() < point_bytes) continue;
    const ByteView point = subject_public_key_info.last(point_bytes);
    const bool same = info_of(row, point) == copy_of(subject_public_key_info);
    if (same && point[0] == uncompressed) return PublicKey{row.algorithm, point};
  }
  return corrupt("The public key is not of a supported kind.");
}

Bytes public_key_info(KeyAlgorithm algorithm, ByteView x, ByteView y) {
  const AlgorithmRow& row = row_of(algorithm);
  CHECK(x.size() == row.field_bytes && y.size() == row.field_bytes);
  Bytes point = {uncompressed};
  append(point, x);
  append(point, y);
  return info_of(row, point);
}

Result<KeyHandle> load_public_key(const PublicKey& key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  if (context == nullptr) return openssl_error("prepare a public key");
  if (EVP_PKEY_fromdata_init(context.get()) != 1) return openssl_error("prepare a public key");
  // OSSL_PARAM has no const members, though these are only read: hence the copies.
  std::string group = row_of(key.algorithm).group;
  Bytes point = copy_of(key.point);
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
