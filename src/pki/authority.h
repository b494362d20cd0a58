// The certificate authority of the installation: root → intermediate → leaf, all P-384.
//
// The root is made once, at `init`, and so is the first intermediate; the operator makes others
// (pki/intermediates.h), of which the newest that is valid and not revoked issues. Each profile
// signs with leaf certificates of its own, which live seven days, but never longer than their
// intermediate, and are replaced, with a new key, after two thirds of that, and at once when
// another intermediate issues. An expired leaf's or intermediate's signatures stay valid, because
// chains are judged at the signing time.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/signer.h"
#include "crypto/x509.h"
#include "keys/keys.h"
#include "model/arn.h"
#include "model/names.h"
#include "store/keys.h"
#include "store/store.h"

namespace hallmark::pki {

// A key with its certificates: what an artefact is signed with. Immutable, shared.
struct SigningIdentity {
  std::unique_ptr<crypto::Signer> signer;
  crypto::CertificateChain chain;  // leaf, intermediate, root
};

// The root's key at the moment the authority is made. A production root leaves the machine then, so
// nothing sealed is left to keep.
struct RootKey {
  Uuid id;
  const crypto::Signer& signer;
  Bytes sealed;  // by the key provider, for keys::Purpose::root_certificate and the id; empty: not
                 // kept
};

// Safe to call from any thread.
class Authority {
 public:
  // All outlive the authority.
  Authority(store::Store& store, keys::KeyProvider& keys, const Clock& clock, Random& random,
            model::Home home);

  // Makes the root's certificate and the intermediate. Once in the life of a store.
  Result<void> create(const RootKey& root_key);

  // What the profile signs with now; a leaf is issued when there is none, or the newest has lived
  // two thirds of its time, is revoked, or is another intermediate's than the one that issues now.
  // Denied: the intermediate is revoked, so that nobody would trust what it issues. Unavailable: no
  // intermediate is valid now. In the last year of one the log tells daily, while leaves are
  // issued.
  Result<std::shared_ptr<const SigningIdentity>> identity_for(const model::AccountId& account,
                                                              const model::ProfileName& profile);

  // What signs checkpoints of the audit log now: a key of its own, whose leaf lives a year, is
  // replaced after two thirds of it, and signs no code. `certificate` is its row's.
  struct AuditIdentity {
    Uuid certificate;
    std::shared_ptr<const SigningIdentity> identity;
  };
  Result<AuditIdentity> audit_identity();

  // A certificate was revoked, or an intermediate installed: what begins from now on is signed
  // accordingly. Never waits.
  void notice_change() { changes_.fetch_add(1); }

  // Every root there has ever been: what verifiers trust.
  Result<std::vector<crypto::Certificate>> roots();

 private:
  struct Issuer {
    std::unique_ptr<crypto::Signer> signer;
    crypto::Certificate certificate;
    crypto::Certificate root;
    Uuid id;
  };
  using Key = std::pair<std::string, std::string>;  // account, profile

  // Counted before anything is read: a change that comes meanwhile is seen by the next caller.
  struct Changes {
    std::uint64_t here = 0;
    std::int64_t anywhere = 0;  // where the store is shared
    bool operator==(const Changes&) const = default;
  };
  Result<Changes> count_changes();
  Result<std::shared_ptr<const Issuer>> issuer() REQUIRES_LOCK(mutex_);
  void warn_of_end(Timestamp end) REQUIRES_LOCK(mutex_);
  Result<std::shared_ptr<const SigningIdentity>> load_or_issue(const model::AccountId& account,
                                                               const model::ProfileName& profile)
      REQUIRES_LOCK(mutex_);
  Result<AuditIdentity> issue_audit_leaf(const Issuer& issuer);
  Result<std::shared_ptr<const SigningIdentity>> issue_leaf(const Issuer& issuer,
                                                            const model::AccountId& account,
                                                            const model::ProfileName& profile);

  store::Store& store_;
  keys::KeyProvider& keys_;
  const Clock& clock_;
  Random& random_;
  const model::Home home_;
  std::atomic<std::uint64_t> changes_ = 0;
  Mutex mutex_;  // held while a leaf is issued, so that a profile gets one, not several
  std::shared_ptr<const Issuer> issuer_ GUARDED_BY(mutex_);
  Timestamp warned_at_ GUARDED_BY(mutex_) = {};
  std::map<Key, std::shared_ptr<const SigningIdentity>> identities_ GUARDED_BY(mutex_);
  Changes changes_seen_ GUARDED_BY(mutex_);  // by what is held above
};

// When the intermediate that issues at `now` will end; nothing: none can issue.
Result<std::optional<Timestamp>> issues_until(store::Reader& rows, Timestamp now);

}  // namespace hallmark::pki
