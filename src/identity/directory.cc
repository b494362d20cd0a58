#include "identity/directory.h"

#include "audit/record.h"
#include "base/limits.h"
#include "identity/identifiers.h"
#include "identity/new_account.h"
#include "identity/principals.h"
#include "store/change_counts.h"

namespace hallmark::identity {
namespace {

// A principal as it is stored.
struct PrincipalRows {
  store::PrincipalRow row;
  std::vector<store::PolicyRow> policies;
};

Result<std::optional<PrincipalRows>> read_principal(store::Reader& reader, const Uuid& id) {
  TRY(auto row, store::find_principal(reader, id));
  if (!row) return std::optional<PrincipalRows>();
  TRY(auto policies, store::list_policies(reader, id));
  return std::optional(PrincipalRows{*std::move(row), std::move(policies)});
}

}  // namespace

Directory::Directory(store::Store& store, SecretSealer& sealer, const Clock& clock, Random& random,
                     model::Home home)
    : store_(store), sealer_(sealer), clock_(clock), random_(random), home_(std::move(home)) {}

Result<std::shared_ptr<const Credential>> Directory::find(std::string_view access_key_id) {
  TRY(look_for_changes());
  std::uint64_t generation = 0;
  {
    const MutexLock lock(mutex_);
    const auto held = held_.find(std::string(access_key_id));
    if (held != held_.end()) return held->second;
    generation = generation_;
  }
  TRY(auto credential, load(access_key_id));
  const MutexLock lock(mutex_);
  if (generation != generation_) return credential;  // read before a change: used once, not kept
  if (held_.size() >= limits::principal_cache_entries_max) held_.clear();
  held_.insert_or_assign(credential->access_key_id, credential);
  return credential;
}

Result<std::shared_ptr<const Credential>> Directory::load(std::string_view access_key_id) {
  struct Rows {
    store::AccessKeyRow key;
    PrincipalRows owner;
  };
  TRY(auto rows, store_.read([&](store::Reader& reader) -> Result<Rows> {
    TRY(auto key, store::find_access_key(reader, access_key_id));
    if (!key || !key->active) return unknown_security_token();
    TRY(auto owner, read_principal(reader, key->principal));
    if (!owner) return corrupt("an access key without its principal");
    return Rows{*std::move(key), *std::move(owner)};
  }));
  TRY(auto principal, principal_of(home_, rows.owner.row, rows.owner.policies));
  TRY(auto secret, sealer_.unseal(rows.key.secret_sealed, access_key_context(rows.key.id)));
  return std::shared_ptr<const Credential>(std::make_shared<Credential>(
      Credential{rows.key.id, std::move(secret),
                 std::make_shared<const access::Principal>(std::move(principal))}));
}

Result<std::shared_ptr<const access::Principal>> Directory::find_principal(const Uuid& id) {
  TRY(look_for_changes());
  std::uint64_t generation = 0;
  {
    const MutexLock lock(mutex_);
    const auto held = principals_.find(id);
    if (held != principals_.end()) return held->second;
    generation = generation_;
  }
  TRY(auto rows, store_.read([&](store::Reader& reader) { return read_principal(reader, id); }));
  if (!rows) return unknown_security_token();
  TRY(auto made, principal_of(home_, rows->row, rows->policies));
  auto principal = std::make_shared<const access::Principal>(std::move(made));
  const MutexLock lock(mutex_);
  if (generation != generation_) return principal;  // as in find
  if (principals_.size() >= limits::principal_cache_entries_max) principals_.clear();
  principals_.insert_or_assign(id, principal);
  return principal;
}

Result<void> Directory::look_for_changes() {
  if (!store_.is_shared()) return {};
  TRY(const std::int64_t changes, store_.read([](store::Reader& rows) {
    return store::find_change_count(rows, store::Topic::identities);
  }));
  const MutexLock lock(mutex_);
  if (changes <= changes_seen_) return {};
  changes_seen_ = changes;
  forget_all();
  return {};
}

Result<std::uint64_t> Directory::generation() {
  TRY(look_for_changes());
  const MutexLock lock(mutex_);
  return generation_;
}

Result<NewAccessKey> Directory::create_account_with_admin(const model::AccountId& account) {
  NewAccessKey key = make_access_key(random_);
  const NewAccountRows rows = make_account(account, key, {sealer_, clock_, random_});
  const auto record =
      audit::record_event("CreateAccount", rows.root.created_at, home_, rows.elements());
  TRY(store_.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::append_audit(tx, record));
    return insert(tx, rows);
  }));
  return key;
}

void Directory::forget() {
  const MutexLock lock(mutex_);
  forget_all();
}

void Directory::forget_all() {
  ++generation_;
  held_.clear();
  principals_.clear();
}

}  // namespace hallmark::identity
