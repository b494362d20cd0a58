#include "crypto/pkcs8.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "crypto/openssl.h"
#include "crypto/pkcs8_openssl.h"
#include "crypto/private_key.h"

namespace hallmark::crypto {
namespace {

using EncryptedKey = Handle<X509_SIG, X509_SIG_free>;

constexpr std::size_t encrypted_pem_bytes_max = 16 * 1024;
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

Result<PrivateKey> decrypt_pem(std::string_view pem, const Secret& passphrase) {
  if (pem.size() > encrypted_pem_bytes_max) return invalid("The private key's file is too large.");
  const BioHandle text(BIO_new_mem_buf(data_of(bytes_of(pem)), static_cast<int>(pem.size())));
  if (text == nullptr) return openssl_error("read PEM");
  const EncryptedKey encrypted(PEM_read_bio_PKCS8(text.get(), nullptr, nullptr, nullptr));
  if (encrypted == nullptr) {
    ERR_clear_error();
    return invalid("The file holds no encrypted private key (PKCS#8, PEM).");
  }
  const ByteView word = passphrase.reveal();
  const Pkcs8Handle info(PKCS8_decrypt(encrypted.get(),
                                       reinterpret_cast<const char*>(data_of(word)),
                                       static_cast<int>(word.size())));
  ERR_clear_error();
  if (info == nullptr) return invalid("The passphrase does not open the private key.");
  TRY(const Secret der, der_of_pkcs8(*info));
  return import_private_key(der.reveal());
}

}  // namespace hallmark::crypto
