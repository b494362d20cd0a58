// Custody: where an installation's keys are, as its operator named it: the back end of its private
// keys, and the master key under which all that is sealed in the store stands.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "keys/keys.h"
#include "keys/sealer.h"
#include "keys/tokens.h"

namespace hallmark::keys {

// Wraps the keys that seal (sealer.h), and nothing else, so that it is used a few times in the life
// of a process and can be replaced. Safe to call from any thread.
class MasterKey {
 public:
  virtual ~MasterKey() = default;
  // Tells this master key from others, and says nothing of it.
  virtual std::string fingerprint() const = 0;
  virtual Result<Bytes> wrap(ByteView key, std::string_view context) = 0;
  // Corrupt: another key, another context, or any changed byte.
  virtual Result<Secret> unwrap(ByteView wrapped, std::string_view context) = 0;
};

struct KeyPlaces {
  std::string keys = {};  // "file:", the same when empty, or a pkcs11: URI (pkcs11_uri.h)
  std::string master_key =
      {};  // a file or credential:NAME (secret_file.h), or a pkcs11: URI, whose
           // object= names the wrapping key; empty: one in the token of `keys`
};

// What is in use at first where a URI does not name another.
inline constexpr std::string_view default_wrapping_key = "hallmark master key";

class Custody {
 public:
  // A master key in this process and software keys. Implicit: it stands for one.
  Custody(Secret master_key);  // NOLINT(google-explicit-constructor)
  // Opens what the places name. Invalid or unavailable, with the reason.
  static Result<Custody> open(const KeyPlaces& places);
  // The same for a new installation: a master key's file must not be there, and is made; a wrapping
  // key is made unless the token has it; a credential must be there.
  static Result<Custody> create(const KeyPlaces& places);

  Custody(Custody&&) = default;
  Custody& operator=(Custody&&) = default;

  MasterKey& master_key() const { return *master_key_; }
  // The back end; the sealer and this outlive it.
  std::unique_ptr<KeyProvider> provider(const Sealer& sealer) const;
  // Another master key, beside this one: a token that is in use here already is not connected to
  // twice. To be used while the custody lives.
  Result<std::unique_ptr<MasterKey>> open_master_key(std::string_view place);
  Result<std::unique_ptr<MasterKey>> create_master_key(std::string_view place);

 private:
  Custody();
  Result<void> open_keys(const KeyPlaces& places);

  std::unique_ptr<Random> random_;
  std::unique_ptr<Tokens> tokens_;  // before what uses them
  Token* token_ = nullptr;          // of the keys; nothing: software
  std::unique_ptr<MasterKey> master_key_;
};

}  // namespace hallmark::keys
