#include "crypto/signer.h"

#include <fmt/format.h>

#include "base/check.h"
#include "crypto/algorithm_table.h"
#include "crypto/public_key.h"
#include "crypto/software_signers.h"

namespace hallmark::crypto {
namespace {

Result<KeyHandle> read_pkcs8(ByteView der) {
  const std::uint8_t* next = der.data();
  const Pkcs8Handle info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &next, static_cast<long>(der.size())));
  if (info == nullptr || next != der.data() + der.size()) {
    return openssl_refusal("The private key is not PKCS#8.");
  }
  KeyHandle key(EVP_PKCS82PKEY_ex(info.get(), nullptr, nullptr));
  if (key == nullptr) return openssl_refusal("The private key cannot be read.");
  return key;
}

// That the public key belongs to the private one: signatures under a wrong one would all be refused
// by others, and never by us.
Result<void> check_pair(const KeyHandle& key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (context == nullptr) return openssl_error("check a private key");
  if (EVP_PKEY_pairwise_check(context.get()) != 1) {
    return openssl_refusal("The private key does not belong to its public key.");
  }
  return {};
}

Result<LoadedKey> load(const PrivateKey& key) {
  TRY(auto handle, read_pkcs8(key.pkcs8.reveal()));
  TRY(check_pair(handle));
  Bytes public_key = der_of<i2d_PUBKEY>(handle.get());
  if (public_key.empty()) return openssl_error("write a public key");
  TRY(const auto readable, read_public_key(public_key));
  if (readable.algorithm != key.algorithm) {
    return corrupt(fmt::format("The private key is of {}, not of {}.", name_of(readable.algorithm),
                               name_of(key.algorithm)));
  }
  return LoadedKey{
      .algorithm = key.algorithm, .key = std::move(handle), .public_key = std::move(public_key)};
}

}  // namespace

Result<void> check_digest_size(KeyAlgorithm algorithm, ByteView digest) {
  if (digest.size() == digest_size(digest_of(algorithm))) return {};
  return internal_error(
      fmt::format("a digest of {} bytes for {}", digest.size(), name_of(algorithm)));
}

Result<std::unique_ptr<Signer>> software_signer(const PrivateKey& key, Random& random) {
  TRY(auto loaded, load(key));
  switch (row_of(key.algorithm).library) {
    case SigningLibrary::nettle: return nettle_signer(std::move(loaded), random);
    case SigningLibrary::openssl: return openssl_signer(std::move(loaded));
  }
  CHECK(false);
}

}  // namespace hallmark::crypto
