#include "store/profiles.h"

#include <algorithm>

#include "base/json.h"
#include "base/limits.h"
#include "store/driver.h"
#include "store/head.h"
#include "store/row_memory.h"
#include "store/string_map.h"

namespace hallmark::store {
namespace {

using model::AccountId;
using model::Profile;
using model::ProfileName;
using model::StringMap;

constexpr char columns[] =
    "account, name, version, platform_id, status, status_reason, validity_unit, validity_value, "
    "certificate_arn, encryption_algorithm, hash_algorithm, image_format, signing_parameters, "
    "tags, created_at, canceled_at, revoked_from, revoked_at, revoked_by, "
    "permissions, permissions_revision, revision";

constexpr auto insert_sql = concat("INSERT INTO profiles (", columns,
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
                                   "$13, $14, $15, $16, $17, $18, $19, $20, $21, $22)");
constexpr auto find_sql =
    concat("SELECT ", columns, " FROM profiles WHERE account = $1 AND name = $2");
constexpr auto list_sql = concat("SELECT ", columns,
                                 " FROM profiles WHERE account = $1 AND name > $2 "
                                 "ORDER BY name LIMIT $3");

constexpr Sql update_status_sql =
    "UPDATE profiles SET status = $3, status_reason = $4, canceled_at = $5, revoked_from = $6, "
    "revoked_at = $7, revoked_by = $8, permissions_revision = $9, revision = revision + 1 "
    "WHERE account = $1 AND name = $2 AND revision = $10";
constexpr Sql update_permissions_sql =
    "UPDATE profiles SET permissions = $3, permissions_revision = $4, revision = revision + 1 "
    "WHERE account = $1 AND name = $2 AND revision = $5";
constexpr Sql update_tags_sql =
    "UPDATE profiles SET tags = $3, revision = revision + 1 "
    "WHERE account = $1 AND name = $2 AND revision = $4";

constexpr int name_column = 1;
constexpr std::string_view no_statements = "[]";

std::string json_of(const std::vector<model::Permission>& statements) {
  if (statements.empty()) return std::string(no_statements);
  JsonWriter writer;
  writer.begin_array();
  for (const model::Permission& statement : statements) {
    writer.begin_object();
    writer.member("statementId", statement.statement_id).member("action", statement.action);
    writer.member("principal", statement.principal);
    writer.member("profileVersion", statement.profile_version);
    writer.member("principalId", statement.principal_id).end_object();
  }
  writer.end_array();
  return writer.take();
}

Result<std::vector<model::Permission>> statements_of(std::string_view json) {
  std::vector<model::Permission> statements;
  if (json == no_statements) return statements;
  TRY(const JsonDocument document, JsonDocument::parse(json));
  TRY(const auto elements, document.root().array());
  for (const JsonValue& element : elements) {
    TRY(const JsonObject object, element.object());
    TRY(const std::string_view id, object.get_text("statementId"));
    TRY(const std::string_view action, object.get_text("action"));
    TRY(const std::string_view principal, object.get_text("principal"));
    TRY(const std::string_view version, object.get_text("profileVersion"));
    TRY(const std::string_view principal_id, object.get_text("principalId"));
    statements.push_back({std::string(id), std::string(action), std::string(principal),
                          std::string(version), std::string(principal_id)});
  }
  return statements;
}

Result<model::Permissions> permissions_of(Query& row) {
  auto statements = statements_of(row.view(19));
  if (!statements) return corrupt("The stored permissions of a profile are none.");
  return model::Permissions{row.text(20), *std::move(statements)};
}

std::optional<model::ProfileRevocation> revocation_of(Query& row) {
  if (row.is_null(16)) return std::nullopt;
  return model::ProfileRevocation{
      .effective_from = row.time(16), .revoked_at = row.time(17), .revoked_by = row.text(18)};
}

using Revocation = model::ProfileRevocation;

template <class T>
std::optional<T> of_revocation(const Profile& profile, T Revocation::*member) {
  if (!profile.revocation) return std::nullopt;
  return (*profile.revocation).*member;
}

Result<void> one_row(std::int64_t changed) {
  if (changed == 1) return {};
  return conflict("The signing profile was changed at the same time.");
}

Result<Profile> profile_of(Query& row) {
  TRY(AccountId account, row.name<model::AccountIdRule>(0));
  TRY(ProfileName name, row.name<model::ProfileNameRule>(1));
  TRY(model::ProfileVersion version, row.name<model::ProfileVersionRule>(2));
  TRY(const auto status, row.enumerator(4, model::ProfileStatus::revoked));
  TRY(const auto unit, row.enumerator(6, model::ValidityPeriod::Unit::years));
  TRY(StringMap parameters, stored_map_of(row.view(12)));
  TRY(StringMap tags, stored_map_of(row.view(13)));
  TRY(model::Permissions permissions, permissions_of(row));
  return Profile{.account = std::move(account),
                 .name = std::move(name),
                 .version = std::move(version),
                 .platform_id = row.text(3),
                 .status = status,
                 .status_reason = row.text(5),
                 .validity = {.unit = unit, .value = int(row.integer(7))},
                 .certificate_arn = row.text(8),
                 .overrides = {.encryption_algorithm = row.text(9),
                               .hash_algorithm = row.text(10),
                               .image_format = row.text(11)},
                 .signing_parameters = std::move(parameters),
                 .tags = std::move(tags),
                 .created_at = row.time(14),
                 .canceled_at = row.find_time(15),
                 .revocation = revocation_of(row),
                 .permissions = std::move(permissions),
                 .revision = row.integer(21)};
}

// By the filter's columns alone, before the maps are read.
Result<bool> passes(Query& row, const ProfileFilter& filter) {
  TRY(const auto status, row.enumerator(4, model::ProfileStatus::revoked));
  if (std::ranges::find(filter.statuses, status) == filter.statuses.end()) return false;
  if (!filter.platform_id.empty() && row.view(3) != filter.platform_id) return false;
  const auto canceled_at = row.find_time(15);
  return !canceled_at || *canceled_at > filter.canceled_after;
}

}  // namespace

Result<void> insert_profile(Transaction& tx, const Profile& profile) {
  const auto& overrides = profile.overrides;
  auto inserted = execute(
      tx, insert_sql.data(), profile.account, profile.name, profile.version, profile.platform_id,
      profile.status, profile.status_reason, profile.validity.unit, profile.validity.value,
      profile.certificate_arn, overrides.encryption_algorithm, overrides.hash_algorithm,
      overrides.image_format, json_of(profile.signing_parameters), json_of(profile.tags),
      profile.created_at, profile.canceled_at, of_revocation(profile, &Revocation::effective_from),
      of_revocation(profile, &Revocation::revoked_at),
      of_revocation(profile, &Revocation::revoked_by), json_of(profile.permissions.statements),
      profile.permissions.revision_id, profile.revision);
  if (inserted) return {};
  if (inserted.error().kind != ErrorKind::conflict) return std::move(inserted.error());
  return conflict("Profile with name " + profile.name.text() + " already exists",
                  "ProfileAlreadyExists");
}

Error changed_while_judged() {
  Error error = unavailable("what the request was judged on has changed meanwhile");
  error.reason = changed_while_judged_reason;
  return error;
}

Result<void> update_status(Transaction& tx, const Profile& profile) {
  show_to_witness(tx);
  tx.connection().mark_changed(RowKind::profile);
  tx.connection().mark_changed(RowKind::signature);
  TRY(const std::int64_t changed,
      execute(tx, update_status_sql, profile.account, profile.name, profile.status,
              profile.status_reason, profile.canceled_at,
              of_revocation(profile, &Revocation::effective_from),
              of_revocation(profile, &Revocation::revoked_at),
              of_revocation(profile, &Revocation::revoked_by), profile.permissions.revision_id,
              profile.revision));
  return one_row(changed);
}

Result<void> update_permissions(Transaction& tx, const Profile& profile) {
  show_to_witness(tx);
  tx.connection().mark_changed(RowKind::profile);
  TRY(const std::int64_t changed, execute(tx, update_permissions_sql, profile.account, profile.name,
                                          json_of(profile.permissions.statements),
                                          profile.permissions.revision_id, profile.revision));
  return one_row(changed);
}

Result<void> update_tags(Transaction& tx, const Profile& profile) {
  tx.connection().mark_changed(RowKind::profile);
  TRY(const std::int64_t changed, execute(tx, update_tags_sql, profile.account, profile.name,
                                          json_of(profile.tags), profile.revision));
  return one_row(changed);
}

Result<std::optional<Profile>> find_profile(Reader& rows, const AccountId& account,
                                            const ProfileName& name) {
  const auto find = [&]() -> Result<std::optional<Profile>> {
    TRY(Query query, ask(rows, find_sql.data(), account, name));
    return find_row(std::move(query), profile_of);
  };
  return recall(rows, &RowMemory::profiles, account.text() + name.text(), find);
}

Result<ProfilePage> list_profiles(Reader& rows, const AccountId& account,
                                  const ProfileFilter& filter, std::string_view after,
                                  std::size_t count) {
  TRY(Query query, ask(rows, list_sql.data(), account, after, limits::list_rows_examined_max + 1));
  ProfilePage page;
  std::string last(after);  // examined
  for (std::size_t examined = 0;; ++examined) {
    TRY(const bool more, query.next());
    if (!more) return page;
    if (page.profiles.size() == count || examined == limits::list_rows_examined_max) break;
    last = query.text(name_column);
    TRY(const bool passed, passes(query, filter));
    if (!passed) continue;
    TRY(Profile profile, profile_of(query));
    page.profiles.push_back(std::move(profile));
  }
  page.continue_after = std::move(last);
  return page;
}

}  // namespace hallmark::store
