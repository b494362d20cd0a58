// Sealer: AES-256-GCM under keys of which the newest seals, and all open what they sealed once. So
// a key can be replaced while the service runs: until everything is sealed anew, both open.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::keys {

// What is sealed: one can never stand for another, because each has keys of its own (HKDF).
enum class Sealed { private_key, secret };

// Safe to call from any thread.
class Sealer {
 public:
  // Newest first; at least one, each of crypto::aead_key_bytes. `random` outlives the sealer.
  Sealer(const std::vector<Secret>& keys, Random& random);

  Bytes seal(Sealed what, ByteView plain, std::string_view context) const;
  // Corrupt: none of the keys, another context, or any changed byte.
  Result<Secret> open(Sealed what, ByteView sealed, std::string_view context) const;
  // Whether the newest key sealed it; what an older one did is sealed anew.
  bool is_newest(Sealed what, ByteView sealed, std::string_view context) const;

  void replace(const std::vector<Secret>& keys);

 private:
  struct Pair {  // derived from one key
    Secret private_keys;
    Secret secrets;
    const Secret& of(Sealed what) const;
  };
  using Pairs = std::vector<Pair>;
  static std::shared_ptr<const Pairs> derive(const std::vector<Secret>& keys);
  std::shared_ptr<const Pairs> pairs() const;

  Random& random_;
  mutable Mutex mutex_;
  // Shared by those who seal at the moment of a replacement.
  std::shared_ptr<const Pairs> pairs_ GUARDED_BY(mutex_);
};

// A secret's bytes under the newest key; nothing: they are.
Result<std::optional<Bytes>> sealed_anew(const Sealer& sealer, ByteView sealed,
                                         std::string_view context);

// Keeps the pages of a secret out of swap and out of dumps, as far as the system lets a process
// (RLIMIT_MEMLOCK); it is no fault when it does not. For secrets that live as long as the process.
void lock_in_memory(const Secret& secret);

}  // namespace hallmark::keys
