#include "crypto/rsa.h"
#include "crypto/software_signers.h"

namespace hallmark::crypto {
namespace {

Result<KeyContext> ecdsa_context(EVP_PKEY* key) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr) return openssl_error("prepare a signature");
  if (EVP_PKEY_sign_init(context.get()) != 1) return openssl_error("prepare a signature");
  return context;
}

// OpenSSL draws its nonces from its own generator (hedged with the key and the digest), which is
// the one that SystemRandom reads. It blinds RSA, and checks each result against the public key
// before it returns it.
class OpensslSigner final : public Signer {
 public:
  explicit OpensslSigner(LoadedKey key) : key_(std::move(key)) {}

  KeyKind kind() const override { return key_.kind; }
  ByteView public_key() const override { return key_.public_key; }

  Result<Bytes> sign_digest(SignatureAlgorithm algorithm, ByteView digest) const override {
    TRY(check_fits(key_.kind, algorithm, digest));
    TRY(const auto context, context_for(algorithm));
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
  Result<KeyContext> context_for(SignatureAlgorithm algorithm) const {
    if (key_.kind != KeyKind::rsa) return ecdsa_context(key_.key.get());
    return rsa_context(key_.key.get(), EVP_PKEY_sign_init, digest_of(algorithm));
  }

  LoadedKey key_;
};

}  // namespace

std::unique_ptr<Signer> openssl_signer(LoadedKey key) {
  return std::make_unique<OpensslSigner>(std::move(key));
}

}  // namespace hallmark::crypto
