#include "store/identities.h"

#include "store/driver.h"

namespace hallmark::store {

namespace {

using model::AccountId;

constexpr char principal_columns[] =
    "id, account, kind, name, unique_id, created_at, trust_policy, session_seconds_max";

Result<PrincipalRow> principal_of(Query& row) {
  TRY(const Uuid id, row.uuid(0));
  TRY(AccountId account, row.name<model::AccountIdRule>(1));
  TRY(const auto kind, row.enumerator(2, PrincipalKind::role));
  return PrincipalRow{.id = id,
                      .account = std::move(account),
                      .kind = kind,
                      .name = row.text(3),
                      .unique_id = row.text(4),
                      .created_at = row.time(5),
                      .trust_policy = row.text(6),
                      .session_seconds_max = row.integer(7)};
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
      "session_seconds_max) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      principal.id, principal.account, principal.kind, principal.name, principal.unique_id,
      principal.created_at, principal.trust_policy, principal.session_seconds_max));
  return {};
}

Result<void> put_policy(Transaction& tx, const PolicyRow& policy) {
  TRY(execute(tx,
              "INSERT INTO policies (principal, name, document) VALUES ($1, $2, $3) "
              "ON CONFLICT (principal, name) DO UPDATE SET document = excluded.document",
              policy.principal, policy.name, policy.document));
  return {};
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
  TRY(Query query, ask(rows,
                       "SELECT id, principal, secret_sealed, active, created_at, last_used_at, "
                       "last_used_service FROM access_keys WHERE id = $1",
                       id));
  return find_row(std::move(query), [](Query& row) -> Result<AccessKeyRow> {
    TRY(const Uuid principal, row.uuid(1));
    return AccessKeyRow{.id = row.text(0),
                        .principal = principal,
                        .secret_sealed = copy_of(row.bytes(2)),
                        .active = row.integer(3) != 0,
                        .created_at = row.time(4),
                        .last_used_at = row.find_time(5),
                        .last_used_service = row.text(6)};
  });
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

Result<std::vector<AccountId>> list_accounts(Reader& rows) {
  TRY(Query query, ask(rows, "SELECT account FROM accounts ORDER BY account"));
  return list_rows(std::move(query), [](Query& row) { return row.name<model::AccountIdRule>(0); });
}

}  // namespace hallmark::store
