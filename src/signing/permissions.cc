#include "signing/permissions.h"

#include <algorithm>

#include <fmt/format.h>

#include "signing/change.h"
#include "signing/permission_rules.h"
#include "signing/shown_profile.h"
#include "store/identities.h"

namespace hallmark::signing {
namespace {

access::Need need_of(std::string_view action, const access::Principal& caller,
                     const model::ProfileName& name) {
  return {.action = std::string(action), .resource = access::ProfileResource{caller.account, name}};
}

Result<void> check_exists(const access::Facts& facts, const model::ProfileName& name,
                          Timestamp now) {
  if (facts.profile && !is_hidden(*facts.profile, now)) return {};
  return not_found(fmt::format("SigningProfile with name {} does not exist", name.view()),
                   "ProfileNotFound");
}

// `what` is the beginning of AWS's sentence.
Result<void> check_active(const model::Profile& profile, std::string_view what) {
  if (profile.status == model::ProfileStatus::active) return {};
  return invalid(fmt::format("{} a profile in {} state", what, model::name_of(profile.status)),
                 "ProfileNotActive");
}

Error no_policy(const model::ProfileName& name) {
  return not_found(fmt::format("No policies associated with profile {}", name.view()),
                   "PolicyNotFound");
}

Result<void> check_revision(const model::Permissions& permissions, const std::string& given) {
  if (given == permissions.revision_id) return {};
  return Error{ErrorKind::conflict,
               fmt::format("Specified revisionId ({}) does not match the revisionId of the "
                           "existing policy ({})",
                           given, permissions.revision_id),
               {},
               "PolicyRevisionIdMismatch"};
}

Result<void> check_revision_to_add(const model::Profile& profile, const std::string& given) {
  const bool has_policy = !profile.permissions.statements.empty();
  if (!has_policy && given.empty()) return {};
  if (!has_policy) {
    return invalid("Resource Policy does not exist but revisionId was specified in the request");
  }
  if (given.empty()) {
    return invalid(
        fmt::format("Resource Policy exists for Profile Name {}. But no revisionId was "
                    "provided in the request",
                    profile.name.view()));
  }
  return check_revision(profile.permissions, given);
}

// The unique id of the grantee: a role of an account that we keep, which has to be there. Other
// accounts are taken at their word, and so are accounts alone: one may be made here later, and a
// number is nobody else's meanwhile.
Result<std::string> resolve(store::Reader& rows, const Grantee& grantee) {
  using store::PrincipalKind;
  if (grantee.role.empty()) return std::string();
  TRY(const auto root,
      store::find_principal_by_name(rows, grantee.account, PrincipalKind::root, ""));
  if (!root) return std::string();
  TRY(const auto role,
      store::find_principal_by_name(rows, grantee.account, PrincipalKind::role, grantee.role));
  if (!role) return not_found("Principal not found");
  return role->unique_id;
}

Changed changed_to(const std::string& revision) { return {revision, {{"revisionId", revision}}}; }

// The checks come in AWS's order.
Result<Changed> add_to(store::Transaction& tx, const model::Home& home, model::Profile profile,
                       const AddProfilePermission& call, const std::string& new_revision) {
  TRY(check_active(profile, "Cannot add permission to"));
  model::Permission added = call.permission;
  TRY(check_statement_id(added.statement_id));
  TRY(const Grantee grantee, parse_grantee(home, added.principal));
  TRY(added.principal_id, resolve(tx, grantee));
  TRY(check_granted_action(profile, added.action));
  TRY(check_version(profile, added.profile_version));
  auto& statements = profile.permissions.statements;
  const auto same_id =
      std::ranges::find(statements, added.statement_id, &model::Permission::statement_id);
  if (same_id != statements.end()) {
    if (*same_id == added) return changed_to(profile.permissions.revision_id);
    return invalid(
        fmt::format("Statement with statementId {} is already in the policy", added.statement_id),
        "InvalidPermissionStatement");
  }
  TRY(check_revision_to_add(profile, call.revision_id));
  statements.push_back(added);
  if (policy_bytes(home, profile, Principals::as_given) > policy_bytes_max) {
    return Error{ErrorKind::limit_exceeded,
                 fmt::format("Policy cannot exceed maximum size of {} bytes", policy_bytes_max),
                 {},
                 "ServiceLimitExceeded"};
  }
  profile.permissions.revision_id = new_revision;
  TRY(store::update_permissions(tx, profile));
  return changed_to(new_revision);
}

Result<Changed> remove_from(store::Transaction& tx, model::Profile profile,
                            const RemoveProfilePermission& call, const std::string& new_revision) {
  TRY(check_active(profile, "Cannot remove permission from"));
  auto& statements = profile.permissions.statements;
  if (statements.empty()) return no_policy(call.name);
  TRY(check_revision(profile.permissions, call.revision_id));
  const auto found =
      std::ranges::find(statements, call.statement_id, &model::Permission::statement_id);
  if (found == statements.end()) {
    return not_found(fmt::format("No policy named {} associated with {} profile", call.statement_id,
                                 call.name.view()),
                     "PolicyNotFound");
  }
  statements.erase(found);
  profile.permissions.revision_id = statements.empty() ? std::string() : new_revision;
  TRY(store::update_permissions(tx, profile));
  return changed_to(new_revision);
}

}  // namespace

std::vector<access::Need> AddProfilePermission::needs(const access::Principal& caller) const {
  return {need_of(action, caller, name)};
}

void AddProfilePermission::describe(JsonWriter& json) const {
  json.member("profileName", name.view()).member("statementId", permission.statement_id);
  json.member("action", permission.action).member("principal", permission.principal);
  if (!permission.profile_version.empty()) {
    json.member("profileVersion", permission.profile_version);
  }
  if (!revision_id.empty()) json.member("revisionId", revision_id);
}

std::vector<access::Need> ListProfilePermissions::needs(const access::Principal& caller) const {
  return {need_of(action, caller, name)};
}

void ListProfilePermissions::describe(JsonWriter& json) const {
  json.member("profileName", name.view());
}

std::vector<access::Need> RemoveProfilePermission::needs(const access::Principal& caller) const {
  return {need_of(action, caller, name)};
}

void RemoveProfilePermission::describe(JsonWriter& json) const {
  json.member("profileName", name.view()).member("statementId", statement_id);
  json.member("revisionId", revision_id);
}

void ProfilePermissions::add(access::Permitted<AddProfilePermission> permitted,
                             Then<std::string> then) {
  const Timestamp now = clock_.now();
  const auto work = [now, home = home_, revision = Uuid::v7(now, random_).text()](
                        store::Transaction& tx,
                        const access::Permitted<AddProfilePermission>& permit) -> Result<Changed> {
    TRY(check_exists(permit.facts(), permit.call().name, now));
    TRY(auto profile, profile_as_judged(tx, permit.facts()));
    return add_to(tx, home, std::move(profile), permit.call(), revision);
  };
  change_once(store_, home_, std::move(permitted), work, std::move(then));
}

void ProfilePermissions::remove(access::Permitted<RemoveProfilePermission> permitted,
                                Then<std::string> then) {
  const Timestamp now = clock_.now();
  const auto work =
      [now, revision = Uuid::v7(now, random_).text()](
          store::Transaction& tx,
          const access::Permitted<RemoveProfilePermission>& permit) -> Result<Changed> {
    TRY(check_exists(permit.facts(), permit.call().name, now));
    TRY(auto profile, profile_as_judged(tx, permit.facts()));
    return remove_from(tx, std::move(profile), permit.call(), revision);
  };
  change_once(store_, home_, std::move(permitted), work, std::move(then));
}

Result<ListedPermissions> ProfilePermissions::list(
    const access::Permitted<ListProfilePermissions>& permitted) {
  TRY(check_exists(permitted.facts(), permitted.call().name, clock_.now()));
  const model::Profile& profile = *permitted.facts().profile;
  if (profile.permissions.statements.empty()) return no_policy(profile.name);
  return ListedPermissions{profile.permissions, policy_bytes(home_, profile, Principals::as_arns)};
}

}  // namespace hallmark::signing
