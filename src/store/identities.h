// Rows of accounts, principals, their policies and access keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/uuid.h"
#include "model/names.h"
#include "model/profile.h"
#include "store/store.h"

namespace hallmark::store {

enum class PrincipalKind { root = 0, user = 1, role = 2 };  // the numbers are stored

struct PrincipalRow {
  Uuid id;  // immutable: a re-created name is another principal
  model::AccountId account;
  PrincipalKind kind = PrincipalKind::user;
  std::string name;       // empty for the root
  std::string unique_id;  // "AIDA…", what aws:userid shows
  Timestamp created_at;
  std::string trust_policy = {};         // JSON; of a role only
  model::StringMap trusted_ids = {};     // unique ids of those that it names by ARNs, by these
  std::int64_t session_seconds_max = 0;  // of a role only
};

struct PolicyRow {
  Uuid principal;
  std::string name;
  std::string document;  // JSON, as it was given
};

struct AccessKeyRow {
  std::string id;  // "AKIA…"
  Uuid principal;
  Bytes secret_sealed;
  bool active = true;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at = {};
  std::string last_used_service = {};  // empty: never used
};

struct AccessKeyUse {
  std::string id;
  Timestamp time;
  std::string service;  // "signer"
};

struct PrincipalPlace {
  model::AccountId account;
  PrincipalKind kind = PrincipalKind::user;
  std::string name = {};  // empty: before the first
};

struct PrincipalPage {
  std::vector<PrincipalRow> principals;  // in order of name
  std::string continue_after;            // a name; empty: the end
};

// Accounts.
Result<void> insert_account(Transaction& tx, const model::AccountId& account, Timestamp created_at);
Result<bool> has_account(Reader& rows, const model::AccountId& account);
Result<std::vector<model::AccountId>> list_accounts(Reader& rows);
Result<std::size_t> count_accounts(Reader& rows);

// Principals. Conflict: the name is taken. Not found: there is no such account.
Result<void> insert_principal(Transaction& tx, const PrincipalRow& principal);
// Writes trust_policy and trusted_ids alone. Conflict: the principal has gone.
Result<void> update_trust_policy(Transaction& tx, const PrincipalRow& role);
// With its policies and access keys. Conflict: it has gone.
Result<void> delete_principal(Transaction& tx, const Uuid& id);
Result<std::optional<PrincipalRow>> find_principal(Reader& rows, const Uuid& id);
Result<std::optional<PrincipalRow>> find_principal_by_name(Reader& rows,
                                                           const model::AccountId& account,
                                                           PrincipalKind kind,
                                                           std::string_view name);
// Up to `count` of those that come after one of this account, kind and name, which need not exist.
Result<PrincipalPage> list_principals(Reader& rows, const PrincipalPlace& after, std::size_t count);
Result<std::size_t> count_principals(Reader& rows, const model::AccountId& account);

// Policies: a few for each principal.
Result<void> put_policy(Transaction& tx, const PolicyRow& policy);  // replaces one of the same name
Result<bool> delete_policy(Transaction& tx, const Uuid& principal,
                           std::string_view name);                                  // was it?
Result<std::vector<PolicyRow>> list_policies(Reader& rows, const Uuid& principal);  // by name

// Access keys: a few for each principal. Conflict: the id is taken.
Result<void> insert_access_key(Transaction& tx, const AccessKeyRow& key);
// Writes `active` alone; false: there is no such key of this principal.
Result<bool> update_access_key_status(Transaction& tx, const AccessKeyRow& key);
Result<bool> delete_access_key(Transaction& tx, const Uuid& principal, std::string_view id);
// A key that has gone, or was used later, stays as it is.
Result<void> note_access_key_use(Transaction& tx, const AccessKeyUse& use);
Result<std::optional<AccessKeyRow>> find_access_key(Reader& rows, std::string_view id);
Result<std::vector<AccessKeyRow>> list_access_keys(Reader& rows, const Uuid& principal);  // by id

}  // namespace hallmark::store
