#include <nettle/ecdsa.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include "crypto/algorithm_table.h"
#include "crypto/nettle.h"
#include "crypto/pkcs8_openssl.h"
#include "crypto/signer.h"

namespace hallmark::crypto {
namespace {

struct KeyPair {
  Secret scalar;  // big-endian
  Bytes point;    // uncompressed (SEC 1 §2.3.3)
};

// Nettle generates, because it draws from the Random that it is given; OpenSSL does not.
KeyPair generate_pair(const KeyRow& row, Random& random) {
  const ecc_curve* curve = nettle_curve(row.kind);
  Scalar scalar(curve);
  Point point(curve);
  ecdsa_generate_keypair(point.get(), scalar.get(), &random, fill_from_random);
  wipe_stack_below();

  KeyPair pair = {.scalar = Secret(row.field_bytes), .point = Bytes(1 + 2 * row.field_bytes)};
  Integer number;
  ecc_scalar_get(scalar.get(), number.get());
  write_big_endian(number.get(), pair.scalar.fill());

  Integer x;
  Integer y;
  ecc_point_get(point.get(), x.get(), y.get());
  pair.point[0] = 4;
  const MutableByteView coordinates = MutableByteView(pair.point).subspan(1);
  write_big_endian(x.get(), coordinates.first(row.field_bytes));
  write_big_endian(y.get(), coordinates.last(row.field_bytes));
  return pair;
}

Result<KeyHandle> import_pair(const KeyRow& row, KeyPair& pair) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  if (context == nullptr) return openssl_error("prepare a key");
  if (EVP_PKEY_fromdata_init(context.get()) != 1) return openssl_error("prepare a key");
  // OSSL_PARAM holds a number in the machine's byte order, and has no const members.
  Secret native(pair.scalar.size());
  const BigNumHandle number(
      BN_bin2bn(pair.scalar.reveal().data(), static_cast<int>(pair.scalar.size()), nullptr));
  if (number == nullptr ||
      BN_bn2nativepad(number.get(), native.fill().data(), static_cast<int>(native.size())) < 0) {
    return openssl_error("convert a private key");
  }
  std::string group = row.group;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, pair.point.data(),
                                        pair.point.size()),
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native.fill().data(), native.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters) != 1) {
    return openssl_error("import a generated key");
  }
  return KeyHandle(key);
}

}  // namespace

Result<PrivateKey> generate_private_key(KeyKind kind, Random& random) {
  const KeyRow& row = row_of(kind);
  if (!is_curve(row)) return internal_error("RSA keys are not made here");
  KeyPair pair = generate_pair(row, random);
  TRY(const auto key, import_pair(row, pair));
  TRY(auto pkcs8, pkcs8_of(key.get()));
  return PrivateKey{.kind = kind, .pkcs8 = std::move(pkcs8)};
}

}  // namespace hallmark::crypto
