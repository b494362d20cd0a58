// What administrators do with accounts, principals, access keys and policies. Every call is
// audited: a change in its own transaction, before `then` runs; a look soon after. A change is in
// effect for every request that begins after `then` was called.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "identity/administration_calls.h"
#include "identity/directory.h"
#include "identity/simulation.h"
#include "store/identities.h"
#include "store/store.h"

namespace hallmark::identity {

struct CreatedAccount {
  model::AccountId account;
  NewAccessKey admin;  // of the user `admin`, who may do everything; shown once
};

// What went with a principal.
struct Deleted {
  std::vector<std::string> policies;     // names
  std::vector<std::string> access_keys;  // ids
};

struct CreatedAccessKey {
  NewAccessKey key;  // shown once
  Timestamp created_at;
};

struct StoredPolicy {
  std::string name;
  std::string document;
};

// Safe to call from any thread. What the constructor takes outlives the object. Not found
// (NoSuchEntity): the account, the principal, the key or the policy that a call names. Limit
// exceeded (LimitExceeded): the quotas of limits.h.
class Administration {
 public:
  struct Parts {
    store::Store& store;
    SecretSealer& sealer;
    Directory& directory;
    const access::Authorizer& authorizer;
    const Clock& clock;
    Random& random;
  };
  explicit Administration(const Parts& parts) : parts_(parts) {}

  // Conflict (EntityAlreadyExists): there is such an account.
  void create_account(access::Permitted<CreateAccount> permitted, Then<CreatedAccount> then);
  Result<std::vector<model::AccountId>> list_accounts(
      const access::Permitted<ListAccounts>& permitted);

  // Conflict (EntityAlreadyExists): the name is taken. A name that is given again is another
  // principal: what was granted to the old one by its id is not granted to the new one.
  void create_user(access::Permitted<CreateUser> permitted, Then<store::PrincipalRow> then);
  void create_role(access::Permitted<CreateRole> permitted, Then<store::PrincipalRow> then);
  // A trust policy means the principals that are there now, whoever has their names later. Invalid
  // (MalformedPolicyDocument): it is none, or names one of an account kept here that is not there.
  void update_trust_policy(access::Permitted<UpdateAssumeRolePolicy> permitted, Then<void> then);
  // With its access keys, policies and sessions. For users and for roles.
  template <PrincipalKind kind>
  void remove(access::Permitted<DeletePrincipal<kind>> permitted, Then<Deleted> then);
  // In order of name.
  template <PrincipalKind kind>
  Result<store::PrincipalPage> list(const access::Permitted<ListPrincipals<kind>>& permitted);

  // Conflict (EntityAlreadyExists): somebody has a key of the chosen id.
  void create_access_key(access::Permitted<CreateAccessKey> permitted, Then<CreatedAccessKey> then);
  void update_access_key(access::Permitted<UpdateAccessKey> permitted, Then<void> then);
  void delete_access_key(access::Permitted<DeleteAccessKey> permitted, Then<void> then);
  Result<std::vector<store::AccessKeyRow>> list_access_keys(
      const access::Permitted<ListAccessKeys>& permitted);

  // Replaces one of the same name. Invalid (MalformedPolicyDocument), naming the place.
  template <PrincipalKind kind>
  void put_policy(access::Permitted<PutPolicy<kind>> permitted, Then<void> then);
  template <PrincipalKind kind>
  void delete_policy(access::Permitted<DeletePolicy<kind>> permitted, Then<void> then);
  template <PrincipalKind kind>
  Result<StoredPolicy> get_policy(const access::Permitted<GetPolicy<kind>>& permitted);
  template <PrincipalKind kind>
  Result<std::vector<std::string>> list_policies(
      const access::Permitted<ListPolicies<kind>>& permitted);  // names

  Result<Simulation> simulate(const access::Permitted<SimulatePrincipalPolicy>& permitted);

 private:
  const Parts parts_;
};

}  // namespace hallmark::identity
