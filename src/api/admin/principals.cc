#include "api/admin/members.h"
#include "api/admin/operations.h"

namespace hallmark::api {
namespace {

using store::PrincipalRow;

constexpr std::int64_t items_max_default = 100;  // as IAM
constexpr std::int64_t items_max_most = 1000;

// As IAM shows a user or a role; the document as text.
void write_principal(JsonWriter& json, const model::Home& home, const PrincipalRow& row) {
  const bool role = row.kind == PrincipalKind::role;
  json.begin_object();
  json.member(role ? "RoleName" : "UserName", row.name);
  json.member(role ? "RoleId" : "UserId", row.unique_id);
  json.member("Arn", identity::Target::of(home, {row.account, row.kind, row.name}).arn);
  write_date(json, "CreateDate", row.created_at);
  if (role) {
    json.member("MaxSessionDuration", row.session_seconds_max);
    json.member("AssumeRolePolicyDocument", row.trust_policy);
  }
  json.end_object();
}

Then<PrincipalRow> answer_principal(const AdminServices& services, Finish finish) {
  return answer_by<PrincipalRow>(
      [&home = services.authorizer.home()](JsonWriter& json, const PrincipalRow& row) {
        json.name(row.kind == PrincipalKind::role ? "Role" : "User");
        write_principal(json, home, row);
      },
      std::move(finish));
}

Result<identity::CreateUser> parse_create_user(const Incoming& incoming, AdminServices& services) {
  TRY(auto user, read_target(incoming, services, PrincipalKind::user));
  return identity::CreateUser{std::move(user)};
}
void run_create_user(AdminServices& services, access::Permitted<identity::CreateUser> permitted,
                     Finish finish) {
  services.administration.create_user(std::move(permitted),
                                      answer_principal(services, std::move(finish)));
}

Result<identity::CreateRole> parse_create_role(const Incoming& incoming, AdminServices& services) {
  TRY(auto role, read_target(incoming, services, PrincipalKind::role));
  TRY(auto trust, read_text(incoming, "AssumeRolePolicyDocument"));
  identity::CreateRole call{std::move(role), std::move(trust)};
  TRY(const auto body, incoming.body_object());
  TRY(const auto seconds, body.find_integer("MaxSessionDuration"));
  call.session_seconds_max = seconds.value_or(call.session_seconds_max);
  return call;
}
void run_create_role(AdminServices& services, access::Permitted<identity::CreateRole> permitted,
                     Finish finish) {
  services.administration.create_role(std::move(permitted),
                                      answer_principal(services, std::move(finish)));
}

Result<identity::UpdateAssumeRolePolicy> parse_trust(const Incoming& incoming,
                                                     AdminServices& services) {
  TRY(auto role, read_target(incoming, services, PrincipalKind::role));
  TRY(auto trust, read_text(incoming, "PolicyDocument"));
  return identity::UpdateAssumeRolePolicy{std::move(role), std::move(trust)};
}
void run_trust(AdminServices& services,
               access::Permitted<identity::UpdateAssumeRolePolicy> permitted, Finish finish) {
  services.administration.update_trust_policy(std::move(permitted),
                                              answer_nothing(std::move(finish)));
}

template <PrincipalKind kind>
Result<identity::DeletePrincipal<kind>> parse_delete(const Incoming& incoming,
                                                     AdminServices& services) {
  TRY(auto target, read_target(incoming, services, kind));
  return identity::DeletePrincipal<kind>{std::move(target)};
}
template <PrincipalKind kind>
void run_delete(AdminServices& services,
                access::Permitted<identity::DeletePrincipal<kind>> permitted, Finish finish) {
  services.administration.remove(std::move(permitted),
                                 answer_by<identity::Deleted>(
                                     [](JsonWriter& json, const identity::Deleted& deleted) {
                                       write_texts(json, "DeletedPolicies", deleted.policies);
                                       write_texts(json, "DeletedAccessKeys", deleted.access_keys);
                                     },
                                     std::move(finish)));
}

template <PrincipalKind kind>
Result<identity::ListPrincipals<kind>> parse_list(const Incoming& incoming,
                                                  AdminServices& services) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto marker, body.find_text("Marker"));
  TRY(const auto items, body.find_integer("MaxItems"));
  const std::int64_t items_max = items.value_or(items_max_default);
  if (items_max < 1 || items_max > items_max_most) {
    return invalid("MaxItems must be between 1 and 1000.");
  }
  TRY(auto account, read_account(incoming));
  return identity::ListPrincipals<kind>{
      identity::Target::of(services.authorizer.home(),
                           {std::move(account), kind, std::string(marker.value_or(""))}),
      std::size_t(items_max)};
}
template <PrincipalKind kind>
Result<std::string> run_list(AdminServices& services,
                             const access::Permitted<identity::ListPrincipals<kind>>& permitted) {
  return answer_now(services.administration.list(permitted),
                    [&](JsonWriter& json, const store::PrincipalPage& page) {
                      json.name(identity::one_of(kind, "Users", "Roles")).begin_array();
                      for (const PrincipalRow& row : page.principals) {
                        write_principal(json, services.authorizer.home(), row);
                      }
                      json.end_array().member("IsTruncated", !page.continue_after.empty());
                      if (!page.continue_after.empty()) json.member("Marker", page.continue_after);
                    });
}

}  // namespace

constinit const AdminOperation create_user = admin_operation<parse_create_user, run_create_user>();
constinit const AdminOperation create_role = admin_operation<parse_create_role, run_create_role>();
constinit const AdminOperation update_assume_role_policy =
    admin_operation<parse_trust, run_trust>();
constinit const AdminOperation delete_user =
    admin_operation<parse_delete<PrincipalKind::user>, run_delete<PrincipalKind::user>>();
constinit const AdminOperation delete_role =
    admin_operation<parse_delete<PrincipalKind::role>, run_delete<PrincipalKind::role>>();
constinit const AdminOperation list_users =
    admin_operation<parse_list<PrincipalKind::user>, run_list<PrincipalKind::user>>();
constinit const AdminOperation list_roles =
    admin_operation<parse_list<PrincipalKind::role>, run_list<PrincipalKind::role>>();

}  // namespace hallmark::api
