#include "formats/platform_algorithm.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/check.h"

namespace hallmark::formats {
namespace {

Result<std::string_view> chosen(std::span<const std::string_view> allowed, std::string_view given) {
  if (given.empty()) return allowed.front();
  if (std::ranges::find(allowed, given) != allowed.end()) return given;
  return internal_error(fmt::format("an override that the platform does not have: {}", given));
}

std::string_view key_of(crypto::KeyKind kind) {
  switch (kind) {
    case crypto::KeyKind::p256: return "a P-256 key";
    case crypto::KeyKind::p384: return "a P-384 key";
    case crypto::KeyKind::rsa: return "an RSA key";
  }
  CHECK(false);
}

}  // namespace

Result<crypto::SignatureAlgorithm> signature_algorithm_of(
    const model::Platform& platform, const model::PlatformOverrides& overrides) {
  TRY(const auto encryption,
      chosen(platform.encryption_algorithms, overrides.encryption_algorithm));
  TRY(const auto hash, chosen(platform.hash_algorithms, overrides.hash_algorithm));
  const auto algorithm = crypto::find_signature_algorithm(encryption, hash);
  if (!algorithm) return internal_error(fmt::format("no algorithm for {}", platform.id));
  return *algorithm;
}

std::vector<crypto::SignatureAlgorithm> signature_algorithms_of(const model::Platform& platform) {
  std::vector<crypto::SignatureAlgorithm> algorithms;
  for (const std::string_view encryption : platform.encryption_algorithms) {
    for (const std::string_view hash : platform.hash_algorithms) {
      const auto algorithm = crypto::find_signature_algorithm(encryption, hash);
      if (algorithm) algorithms.push_back(*algorithm);
    }
  }
  return algorithms;
}

Result<void> check_key_kind(crypto::SignatureAlgorithm algorithm, crypto::KeyKind kind) {
  const crypto::KeyKind wanted = crypto::key_kind_of(algorithm);
  if (kind == wanted) return {};
  // The live service's words.
  if (kind == crypto::KeyKind::rsa) return invalid("can't identify EC private key.");
  return invalid(fmt::format("The signing profile's certificate has {}, but {} needs {}.",
                             key_of(kind), crypto::name_of(algorithm), key_of(wanted)));
}

}  // namespace hallmark::formats
