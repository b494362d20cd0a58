#include "keys/file_keys.h"

#include <utility>

#include "base/check.h"
#include "crypto/private_key.h"
#include "keys/sealed_key.h"

namespace hallmark::keys {
namespace {

class FileKeys final : public KeyProvider {
 public:
  FileKeys(const Sealer& sealer, Random& random) : sealer_(sealer), random_(random) {}
  FileKeys(std::unique_ptr<const Sealer> sealer, Random& random)
      : own_(std::move(sealer)), sealer_(*own_), random_(random) {}

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
    TRY(auto opened, open_sealed_key(sealer_, SealedFormat::software, sealed, purpose, id));
    const crypto::PrivateKey key = {.kind = opened.kind, .pkcs8 = std::move(opened.content)};
    return crypto::software_signer(key, random_);
  }

  Result<void> destroy(ByteView, Purpose, std::string_view) override { return {}; }
  bool keeps_keys() const override { return false; }
  Result<void> check() override { return {}; }

  Bytes seal(ByteView plain, std::string_view context) override {
    return sealer_.seal(Sealed::secret, plain, context);
  }

  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    return sealer_.open(Sealed::secret, sealed, context);
  }

 private:
  Result<CreatedKey> keep(const crypto::PrivateKey& key, Purpose purpose, std::string_view id) {
    TRY(auto signer, crypto::software_signer(key, random_));
    Bytes sealed =
        seal_key(sealer_, SealedFormat::software, {purpose, key.kind, id}, key.pkcs8.reveal());
    return CreatedKey{.sealed = std::move(sealed), .signer = std::move(signer)};
  }

  const std::unique_ptr<const Sealer> own_;
  const Sealer& sealer_;
  Random& random_;
};

}  // namespace

std::string_view name_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::root_certificate: return "root_certificate";
    case Purpose::intermediate_certificate: return "intermediate_certificate";
    case Purpose::code_signing: return "code_signing";
    case Purpose::imported_certificate: return "imported_certificate";
    case Purpose::audit: return "audit";
  }
  CHECK(false);
}

std::unique_ptr<KeyProvider> file_keys(const Sealer& sealer, Random& random) {
  return std::make_unique<FileKeys>(sealer, random);
}

std::unique_ptr<KeyProvider> file_keys(Secret sealing_key, Random& random) {
  std::vector<Secret> keys;
  keys.push_back(std::move(sealing_key));
  return std::make_unique<FileKeys>(std::make_unique<const Sealer>(keys, random), random);
}

}  // namespace hallmark::keys
