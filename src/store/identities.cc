#include "store/identities.h"

#include "store/change_counts.h"
#include "store/driver.h"
#include "store/string_map.h"

namespace hallmark::store {

namespace {

using model::AccountId;

constexpr char principal_columns[] =
    "id, account, kind, name, unique_id, created_at, trust_policy, trusted_ids, "
    "session_seconds_max";

Result<PrincipalRow> principal_of(Query& row) {
  TRY(const Uuid id, row.uuid(0));
  TRY(AccountId account, row.name<model::AccountIdRule>(1));
  TRY(const auto kind, row.enumerator(2, PrincipalKind::role));
  TRY(auto trusted_ids, stored_map_of(row.view(7)));
  return PrincipalRow{.id = id,
                      .account = std::move(account),
                      .kind = kind,
                      .name = row.text(3),
                      .unique_id = row.text(4),
                      .created_at = row.time(5),
                      .trust_policy = row.text(6),
                      .trusted_ids = std::move(trusted_ids),
                      .session_seconds_max = row.integer(8)};
}

constexpr char key_columns[] =
    "id, principal, secret_sealed, active, created_at, last_used_at, last_used_service";

Result<AccessKeyRow> key_of(Query& row) {
  TRY(const Uuid principal, row.uuid(1));
  return AccessKeyRow{.id = row.text(0),
                      .principal = principal,
                      .secret_sealed = copy_of(row.bytes(2)),
                      .active = row.integer(3) != 0,
                      .created_at = row.time(4),
                      .last_used_at = row.find_time(5),
                      .last_used_service = row.text(6)};
}

Result<std::size_t> count_of(Query query) {
  TRY(const bool found, query.next());
  CHECK(found);  // an aggregate has one row, always
  return std::size_t(query.integer(0));
}

Result<void> require_one(std::int64_t rows) {
  if (rows == 1) return {};
  return conflict("the principal has gone meanwhile");
}

}  // namespace

Result<void> insert_account(Transaction& tx, const AccountId& account, Timestamp created_at) {
  TRY(execute(tx, "INSERT INTO accounts (account, created_at) VALUES ($1, $2)", account,
              created_at));
  return {};
}

Result<void> insert_principal(Transaction& tx, const PrincipalRow& principal) {
  TRY(execute(
      tx,
      "INSERT INTO principals (id, account, kind, name, unique_id, created_at, trust_policy, "
      "trusted_ids, session_seconds_max) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      principal.id, principal.account, principal.kind, principal.name, principal.unique_id,
      principal.created_at, principal.trust_policy, json_of(principal.trusted_ids),
      principal.session_seconds_max));
  return {};
}

Result<void> put_policy(Transaction& tx, const PolicyRow& policy) {
  TRY(execute(tx,
              "INSERT INTO policies (principal, name, document) VALUES ($1, $2, $3) "
              "ON CONFLICT (principal, name) DO UPDATE SET document = excluded.document",
              policy.principal, policy.name, policy.document));
  return count_change(tx, Topic::identities);
}

Result<void> insert_access_key(Transaction& tx, const AccessKeyRow& key) {
  TRY(execute(tx,
              "INSERT INTO access_keys (id, principal, secret_sealed, active, created_at, "
              "last_used_at, last_used_service) VALUES ($1, $2, $3, $4, $5, $6, $7)",
              key.id, key.principal, ByteView(key.secret_sealed), key.active, key.created_at,
              key.last_used_at, key.last_used_service));
  return {};
}

Result<std::optional<AccessKeyRow>> find_access_key(Reader& rows, std::string_view id) {
  static constexpr auto sql = concat("SELECT ", key_columns, " FROM access_keys WHERE id = $1");
  TRY(Query query, ask(rows, sql.data(), id));
  return find_row(std::move(query), key_of);
}

Result<std::vector<AccessKeyRow>> list_access_keys(Reader& rows, const Uuid& principal) {
  static constexpr auto sql =
      concat("SELECT ", key_columns, " FROM access_keys WHERE principal = $1 ORDER BY id");
  TRY(Query query, ask(rows, sql.data(), principal));
  return list_rows(std::move(query), key_of);
}

Result<bool> update_access_key_status(Transaction& tx, const AccessKeyRow& key) {
  TRY(const auto changed,
      execute(tx, "UPDATE access_keys SET active = $3 WHERE id = $1 AND principal = $2", key.id,
              key.principal, key.active));
  TRY(count_change(tx, Topic::identities));
  return changed == 1;
}

Result<bool> delete_access_key(Transaction& tx, const Uuid& principal, std::string_view id) {
  TRY(const auto deleted,
      execute(tx, "DELETE FROM access_keys WHERE id = $1 AND principal = $2", id, principal));
  TRY(count_change(tx, Topic::identities));
  return deleted == 1;
}

Result<void> note_access_key_use(Transaction& tx, const AccessKeyUse& use) {
  TRY(execute(tx,
              "UPDATE access_keys SET last_used_at = $2, last_used_service = $3 "
              "WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
              use.id, use.time, use.service));
  return {};
}

Result<std::optional<PrincipalRow>> find_principal(Reader& rows, const Uuid& id) {
  static constexpr auto sql =
      concat("SELECT ", principal_columns, " FROM principals WHERE id = $1");
  TRY(Query query, ask(rows, sql.data(), id));
  return find_row(std::move(query), principal_of);
}

Result<std::optional<PrincipalRow>> find_principal_by_name(Reader& rows, const AccountId& account,
                                                           PrincipalKind kind,
                                                           std::string_view name) {
  static constexpr auto sql =
      concat("SELECT ", principal_columns,
             " FROM principals WHERE account = $1 AND kind = $2 AND name = $3");
  TRY(Query query, ask(rows, sql.data(), account, kind, name));
  return find_row(std::move(query), principal_of);
}

Result<PrincipalPage> list_principals(Reader& rows, const PrincipalPlace& after,
                                      std::size_t count) {
  static constexpr auto sql =
      concat("SELECT ", principal_columns,
             " FROM principals WHERE account = $1 AND kind = $2 AND name > $3 "
             "ORDER BY name LIMIT $4");
  TRY(Query query, ask(rows, sql.data(), after.account, after.kind, after.name, count + 1));
  PrincipalPage page;
  TRY(page.principals, list_rows(std::move(query), principal_of));
  if (page.principals.size() <= count) return page;
  page.principals.pop_back();
  page.continue_after = page.principals.back().name;
  return page;
}

Result<std::size_t> count_principals(Reader& rows, const AccountId& account) {
  TRY(Query query, ask(rows, "SELECT count(*) FROM principals WHERE account = $1", account));
  return count_of(std::move(query));
}

Result<void> update_trust_policy(Transaction& tx, const PrincipalRow& role) {
  TRY(const auto changed,
      execute(tx, "UPDATE principals SET trust_policy = $2, trusted_ids = $3 WHERE id = $1",
              role.id, role.trust_policy, json_of(role.trusted_ids)));
  TRY(count_change(tx, Topic::identities));
  return require_one(changed);
}

Result<void> delete_principal(Transaction& tx, const Uuid& id) {
  TRY(execute(tx, "DELETE FROM access_keys WHERE principal = $1", id));
  TRY(execute(tx, "DELETE FROM policies WHERE principal = $1", id));
  TRY(const auto deleted, execute(tx, "DELETE FROM principals WHERE id = $1", id));
  TRY(count_change(tx, Topic::identities));
  return require_one(deleted);
}

Result<bool> delete_policy(Transaction& tx, const Uuid& principal, std::string_view name) {
  TRY(const auto deleted,
      execute(tx, "DELETE FROM policies WHERE principal = $1 AND name = $2", principal, name));
  TRY(count_change(tx, Topic::identities));
  return deleted == 1;
}

Result<std::vector<PolicyRow>> list_policies(Reader& rows, const Uuid& principal) {
  TRY(Query query, ask(rows,
                       "SELECT principal, name, document FROM policies WHERE principal = $1 "
                       "ORDER BY name",
                       principal));
  return list_rows(std::move(query), [](Query& row) -> Result<PolicyRow> {
    TRY(const Uuid id, row.uuid(0));
    return PolicyRow{.principal = id, .name = row.text(1), .document = row.text(2)};
  });
}

Result<bool> has_account(Reader& rows, const AccountId& account) {
  TRY(Query query, ask(rows, "SELECT 1 FROM accounts WHERE account = $1", account));
  return query.next();
}

Result<std::size_t> count_accounts(Reader& rows) {
  TRY(Query query, ask(rows, "SELECT count(*) FROM accounts"));
  return count_of(std::move(query));
}

Result<std::vector<AccountId>> list_accounts(Reader& rows) {
  TRY(Query query, ask(rows, "SELECT account FROM accounts ORDER BY account"));
  return list_rows(std::move(query), [](Query& row) { return row.name<model::AccountIdRule>(0); });
}

}  // namespace hallmark::store
