#include "crypto/software_signers.h"

namespace hallmark::crypto {
namespace {

// OpenSSL draws its nonces from its own generator (hedged with the key and the digest), which is
// the one that SystemRandom reads.
class OpensslSigner final : public Signer {
 public:
  explicit OpensslSigner(LoadedKey key) : key_(std::move(key)) {}

  KeyAlgorithm algorithm() const override { return key_.algorithm; }
  ByteView public_key() const override { return key_.public_key; }

  Result<Bytes> sign_digest(ByteView digest) const override {
    TRY(check_digest_size(key_.algorithm, digest));
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.key.get(), nullptr));
    if (context == nullptr) return openssl_error("prepare a signature");
    if (EVP_PKEY_sign_init(context.get()) != 1) return openssl_error("prepare a signature");
    std::size_t size = 0;
    if (EVP_PKEY_sign(context.get(), nullptr, &size, digest.data(), digest.size()) != 1) {
      return openssl_error("size a signature");
    }
    Bytes signature(size);
    if (EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1) {
      return openssl_error("sign");
    }
    signature.resize(size);
    return signature;
  }

 private:
  LoadedKey key_;
};

}  // namespace

std::unique_ptr<Signer> openssl_signer(LoadedKey key) {
  return std::make_unique<OpensslSigner>(std::move(key));
}

}  // namespace hallmark::crypto
