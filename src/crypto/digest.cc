#include "crypto/digest.h"

#include <nettle/hmac.h>
#include <openssl/crypto.h>

#include "base/check.h"
#include "base/secret.h"
#include "crypto/nettle.h"
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

// Nettle's lives on the stack. OpenSSL 3.0's is copied, filled and freed in 25 allocations, and for
// texts as short as those signed here they would cost more than the MAC.
Sha256 hmac_sha256(ByteView key, ByteView bytes) {
  hmac_sha256_ctx context = {};
  hmac_sha256_set_key(&context, key.size(), data_of(key));
  wipe_stack_below();  // which the key was padded on
  hmac_sha256_update(&context, bytes.size(), data_of(bytes));
  Sha256 mac = {};
  hmac_sha256_digest(&context, mac.size(), mac.data());
  wipe({reinterpret_cast<std::uint8_t*>(&context), sizeof context});
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
