// Rows of accounts, principals, their policies and access keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/uuid.h"
#include "model/names.h"
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

Result<void> insert_account(Transaction& tx, const model::AccountId& account, Timestamp created_at);
Result<void> insert_principal(Transaction& tx, const PrincipalRow& principal);
Result<void> put_policy(Transaction& tx, const PolicyRow& policy);  // replaces one of the same name
Result<void> insert_access_key(Transaction& tx, const AccessKeyRow& key);

Result<std::optional<AccessKeyRow>> find_access_key(Reader& rows, std::string_view id);
Result<std::optional<PrincipalRow>> find_principal(Reader& rows, const Uuid& id);
Result<std::optional<PrincipalRow>> find_principal_by_name(Reader& rows,
                                                           const model::AccountId& account,
                                                           PrincipalKind kind,
                                                           std::string_view name);
Result<std::vector<PolicyRow>> list_policies(Reader& rows, const Uuid& principal);
Result<std::vector<model::AccountId>> list_accounts(Reader& rows);

}  // namespace hallmark::store
