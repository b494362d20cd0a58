#include "crypto/rsa.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

namespace hallmark::crypto {
namespace {

using ParameterBuilder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Handle<OSSL_PARAM, OSSL_PARAM_free>;

BigNumHandle number_of(ByteView bytes) {
  return BigNumHandle(BN_bin2bn(data_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

}  // namespace

Result<KeyHandle> load_rsa(ByteView modulus, ByteView exponent) {
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

Result<KeyContext> rsa_context(EVP_PKEY* key, int (*begin)(EVP_PKEY_CTX*), DigestAlgorithm digest) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr || begin(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), message_digest(digest)) != 1) {
    return openssl_error("prepare RSA");
  }
  return context;
}

Result<bool> verify_rsa(EVP_PKEY* key, DigestAlgorithm algorithm, ByteView digest,
                        ByteView signature) {
  // RFC 8017 §8.2.2: a signature of another length is invalid.
  if (static_cast<int>(signature.size()) != EVP_PKEY_get_size(key)) return false;
  TRY(const auto context, rsa_context(key, EVP_PKEY_verify_init, algorithm));
  const int answer = EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                                     digest.data(), digest.size());
  if (answer < 0) return openssl_error("verify a signature with RSA");
  if (answer == 0) ERR_clear_error();  // a wrong signature leaves a reason in the queue
  return answer == 1;
}

}  // namespace hallmark::crypto
