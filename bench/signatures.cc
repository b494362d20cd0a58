#include "bench/signatures.h"

#include <memory>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "bench/process.h"
#include "crypto/random.h"
#include "crypto/signer.h"

namespace hallmark::bench {
namespace {

// Calls `sign` for about `seconds` of this thread's CPU.
template <class F>
Result<SignatureCost> measure(double seconds, F&& sign) {
  const double start = thread_cpu_seconds();
  double used = 0;
  std::uint64_t count = 0;
  while (used < seconds) {
    for (int i = 0; i < 16; ++i, ++count) TRY(sign());
    used = thread_cpu_seconds() - start;
  }
  return SignatureCost{double(count) / used, used * 1e6 / double(count)};
}

constexpr std::uint8_t digest[48] = {1, 2, 3};

struct FreesKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreesContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

}  // namespace

Result<SignatureCost> measure_nettle_signatures(double seconds) {
  crypto::SystemRandom random;
  TRY(auto key, crypto::generate_private_key(crypto::KeyAlgorithm::ecdsa_p384_sha384, random));
  TRY(auto signer, crypto::software_signer(key, random));
  return measure(seconds, [&]() -> Result<void> {
    const auto signature = signer->sign_digest(digest);
    return signature ? Result<void>() : Result<void>(signature.error());
  });
}

Result<SignatureCost> measure_openssl_signatures(double seconds) {
  const std::unique_ptr<EVP_PKEY, FreesKey> key(EVP_EC_gen("P-384"));
  const std::unique_ptr<EVP_PKEY_CTX, FreesContext> context(
      key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
  if (!context || EVP_PKEY_sign_init(context.get()) != 1) return internal_error("OpenSSL P-384");
  return measure(seconds, [&]() -> Result<void> {
    std::uint8_t signature[128];
    std::size_t size = sizeof signature;
    if (EVP_PKEY_sign(context.get(), signature, &size, digest, sizeof digest) == 1) return {};
    return internal_error("OpenSSL P-384");
  });
}

}  // namespace hallmark::bench
