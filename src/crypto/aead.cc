#include "crypto/aead.h"

#include <climits>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/check.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  CHECK(cipher != nullptr);
  return cipher;
}

// OpenSSL counts in int. What is sealed here is keys and tokens: far smaller.
int length_of(ByteView bytes) {
  CHECK(bytes.size() <= INT_MAX);
  return static_cast<int>(bytes.size());
}

}  // namespace

Bytes seal(const Secret& key, ByteView plain, std::string_view context, Random& random) {
  CHECK(key.size() == aead_key_bytes);
  Bytes sealed(nonce_bytes + plain.size() + tag_bytes);
  random.fill(MutableByteView(sealed).first(nonce_bytes));
  std::uint8_t* cipher_text = sealed.data() + nonce_bytes;

  const CipherContext cipher(EVP_CIPHER_CTX_new());
  CHECK(cipher != nullptr);
  CHECK(EVP_EncryptInit_ex2(cipher.get(), aes_256_gcm(), key.reveal().data(), sealed.data(),
                            nullptr) == 1);
  int written = 0;
  const ByteView bound = bytes_of(context);
  CHECK(EVP_EncryptUpdate(cipher.get(), nullptr, &written, data_of(bound), length_of(bound)) == 1);
  CHECK(EVP_EncryptUpdate(cipher.get(), cipher_text, &written, data_of(plain), length_of(plain)) ==
        1);
  CHECK(written == length_of(plain));
  std::uint8_t* tag = cipher_text + plain.size();
  CHECK(EVP_EncryptFinal_ex(cipher.get(), tag, &written) == 1 && written == 0);
  CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, int(tag_bytes), tag) == 1);
  return sealed;
}

Result<Secret> open(const Secret& key, ByteView sealed, std::string_view context) {
  CHECK(key.size() == aead_key_bytes);
  if (sealed.size() < nonce_bytes + tag_bytes) return corrupt("The sealed bytes are too short.");
  const ByteView cipher_text = sealed.subspan(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
  Bytes tag = copy_of(sealed.last(tag_bytes));  // OpenSSL's call is not const

  const CipherContext cipher(EVP_CIPHER_CTX_new());
  CHECK(cipher != nullptr);
  CHECK(EVP_DecryptInit_ex2(cipher.get(), aes_256_gcm(), key.reveal().data(), sealed.data(),
                            nullptr) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, int(tag_bytes), tag.data()) == 1);
  int written = 0;
  const ByteView bound = bytes_of(context);
  CHECK(EVP_DecryptUpdate(cipher.get(), nullptr, &written, data_of(bound), length_of(bound)) == 1);
  Secret plain(cipher_text.size());
  std::uint8_t nothing = 0;
  std::uint8_t* into = plain.empty() ? &nothing : plain.fill().data();
  CHECK(EVP_DecryptUpdate(cipher.get(), into, &written, data_of(cipher_text),
                          length_of(cipher_text)) == 1);
  CHECK(written == length_of(cipher_text));
  // The answer to "is it genuine?" comes last; until then `plain` is not looked at.
  if (EVP_DecryptFinal_ex(cipher.get(), &nothing, &written) != 1) {
    return openssl_refusal("The sealed bytes were changed or belong to something else.");
  }
  return plain;
}

Secret derive_key(const Secret& key, std::string_view purpose) {
  static EVP_KDF* const hkdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  CHECK(hkdf != nullptr);
  const KdfContext context(EVP_KDF_CTX_new(hkdf));
  CHECK(context != nullptr);
  // OSSL_PARAM has no const members, though these are only read: hence the copies.
  char digest[] = "SHA2-256";
  Secret input = key.copy();
  std::string info(purpose);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, input.fill().data(), input.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  Secret derived(aead_key_bytes);
  CHECK(EVP_KDF_derive(context.get(), derived.fill().data(), derived.size(), parameters) == 1);
  return derived;
}

}  // namespace hallmark::crypto
