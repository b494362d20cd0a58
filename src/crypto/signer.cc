#include "crypto/signer.h"

#include <fmt/format.h>

#include "base/check.h"
#include "crypto/algorithm_table.h"
#include "crypto/pkcs8_openssl.h"
#include "crypto/public_key.h"
#include "crypto/software_signers.h"

namespace hallmark::crypto {
namespace {

// That the public key belongs to the private one: signatures under a wrong one would all be refused
// by others, and never by us.
Result<void> check_pair(const LoadedKey& key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.key.get(), nullptr));
  if (context == nullptr) return openssl_error("check a private key");
  if (EVP_PKEY_pairwise_check(context.get()) != 1) {
    return openssl_refusal("The private key does not belong to its public key.");
  }
  return {};
}

// The same of RSA, where OpenSSL would look for the primality of the factors first, which takes as
// long as hundreds of signatures and was done when the key came (private_key.h).
Result<void> check_rsa_pair(const Signer& signer) {
  const SignatureAlgorithm algorithm = algorithm_of(KeyKind::rsa);
  const Bytes digest(digest_size(digest_of(algorithm)));
  TRY(const Bytes signature, signer.sign_digest(algorithm, digest));
  TRY(const bool good, verify_digest(algorithm, signer.public_key(), digest, signature));
  if (good) return {};
  return corrupt("The private key does not belong to its public key.");
}

Result<LoadedKey> load(const PrivateKey& key) {
  TRY(auto handle, read_pkcs8(key.pkcs8.reveal()));
  Bytes public_key = der_of<i2d_PUBKEY>(handle.get());
  if (public_key.empty()) return openssl_error("write a public key");
  TRY(const auto readable, read_public_key(public_key));
  if (readable.kind != key.kind) {
    return corrupt(fmt::format("The private key is of {}, not of {}.", name_of(readable.kind),
                               name_of(key.kind)));
  }
  return LoadedKey{.kind = key.kind, .key = std::move(handle), .public_key = std::move(public_key)};
}

}  // namespace

Result<void> check_fits(KeyKind kind, SignatureAlgorithm algorithm, ByteView digest) {
  if (key_kind_of(algorithm) != kind) {
    return internal_error(fmt::format("{} with a key of {}", name_of(algorithm), name_of(kind)));
  }
  if (digest.size() == digest_size(digest_of(algorithm))) return {};
  return internal_error(
      fmt::format("a digest of {} bytes for {}", digest.size(), name_of(algorithm)));
}

Result<std::unique_ptr<Signer>> software_signer(const PrivateKey& key, Random& random) {
  TRY(auto loaded, load(key));
  if (key.kind == KeyKind::rsa) {
    auto signer = openssl_signer(std::move(loaded));
    TRY(check_rsa_pair(*signer));
    return signer;
  }
  TRY(check_pair(loaded));
  switch (row_of(key.kind).library) {
    case SigningLibrary::nettle: return nettle_signer(std::move(loaded), random);
    case SigningLibrary::openssl: return openssl_signer(std::move(loaded));
  }
  CHECK(false);
}

}  // namespace hallmark::crypto
