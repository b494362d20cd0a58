#include "crypto/pkcs8.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "crypto/openssl.h"

namespace hallmark::crypto {
namespace {

using EncryptedKey = Handle<X509_SIG, X509_SIG_free>;

constexpr int key_derivation_rounds = 600'000;  // PBKDF2-HMAC-SHA256, once in the key's life

}  // namespace

Result<std::string> encrypted_pem(const PrivateKey& key, const Secret& passphrase) {
  const ByteView der = key.pkcs8.reveal();
  const ByteView text = passphrase.reveal();
  const std::uint8_t* next = der.data();
  const Pkcs8Handle info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &next, static_cast<long>(der.size())));
  if (info == nullptr) return openssl_refusal("The private key is not PKCS#8.");
  const EncryptedKey encrypted(
      PKCS8_encrypt(-1, EVP_aes_256_cbc(), reinterpret_cast<const char*>(text.data()),
                    static_cast<int>(text.size()), nullptr, 0, key_derivation_rounds, info.get()));
  if (encrypted == nullptr) return openssl_error("encrypt a private key");
  const BioHandle memory(BIO_new(BIO_s_mem()));
  if (memory == nullptr || PEM_write_bio_PKCS8(memory.get(), encrypted.get()) != 1) {
    return openssl_error("write a private key");
  }
  char* pem = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &pem);
  if (size <= 0) return openssl_error("read a buffer");
  return std::string(pem, static_cast<std::size_t>(size));
}

}  // namespace hallmark::crypto
