#include <algorithm>

#include <fmt/format.h>

#include "base/limits.h"
#include "identity/administration.h"
#include "identity/administration_change.h"

namespace hallmark::identity {
namespace {

Error no_such_policy(const Target& owner, const PolicyName& name) {
  return not_found(fmt::format("The {} policy with name {} cannot be found.",
                               one_of(owner.place.kind, "user", "role"), name.view()),
                   "NoSuchEntity");
}

// Requires that a policy of that name is there, or room for it.
Result<void> check_room(store::Reader& rows, const store::PolicyRow& policy) {
  TRY(const auto policies, store::list_policies(rows, policy.principal));
  if (policies.size() < limits::policies_per_principal_max) return {};
  if (std::ranges::find(policies, policy.name, &store::PolicyRow::name) != policies.end()) {
    return {};
  }
  return refused(ErrorKind::limit_exceeded,
                 fmt::format("Cannot exceed quota for policies of a user or role: {}",
                             limits::policies_per_principal_max),
                 "LimitExceeded");
}

Result<void> check_policy(const std::string& json) {
  const auto parsed = policy::Document::parse(json, policy::DocumentKind::identity);
  if (parsed) return {};
  return invalid(parsed.error().message, "MalformedPolicyDocument");
}

}  // namespace

template <PrincipalKind kind>
void Administration::put_policy(access::Permitted<PutPolicy<kind>> permitted, Then<void> then) {
  if (auto fine = check_policy(permitted.call().document); !fine) return then(fine.error());
  const auto work = [](store::Transaction& tx,
                       const PutPolicy<kind>& call) -> Result<audit::Elements> {
    TRY(const auto owner, get_principal(tx, call.owner));
    const store::PolicyRow policy{owner.id, call.name.text(), call.document};
    TRY(check_room(tx, policy));
    TRY(store::put_policy(tx, policy));
    return audit::Elements();
  };
  change(parts_, std::move(permitted), work, std::move(then));
}
template void Administration::put_policy(access::Permitted<PutUserPolicy>, Then<void>);
template void Administration::put_policy(access::Permitted<PutRolePolicy>, Then<void>);

template <PrincipalKind kind>
void Administration::delete_policy(access::Permitted<DeletePolicy<kind>> permitted,
                                   Then<void> then) {
  const auto work = [](store::Transaction& tx,
                       const DeletePolicy<kind>& call) -> Result<audit::Elements> {
    TRY(const auto owner, get_principal(tx, call.owner));
    TRY(const bool found, store::delete_policy(tx, owner.id, call.name.view()));
    if (!found) return no_such_policy(call.owner, call.name);
    return audit::Elements();
  };
  change(parts_, std::move(permitted), work, std::move(then));
}
template void Administration::delete_policy(access::Permitted<DeleteUserPolicy>, Then<void>);
template void Administration::delete_policy(access::Permitted<DeleteRolePolicy>, Then<void>);

template <PrincipalKind kind>
Result<StoredPolicy> Administration::get_policy(
    const access::Permitted<GetPolicy<kind>>& permitted) {
  return look(parts_, permitted,
              [](store::Reader& rows, const GetPolicy<kind>& call) -> Result<StoredPolicy> {
                TRY(const auto owner, get_principal(rows, call.owner));
                TRY(auto policies, store::list_policies(rows, owner.id));
                const auto found =
                    std::ranges::find(policies, call.name.text(), &store::PolicyRow::name);
                if (found == policies.end()) return no_such_policy(call.owner, call.name);
                return StoredPolicy{std::move(found->name), std::move(found->document)};
              });
}
template Result<StoredPolicy> Administration::get_policy(const access::Permitted<GetUserPolicy>&);
template Result<StoredPolicy> Administration::get_policy(const access::Permitted<GetRolePolicy>&);

template <PrincipalKind kind>
Result<std::vector<std::string>> Administration::list_policies(
    const access::Permitted<ListPolicies<kind>>& permitted) {
  return look(
      parts_, permitted,
      [](store::Reader& rows, const ListPolicies<kind>& call) -> Result<std::vector<std::string>> {
        TRY(const auto owner, get_principal(rows, call.owner));
        TRY(const auto policies, store::list_policies(rows, owner.id));
        std::vector<std::string> names;
        names.reserve(policies.size());
        for (const auto& policy : policies) names.push_back(policy.name);
        return names;
      });
}
template Result<std::vector<std::string>> Administration::list_policies(
    const access::Permitted<ListUserPolicies>&);
template Result<std::vector<std::string>> Administration::list_policies(
    const access::Permitted<ListRolePolicies>&);

Result<Simulation> Administration::simulate(
    const access::Permitted<SimulatePrincipalPolicy>& permitted) {
  TRY(const auto subject,
      look(parts_, permitted,
           [](store::Reader& rows, const SimulatePrincipalPolicy& call) -> Result<Subject> {
             TRY(auto row, get_principal(rows, call.who));
             TRY(auto policies, store::list_policies(rows, row.id));
             return Subject{std::move(row), std::move(policies)};
           }));
  return identity::simulate(parts_.authorizer, subject, permitted.call(), parts_.clock.now());
}

}  // namespace hallmark::identity
