// The directory: which principal owns an access key. Answered from memory: whoever changes rows of
// identities calls forget() before it answers, so nothing stale is told afterwards. Where other
// processes share the store, their changes are looked for with every question.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "access/principal.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/uuid.h"
#include "model/arn.h"
#include "store/identities.h"
#include "store/store.h"

namespace hallmark::identity {

// Seals and opens what must stay secret: secrets of access keys, session tokens, each kind with a
// key of its own. The server's wiring provides it. Any thread.
class SecretSealer {
 public:
  virtual ~SecretSealer() = default;
  virtual Bytes seal(ByteView plain, std::string_view context) = 0;
  virtual Result<Secret> unseal(ByteView sealed, std::string_view context) = 0;
};

// An active access key with its owner. Immutable.
struct Credential {
  std::string access_key_id;
  Secret secret_access_key;
  std::shared_ptr<const access::Principal> principal;
  std::shared_ptr<const access::Session> session = {};  // nothing: long-term
};

// What a new access key's owner gets to see, once.
struct NewAccessKey {
  std::string id;
  Secret secret;
};

class Directory {
 public:
  // All outlive the directory.
  Directory(store::Store& store, SecretSealer& sealer, const Clock& clock, Random& random,
            model::Home home);

  // The credential of an active key. unknown_access_key: there is none, or it is disabled.
  Result<std::shared_ptr<const Credential>> find(std::string_view access_key_id);

  // The principal of that id with its policies. unknown_access_key: there is none.
  Result<std::shared_ptr<const access::Principal>> find_principal(const Uuid& id);

  // Raised by every change: what was found at a generation is true as long as that lasts.
  Result<std::uint64_t> generation();

  // Makes an account with its root and a user `admin`, whose one policy allows everything, and an
  // access key for it. The policy is a row like any other: it can be replaced by a narrower one.
  Result<NewAccessKey> create_account_with_admin(const model::AccountId& account);

  // Forgets everything that is held in memory.
  void forget();

 private:
  Result<std::shared_ptr<const Credential>> load(std::string_view access_key_id);
  // Forgets what another node has changed since it was read.
  Result<void> look_for_changes();
  void forget_all() REQUIRES_LOCK(mutex_);

  store::Store& store_;
  SecretSealer& sealer_;
  const Clock& clock_;
  Random& random_;
  const model::Home home_;
  Mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Credential>> held_ GUARDED_BY(mutex_);
  std::map<Uuid, std::shared_ptr<const access::Principal>> principals_ GUARDED_BY(mutex_);
  std::uint64_t generation_ GUARDED_BY(mutex_) = 0;   // raised by every change
  std::int64_t changes_seen_ GUARDED_BY(mutex_) = 0;  // of all nodes
};

}  // namespace hallmark::identity
