#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include "base/check.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {
namespace {

const EVP_MD* fetch(const char* name) {
  const EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
  CHECK(digest != nullptr);
  return digest;
}

template <std::size_t size>
std::array<std::uint8_t, size> digest_whole(DigestAlgorithm algorithm, ByteView bytes) {
  std::array<std::uint8_t, size> digest = {};
  unsigned written = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &written, message_digest(algorithm),
                   nullptr) == 1);
  CHECK(written == size);
  return digest;
}

// An HMAC-SHA256 without a key, to be copied: naming the digest anew each time would cost more than
// the MAC itself.
EVP_MAC_CTX* new_hmac_sha256() {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  CHECK(mac != nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
  EVP_MAC_free(mac);  // the context holds its own reference
  CHECK(context != nullptr);
  char digest[] = "SHA2-256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  CHECK(EVP_MAC_CTX_set_params(context, parameters) == 1);
  return context;
}

}  // namespace

// Fetched once, for OpenSSL 3.0 looks a name up under a lock; kept as long as the process lives.
const EVP_MD* message_digest(DigestAlgorithm algorithm) {
  static const EVP_MD* const sha1 = fetch("SHA1");
  static const EVP_MD* const sha256 = fetch("SHA2-256");
  static const EVP_MD* const sha384 = fetch("SHA2-384");
  static const EVP_MD* const sha512 = fetch("SHA2-512");
  switch (algorithm) {
    case DigestAlgorithm::sha1: return sha1;
    case DigestAlgorithm::sha256: return sha256;
    case DigestAlgorithm::sha384: return sha384;
    case DigestAlgorithm::sha512: return sha512;
  }
  CHECK(false);
}

Sha256 sha256(ByteView bytes) { return digest_whole<32>(DigestAlgorithm::sha256, bytes); }

Sha384 sha384(ByteView bytes) { return digest_whole<48>(DigestAlgorithm::sha384, bytes); }

Sha256 hmac_sha256(ByteView key, ByteView bytes) {
  static const EVP_MAC_CTX* const keyless = new_hmac_sha256();
  const MacContext context(EVP_MAC_CTX_dup(keyless));
  CHECK(context != nullptr);
  CHECK(EVP_MAC_init(context.get(), data_of(key), key.size(), nullptr) == 1);
  CHECK(EVP_MAC_update(context.get(), data_of(bytes), bytes.size()) == 1);
  Sha256 mac = {};
  std::size_t written = 0;
  CHECK(EVP_MAC_final(context.get(), mac.data(), &written, mac.size()) == 1);
  CHECK(written == mac.size());
  return mac;
}

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(data_of(a), data_of(b), a.size()) == 0;
}

struct Hasher::Context {
  const EVP_MD* digest;
  DigestContext state;
};

Hasher::Hasher(DigestAlgorithm algorithm)
    : context_(std::make_unique<Context>(
          Context{message_digest(algorithm), DigestContext(EVP_MD_CTX_new())})) {
  CHECK(context_->state != nullptr);
  CHECK(EVP_DigestInit_ex2(context_->state.get(), context_->digest, nullptr) == 1);
}

Hasher::Hasher(const Hasher& begun)
    : context_(std::make_unique<Context>(
          Context{begun.context_->digest, DigestContext(EVP_MD_CTX_new())})) {
  CHECK(context_->state != nullptr);
  CHECK(EVP_MD_CTX_copy_ex(context_->state.get(), begun.context_->state.get()) == 1);
}

Hasher::~Hasher() = default;

void Hasher::update(ByteView bytes) {
  CHECK(EVP_DigestUpdate(context_->state.get(), bytes.data(), bytes.size()) == 1);
}

Bytes Hasher::finish() {
  Bytes digest(static_cast<std::size_t>(EVP_MD_get_size(context_->digest)));
  unsigned written = 0;
  CHECK(EVP_DigestFinal_ex(context_->state.get(), digest.data(), &written) == 1);
  CHECK(written == digest.size());
  CHECK(EVP_DigestInit_ex2(context_->state.get(), context_->digest, nullptr) == 1);
  return digest;
}

}  // namespace hallmark::crypto
