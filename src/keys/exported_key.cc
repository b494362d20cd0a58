#include "keys/exported_key.h"

#include "crypto/pkcs8.h"

namespace hallmark::keys {

Result<ExportedKey> make_exported_key(crypto::KeyKind kind, const Secret& passphrase,
                                      Random& random) {
  TRY(auto key, crypto::generate_private_key(kind, random));
  TRY(auto pem, crypto::encrypted_pem(key, passphrase));
  TRY(auto signer, crypto::software_signer(key, random));
  return ExportedKey{std::move(signer), std::move(pem)};
}

Result<std::unique_ptr<crypto::Signer>> open_exported_key(std::string_view encrypted_pem,
                                                          const Secret& passphrase,
                                                          Random& random) {
  TRY(const auto key, crypto::decrypt_pem(encrypted_pem, passphrase));
  return crypto::software_signer(key, random);
}

}  // namespace hallmark::keys
