// OpenSSL inside this module: RAII handles and errors. Private to crypto/.
#pragma once

#include <memory>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/handle.h"
#include "crypto/algorithm.h"

namespace hallmark::crypto {

struct FreesOpensslMemory {
  void operator()(auto* memory) const noexcept { OPENSSL_free(memory); }
};
template <class T>
using OpensslMemory = std::unique_ptr<T, FreesOpensslMemory>;

using BioHandle = Handle<BIO, BIO_free_all>;
using BigNumHandle = Handle<BIGNUM, BN_clear_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using CmsHandle = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using KdfContext = Handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using Pkcs8Handle = Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using PublicKeyInfo = Handle<X509_PUBKEY, X509_PUBKEY_free>;
using StoreContext = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
using StoreHandle = Handle<X509_STORE, X509_STORE_free>;
using X509Handle = Handle<X509, X509_free>;

// The error (internal) of a call that failed: `what`, and whatever OpenSSL put into its queue,
// which is emptied. An empty queue is a failure too: whoever asks has seen one.
Error openssl_error(std::string_view what);

// The same for bytes from outside that OpenSSL cannot read: corrupt, with `message` for the caller.
Error openssl_refusal(std::string_view message);

// The DER of an OpenSSL object by its i2d function; empty if OpenSSL cannot encode it.
template <auto i2d>
Bytes der_of(auto* object) {
  const int size = i2d(object, nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* end = der.data();
  if (i2d(object, &end) != size) return {};
  return der;
}

// OpenSSL's digest; never null.
const EVP_MD* message_digest(DigestAlgorithm algorithm);

// OpenSSL takes a null pointer for "not given"; an empty value is given.
inline const std::uint8_t* data_of(ByteView bytes) {
  static constexpr std::uint8_t nothing = 0;
  return bytes.empty() ? &nothing : bytes.data();
}

}  // namespace hallmark::crypto
