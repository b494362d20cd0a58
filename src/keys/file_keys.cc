#include "keys/file_keys.h"

#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/private_key.h"

namespace hallmark::keys {
namespace {

// Sealed key: format version (1) ‖ kind (1) ‖ AEAD of the PKCS#8. The first two are bound into
// the AEAD's context.
constexpr std::uint8_t format_version = 1;
constexpr std::size_t header_bytes = 2;

// The numbers are stored: they never change their meaning.
constexpr std::pair<std::uint8_t, crypto::KeyKind> stored_kinds[] = {
    {1, crypto::KeyKind::p256},
    {2, crypto::KeyKind::p384},
    {3, crypto::KeyKind::rsa},
};

std::uint8_t number_of(crypto::KeyKind kind) {
  for (const auto& [number, stored] : stored_kinds) {
    if (stored == kind) return number;
  }
  CHECK(false);
}

Result<crypto::KeyKind> kind_of(std::uint8_t number) {
  for (const auto& [stored, kind] : stored_kinds) {
    if (stored == number) return kind;
  }
  return corrupt("The sealed key is of an unknown kind.");
}

// A purpose and a kind have no slash, so that no two different keys share a context.
std::string context_of(Purpose purpose, crypto::KeyKind kind, std::string_view id) {
  return fmt::format("{}/{}/{}/{}", format_version, name_of(purpose), crypto::name_of(kind), id);
}

class FileKeys final : public KeyProvider {
 public:
  FileKeys(const Secret& master_key, Random& random)
      : private_key_key_(crypto::derive_key(master_key, "hallmark private keys")),
        secret_key_(crypto::derive_key(master_key, "hallmark secrets")),
        random_(random) {}

  Result<CreatedKey> create(Purpose purpose, crypto::KeyKind kind, std::string_view id) override {
    TRY(const auto key, crypto::generate_private_key(kind, random_));
    return keep(key, purpose, id);
  }

  Result<CreatedKey> import_key(Purpose purpose, ByteView private_key,
                                std::string_view id) override {
    TRY(const auto key, crypto::import_private_key(private_key));
    return keep(key, purpose, id);
  }

  Result<std::unique_ptr<crypto::Signer>> open(ByteView sealed, Purpose purpose,
                                               std::string_view id) override {
    if (sealed.size() < header_bytes || sealed[0] != format_version) {
      return corrupt("The sealed key is of an unknown format.");
    }
    TRY(const auto kind, kind_of(sealed[1]));
    TRY(auto pkcs8, crypto::open(private_key_key_, sealed.subspan(header_bytes),
                                 context_of(purpose, kind, id)));
    const crypto::PrivateKey key = {.kind = kind, .pkcs8 = std::move(pkcs8)};
    return crypto::software_signer(key, random_);
  }

  Bytes seal(ByteView plain, std::string_view context) override {
    return crypto::seal(secret_key_, plain, context, random_);
  }

  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    return crypto::open(secret_key_, sealed, context);
  }

 private:
  Result<CreatedKey> keep(const crypto::PrivateKey& key, Purpose purpose, std::string_view id) {
    TRY(auto signer, crypto::software_signer(key, random_));
    Bytes sealed = {format_version, number_of(key.kind)};
    append(sealed, crypto::seal(private_key_key_, key.pkcs8.reveal(),
                                context_of(purpose, key.kind, id), random_));
    return CreatedKey{.sealed = std::move(sealed), .signer = std::move(signer)};
  }

  const Secret private_key_key_;
  const Secret secret_key_;
  Random& random_;
};

}  // namespace

std::string_view name_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::root_certificate: return "root_certificate";
    case Purpose::intermediate_certificate: return "intermediate_certificate";
    case Purpose::code_signing: return "code_signing";
    case Purpose::imported_certificate: return "imported_certificate";
  }
  CHECK(false);
}

std::unique_ptr<KeyProvider> file_keys(Secret master_key, Random& random) {
  return std::make_unique<FileKeys>(master_key, random);
}

}  // namespace hallmark::keys
