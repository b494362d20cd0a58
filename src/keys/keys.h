// Keys: sealed bytes ↔ Signer. The module keeps nothing itself: the sealed bytes live in the store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signer.h"

namespace hallmark::keys {

// What a key may be used for; bound into the sealed bytes, so that a key of one purpose cannot be
// opened for another.
enum class Purpose {
  root_certificate,
  intermediate_certificate,
  code_signing,
  imported_certificate,
  audit  // checkpoints of the audit log
};
std::string_view name_of(Purpose purpose);

class Sealer;

// A sealed key's bytes, of any back end, under the sealer's newest key; nothing: they are. Corrupt
// as KeyProvider::open.
Result<std::optional<Bytes>> key_sealed_anew(const Sealer& sealer, ByteView sealed, Purpose purpose,
                                             std::string_view id);

struct CreatedKey {
  Bytes sealed;  // for the store; worthless without the back end
  std::unique_ptr<crypto::Signer> signer;
};

// A place where private keys are made and used. Safe to call from any thread.
class KeyProvider {
 public:
  virtual ~KeyProvider() = default;
  // `id` names the key for ever (a UUID's text, an ARN) and is bound into the sealed bytes.
  virtual Result<CreatedKey> create(Purpose purpose, crypto::KeyKind kind, std::string_view id) = 0;
  // The same for a key that its user brings; invalid, with the reason, as crypto/private_key.h
  // says.
  virtual Result<CreatedKey> import_key(Purpose purpose, ByteView private_key,
                                        std::string_view id) = 0;
  virtual Result<std::unique_ptr<crypto::Signer>> open(ByteView sealed, Purpose purpose,
                                                       std::string_view id) = 0;
  // The key is gone from the back end for good, and its sealed bytes are worthless; one that is not
  // there is no fault. Sealed bytes that hold the key themselves are the caller's to erase.
  virtual Result<void> destroy(ByteView sealed, Purpose purpose, std::string_view id) = 0;
  // Whether keys lie in the back end itself, where they stay until `destroy`.
  virtual bool keeps_keys() const = 0;
  // Whether keys can be used now. Unavailable, with the reason, if not.
  virtual Result<void> check() = 0;
  // Seals and opens small secrets of others (access keys) under the same master key. `context` is
  // bound as `id` is.
  virtual Bytes seal(ByteView plain, std::string_view context) = 0;
  virtual Result<Secret> unseal(ByteView sealed, std::string_view context) = 0;
};

}  // namespace hallmark::keys
