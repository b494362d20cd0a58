#include "identity/administration.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "identity/administration_change.h"
#include "identity/new_account.h"
#include "identity/principals.h"
#include "identity/trust_policy.h"

namespace hallmark::identity {
namespace {

// IAM, CreateRole: MaxSessionDuration.
constexpr std::int64_t session_seconds_least = 3600;
constexpr std::int64_t session_seconds_most = 43'200;

std::string_view kind_name(PrincipalKind kind) {
  switch (kind) {
    case PrincipalKind::root: return "Root";
    case PrincipalKind::user: return "User";
    case PrincipalKind::role: return "Role";
  }
  return "Principal";
}

Result<void> require_account(store::Reader& rows, const model::AccountId& account) {
  TRY(const bool found, store::has_account(rows, account));
  if (found) return {};
  return not_found(fmt::format("The account {} cannot be found.", account.view()), "NoSuchEntity");
}

// In the place of the store's conflict, which does not say whose.
Result<void> add_principal(store::Transaction& tx, const store::PrincipalRow& row) {
  TRY(require_account(tx, row.account));
  TRY(const std::size_t count, store::count_principals(tx, row.account));
  if (count >= limits::principals_per_account_max) {
    return refused(ErrorKind::limit_exceeded,
                   fmt::format("Cannot exceed quota for users and roles of an account: {}",
                               limits::principals_per_account_max),
                   "LimitExceeded");
  }
  auto inserted = store::insert_principal(tx, row);
  if (inserted || inserted.error().kind != ErrorKind::conflict) return inserted;
  return refused(ErrorKind::conflict,
                 fmt::format("{} with name {} already exists.", kind_name(row.kind), row.name),
                 "EntityAlreadyExists");
}

template <access::Call C>
void create(const Administration::Parts& parts, access::Permitted<C> permitted,
            store::PrincipalRow row, Then<store::PrincipalRow> then) {
  const auto work = [row, home = parts.authorizer.home()](store::Transaction& tx,
                                                          const C&) -> Result<audit::Elements> {
    store::PrincipalRow made = row;
    if (made.kind == PrincipalKind::role) {
      TRY(made.trusted_ids, find_trusted_ids(tx, home, made.trust_policy));
    }
    TRY(add_principal(tx, made));
    return audit::Elements{{"arn", Target::of(home, place_of(row)).arn},
                           {"uniqueId", row.unique_id}};
  };
  change(parts, std::move(permitted), work, answering(row, std::move(then)));
}

model::AccountId random_account(Random& random) {
  std::uint64_t number = 0;
  random.fill({reinterpret_cast<std::uint8_t*>(&number), sizeof number});
  return *model::AccountId::parse(fmt::format("{:012}", number % 1'000'000'000'000));
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

Result<store::PrincipalRow> get_principal(store::Reader& rows, const Target& target) {
  const auto& [account, kind, name] = target.place;
  TRY(auto found, store::find_principal_by_name(rows, account, kind, name));
  if (found) return *std::move(found);
  TRY(require_account(rows, account));
  return not_found(
      fmt::format("The {} with name {} cannot be found.", one_of(kind, "user", "role"), name),
      "NoSuchEntity");
}

void Administration::create_account(access::Permitted<CreateAccount> permitted,
                                    Then<CreatedAccount> then) {
  const auto& chosen = permitted.call().account;
  CreatedAccount created{chosen ? *chosen : random_account(parts_.random),
                         make_access_key(parts_.random)};
  const auto work = [rows = make_account(created.account, created.admin,
                                         {parts_.sealer, parts_.clock, parts_.random})](
                        store::Transaction& tx, const CreateAccount&) -> Result<audit::Elements> {
    TRY(const std::size_t count, store::count_accounts(tx));
    if (count >= limits::accounts_max) {
      return refused(ErrorKind::limit_exceeded,
                     fmt::format("Cannot exceed quota for accounts: {}", limits::accounts_max),
                     "LimitExceeded");
    }
    TRY(const bool taken, store::has_account(tx, rows.root.account));
    if (taken) {
      return refused(ErrorKind::conflict,
                     fmt::format("The account {} already exists.", rows.root.account.view()),
                     "EntityAlreadyExists");
    }
    TRY(insert(tx, rows));
    return rows.elements();
  };
  change(parts_, std::move(permitted), work, answering(std::move(created), std::move(then)));
}

Result<std::vector<model::AccountId>> Administration::list_accounts(
    const access::Permitted<ListAccounts>& permitted) {
  return look(parts_, permitted,
              [](store::Reader& rows, const ListAccounts&) { return store::list_accounts(rows); });
}

void Administration::create_user(access::Permitted<CreateUser> permitted,
                                 Then<store::PrincipalRow> then) {
  auto row =
      make_principal(permitted.call().user.place, {parts_.sealer, parts_.clock, parts_.random});
  create(parts_, std::move(permitted), std::move(row), std::move(then));
}

void Administration::create_role(access::Permitted<CreateRole> permitted,
                                 Then<store::PrincipalRow> then) {
  const CreateRole& call = permitted.call();
  if (auto fine = check_trust_policy(call.trust_policy); !fine) return then(fine.error());
  if (call.session_seconds_max < session_seconds_least ||
      call.session_seconds_max > session_seconds_most) {
    return then(invalid(fmt::format("MaxSessionDuration must be between {} and {} seconds.",
                                    session_seconds_least, session_seconds_most)));
  }
  auto row = make_principal(call.role.place, {parts_.sealer, parts_.clock, parts_.random});
  row.trust_policy = call.trust_policy;
  row.session_seconds_max = call.session_seconds_max;
  create(parts_, std::move(permitted), std::move(row), std::move(then));
}

void Administration::update_trust_policy(access::Permitted<UpdateAssumeRolePolicy> permitted,
                                         Then<void> then) {
  if (auto fine = check_trust_policy(permitted.call().trust_policy); !fine) {
    return then(fine.error());
  }
  const auto work = [home = parts_.authorizer.home()](
                        store::Transaction& tx,
                        const UpdateAssumeRolePolicy& call) -> Result<audit::Elements> {
    TRY(auto role, get_principal(tx, call.role));
    role.trust_policy = call.trust_policy;
    TRY(role.trusted_ids, find_trusted_ids(tx, home, role.trust_policy));
    TRY(store::update_trust_policy(tx, role));
    return audit::Elements();
  };
  change(parts_, std::move(permitted), work, std::move(then));
}

template <PrincipalKind kind>
void Administration::remove(access::Permitted<DeletePrincipal<kind>> permitted,
                            Then<Deleted> then) {
  auto deleted = std::make_shared<Deleted>();  // filled by the work, taken by what follows
  const auto work = [deleted](store::Transaction& tx,
                              const DeletePrincipal<kind>& call) -> Result<audit::Elements> {
    TRY(const auto row, get_principal(tx, call.target));
    TRY(const auto policies, store::list_policies(tx, row.id));
    TRY(const auto keys, store::list_access_keys(tx, row.id));
    *deleted = {};
    for (const auto& policy : policies) deleted->policies.push_back(policy.name);
    for (const auto& key : keys) deleted->access_keys.push_back(key.id);
    TRY(store::delete_principal(tx, row.id));
    return audit::Elements{{"uniqueId", row.unique_id},
                           {"deletedPolicies", joined(deleted->policies)},
                           {"deletedAccessKeys", joined(deleted->access_keys)}};
  };
  change(parts_, std::move(permitted), work,
         [deleted, then = std::move(then)](Result<void> outcome) mutable {
           if (!outcome) return then(std::move(outcome.error()));
           then(std::move(*deleted));
         });
}
template void Administration::remove(access::Permitted<DeleteUser>, Then<Deleted>);
template void Administration::remove(access::Permitted<DeleteRole>, Then<Deleted>);

template <PrincipalKind kind>
Result<store::PrincipalPage> Administration::list(
    const access::Permitted<ListPrincipals<kind>>& permitted) {
  return look(
      parts_, permitted,
      [](store::Reader& rows, const ListPrincipals<kind>& call) -> Result<store::PrincipalPage> {
        TRY(require_account(rows, call.after.place.account));
        return store::list_principals(rows, call.after.place, call.items_max);
      });
}
template Result<store::PrincipalPage> Administration::list(const access::Permitted<ListUsers>&);
template Result<store::PrincipalPage> Administration::list(const access::Permitted<ListRoles>&);

}  // namespace hallmark::identity
