#include "crypto/token_values.h"

#include <openssl/core_names.h>
#include <openssl/objects.h>

#include "base/check.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "crypto/pkcs8_openssl.h"
#include "crypto/public_key.h"

namespace hallmark::crypto {
namespace {

constexpr std::uint8_t uncompressed = 0x04;  // SEC 1 §2.3.3

// A number of the key at its own length, or padded to `size` bytes.
Result<Secret> number_of(const EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) {
    return openssl_error("take a number of a private key");
  }
  const BigNumHandle owned(number);
  Secret bytes(size > 0 ? size : std::size_t(BN_num_bytes(number)));
  const int wanted = int(bytes.size());
  if (BN_bn2binpad(number, bytes.fill().data(), wanted) != wanted) {
    return openssl_error("write a number of a private key");
  }
  return bytes;
}

}  // namespace

Bytes curve_parameters(KeyKind curve) {
  CHECK(is_curve(row_of(curve)));
  return der::known_identifier(row_of(curve).curve_oid);
}

Result<Bytes> public_key_of_point(KeyKind curve, ByteView point) {
  const std::size_t size = row_of(curve).field_bytes;
  CHECK(size > 0);
  if (point.size() != 1 + 2 * size || point[0] != uncompressed) {
    return corrupt("The public key is no uncompressed point of its curve.");
  }
  Bytes key = public_key_info(curve, point.subspan(1, size), point.subspan(1 + size));
  TRY(const auto readable, read_public_key(key));
  TRY(load_public_key(readable));
  return key;
}

Bytes digest_info(DigestAlgorithm algorithm, ByteView digest) {
  const Bytes identifier =
      der_of<i2d_ASN1_OBJECT>(OBJ_nid2obj(EVP_MD_get_type(message_digest(algorithm))));
  CHECK(!identifier.empty());
  return der::sequence({der::sequence({identifier, der::null()}), der::octet_string(digest)});
}

Result<Secret> scalar_of_key(const PrivateKey& key) {
  TRY(const auto handle, read_pkcs8(key.pkcs8.reveal()));
  return number_of(handle.get(), OSSL_PKEY_PARAM_PRIV_KEY, row_of(key.kind).field_bytes);
}

Result<RsaNumbers> numbers_of_key(const PrivateKey& key) {
  TRY(const auto handle, read_pkcs8(key.pkcs8.reveal()));
  RsaNumbers numbers;
  TRY(numbers.modulus, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_N, 0));
  TRY(numbers.public_exponent, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_E, 0));
  TRY(numbers.private_exponent, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_D, 0));
  TRY(numbers.prime_1, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_FACTOR1, 0));
  TRY(numbers.prime_2, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_FACTOR2, 0));
  TRY(numbers.exponent_1, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_EXPONENT1, 0));
  TRY(numbers.exponent_2, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_EXPONENT2, 0));
  TRY(numbers.coefficient, number_of(handle.get(), OSSL_PKEY_PARAM_RSA_COEFFICIENT1, 0));
  return numbers;
}

}  // namespace hallmark::crypto
