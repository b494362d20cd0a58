#include "api/admin/members.h"
#include "api/admin/operations.h"

namespace hallmark::api {
namespace {

Result<identity::PolicyName> read_policy_name(const Incoming& incoming) {
  TRY(const auto text, read_text(incoming, "PolicyName"));
  return identity::PolicyName::parse(text);
}

template <PrincipalKind kind>
Result<identity::PutPolicy<kind>> parse_put(const Incoming& incoming, AdminServices& services) {
  TRY(auto owner, read_target(incoming, services, kind));
  TRY(auto name, read_policy_name(incoming));
  TRY(auto document, read_text(incoming, "PolicyDocument"));
  return identity::PutPolicy<kind>{std::move(owner), std::move(name), std::move(document)};
}
template <PrincipalKind kind>
void run_put(AdminServices& services, access::Permitted<identity::PutPolicy<kind>> permitted,
             Finish finish) {
  services.administration.put_policy(std::move(permitted), answer_nothing(std::move(finish)));
}

template <PrincipalKind kind>
Result<identity::DeletePolicy<kind>> parse_delete(const Incoming& incoming,
                                                  AdminServices& services) {
  TRY(auto owner, read_target(incoming, services, kind));
  TRY(auto name, read_policy_name(incoming));
  return identity::DeletePolicy<kind>{std::move(owner), std::move(name)};
}
template <PrincipalKind kind>
void run_delete(AdminServices& services, access::Permitted<identity::DeletePolicy<kind>> permitted,
                Finish finish) {
  services.administration.delete_policy(std::move(permitted), answer_nothing(std::move(finish)));
}

template <PrincipalKind kind>
Result<identity::GetPolicy<kind>> parse_get(const Incoming& incoming, AdminServices& services) {
  TRY(auto owner, read_target(incoming, services, kind));
  TRY(auto name, read_policy_name(incoming));
  return identity::GetPolicy<kind>{std::move(owner), std::move(name)};
}
template <PrincipalKind kind>
Result<std::string> run_get(AdminServices& services,
                            const access::Permitted<identity::GetPolicy<kind>>& permitted) {
  return answer_now(services.administration.get_policy(permitted),
                    [&](JsonWriter& json, const identity::StoredPolicy& policy) {
                      json.member(identity::one_of(kind, "UserName", "RoleName"),
                                  permitted.call().owner.place.name);
                      json.member("PolicyName", policy.name);
                      json.member("PolicyDocument", policy.document);
                    });
}

template <PrincipalKind kind>
Result<identity::ListPolicies<kind>> parse_list(const Incoming& incoming, AdminServices& services) {
  TRY(auto owner, read_target(incoming, services, kind));
  return identity::ListPolicies<kind>{std::move(owner)};
}
template <PrincipalKind kind>
Result<std::string> run_list(AdminServices& services,
                             const access::Permitted<identity::ListPolicies<kind>>& permitted) {
  return answer_now(services.administration.list_policies(permitted),
                    [](JsonWriter& json, const std::vector<std::string>& names) {
                      write_texts(json, "PolicyNames", names);
                    });
}

constexpr auto user = PrincipalKind::user;
constexpr auto role = PrincipalKind::role;

}  // namespace

constinit const AdminOperation put_user_policy = admin_operation<parse_put<user>, run_put<user>>();
constinit const AdminOperation put_role_policy = admin_operation<parse_put<role>, run_put<role>>();
constinit const AdminOperation delete_user_policy =
    admin_operation<parse_delete<user>, run_delete<user>>();
constinit const AdminOperation delete_role_policy =
    admin_operation<parse_delete<role>, run_delete<role>>();
constinit const AdminOperation get_user_policy = admin_operation<parse_get<user>, run_get<user>>();
constinit const AdminOperation get_role_policy = admin_operation<parse_get<role>, run_get<role>>();
constinit const AdminOperation list_user_policies =
    admin_operation<parse_list<user>, run_list<user>>();
constinit const AdminOperation list_role_policies =
    admin_operation<parse_list<role>, run_list<role>>();

}  // namespace hallmark::api
