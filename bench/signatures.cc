#include "bench/signatures.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "bench/process.h"
#include "crypto/random.h"
#include "crypto/signer.h"

namespace hallmark::bench {
namespace {

constexpr std::uint8_t digest[48] = {1, 2, 3};

using Sign = std::function<Result<void>()>;

// Signs for so long on this thread.
Result<SignatureCost> measure(double seconds, const Sign& sign) {
  using Clock = std::chrono::steady_clock;
  const double cpu_before = thread_cpu_seconds();
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  std::uint64_t count = 0;
  double longest = 0;
  for (auto before = Clock::now(); before < end; ++count) {
    TRY(sign());
    const auto now = Clock::now();
    longest = std::max(longest, std::chrono::duration<double, std::micro>(now - before).count());
    before = now;
  }
  const double used = thread_cpu_seconds() - cpu_before;
  return SignatureCost{double(count) / used, used * 1e6 / double(count), longest};
}

// `measure_one` on each of the threads at once.
template <class F>
Result<SignatureCost> on_threads(int threads, const F& measure_one) {
  const Result<SignatureCost> none = SignatureCost();
  std::vector<Result<SignatureCost>> each(std::size_t(threads), none);
  {
    std::vector<std::jthread> running;
    for (auto& result : each) running.emplace_back([&] { result = measure_one(); });
  }
  SignatureCost mean;
  for (const auto& cost : each) {
    if (!cost) return cost.error();
    mean.per_second += cost->per_second / threads;
    mean.cpu_microseconds += cost->cpu_microseconds / threads;
    mean.longest_microseconds = std::max(mean.longest_microseconds, cost->longest_microseconds);
  }
  return mean;
}

struct FreesKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreesContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

}  // namespace

Result<SignatureCost> measure_nettle_signatures(SigningTime time) {
  return on_threads(time.threads, [&]() -> Result<SignatureCost> {
    crypto::SystemRandom random;
    TRY(auto key, crypto::generate_private_key(crypto::KeyKind::p384, random));
    TRY(auto signer, crypto::software_signer(key, random));
    return measure(time.seconds, [&]() -> Result<void> {
      TRY(const auto signature,
          signer->sign_digest(crypto::SignatureAlgorithm::ecdsa_sha384, digest));
      return signature.empty() ? Result<void>(internal_error("Nettle P-384")) : Result<void>();
    });
  });
}

Result<SignatureCost> measure_openssl_signatures(SigningTime time) {
  return on_threads(time.threads, [&]() -> Result<SignatureCost> {
    const std::unique_ptr<EVP_PKEY, FreesKey> key(EVP_EC_gen("P-384"));
    const std::unique_ptr<EVP_PKEY_CTX, FreesContext> context(
        key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
    if (!context || EVP_PKEY_sign_init(context.get()) != 1) return internal_error("OpenSSL P-384");
    return measure(time.seconds, [&]() -> Result<void> {
      std::uint8_t signature[128];
      std::size_t size = sizeof signature;
      if (EVP_PKEY_sign(context.get(), signature, &size, digest, sizeof digest) == 1) return {};
      return internal_error("OpenSSL P-384");
    });
  });
}

}  // namespace hallmark::bench
