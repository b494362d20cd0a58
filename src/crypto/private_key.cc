#include "crypto/private_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "crypto/digest.h"
#include "crypto/pkcs8_openssl.h"
#include "crypto/private_key_text.h"
#include "crypto/public_key.h"
#include "crypto/rsa_form.h"

namespace hallmark::crypto {
namespace {

// FIPS 186-5 §A.1.3, step 5.4: how far apart the factors are at least. Closer ones are found by
// Fermat's method.
constexpr int factors_apart_bits = 100;

Error refused(std::string message) {
  ERR_clear_error();
  return invalid(std::move(message));
}

Result<KeyHandle> read_typed(int type, ByteView der) {
  const std::uint8_t* next = der.data();
  KeyHandle key(d2i_PrivateKey(type, nullptr, &next, static_cast<long>(der.size())));
  if (key == nullptr || next != der.data() + der.size()) {
    return refused("The private key cannot be read.");
  }
  return key;
}

Result<KeyHandle> read_key(const PrivateKeyText& text) {
  switch (text.form) {
    case PrivateKeyForm::pkcs1: return read_typed(EVP_PKEY_RSA, text.der.reveal());
    case PrivateKeyForm::sec1: return read_typed(EVP_PKEY_EC, text.der.reveal());
    case PrivateKeyForm::pkcs8: break;
  }
  auto key = read_pkcs8(text.der.reveal());
  if (!key) return refused(key.error().message);
  return key;
}

// Our one form of a public key has the whole point, whatever the key's file has.
Result<void> set_form_of_point(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "EC") != 1) return {};
  if (EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                     OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) != 1) {
    return openssl_error("set the form of a public key");
  }
  return {};
}

Result<KeyKind> supported_kind(const EVP_PKEY* key) {
  const Bytes public_key = der_of<i2d_PUBKEY>(key);
  if (public_key.empty()) return refused("The private key has no public key.");
  const auto readable = read_public_key(public_key);
  if (!readable) return refused(readable.error().message);
  if (readable->kind == KeyKind::rsa && has_roca_form(readable->modulus)) {
    return refused("The RSA key's factors are easily found (CVE-2017-15361): it is too weak.");
  }
  return readable->kind;
}

Result<BigNumHandle> factor(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) {
    return refused("The RSA key lacks its factors.");
  }
  return BigNumHandle(number);
}

Result<void> check_factors(const EVP_PKEY* key) {
  if (factor(key, OSSL_PKEY_PARAM_RSA_FACTOR3)) {
    return refused("The RSA key has more than two factors.");
  }
  TRY(const auto p, factor(key, OSSL_PKEY_PARAM_RSA_FACTOR1));
  TRY(const auto q, factor(key, OSSL_PKEY_PARAM_RSA_FACTOR2));
  const BigNumHandle difference(BN_secure_new());
  if (difference == nullptr || BN_sub(difference.get(), p.get(), q.get()) != 1) {
    return openssl_error("compare the factors of a key");
  }
  if (BN_num_bits(difference.get()) <= EVP_PKEY_get_bits(key) / 2 - factors_apart_bits) {
    return refused("The RSA key's factors are too close to each other: it is too weak.");
  }
  return {};
}

Result<void> check_whole(EVP_PKEY* key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr) return openssl_error("check a private key");
  if (EVP_PKEY_check(context.get()) == 1) return {};
  return refused("The private key's parts do not belong together.");
}

}  // namespace

Result<PrivateKey> import_private_key(ByteView pem_or_der) {
  TRY(const auto text, find_private_key(pem_or_der));
  TRY(const auto key, read_key(text));
  TRY(set_form_of_point(key.get()));
  TRY(const auto kind, supported_kind(key.get()));
  if (kind == KeyKind::rsa) TRY(check_factors(key.get()));
  TRY(check_whole(key.get()));
  TRY(auto pkcs8, pkcs8_of(key.get()));
  return PrivateKey{.kind = kind, .pkcs8 = std::move(pkcs8)};
}

Result<void> check_certificate_key(const Certificate& certificate, const Signer& signer) {
  if (equal(certificate.public_key, signer.public_key())) return {};
  return invalid("The certificate is not the private key's.");
}

}  // namespace hallmark::crypto
