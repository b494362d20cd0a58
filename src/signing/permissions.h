// What other accounts may do with a profile: the calls and the verbs.
#pragma once

#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "model/arn.h"
#include "model/permission.h"
#include "store/store.h"

namespace hallmark::signing {

// Each names a profile of the caller's own account.

struct AddProfilePermission {
  static constexpr std::string_view action = "signer:AddProfilePermission";
  static constexpr bool is_done_once = true;

  model::ProfileName name;
  model::Permission permission;  // any texts: what is wrong with them is told in AWS's order
  std::string revision_id;       // empty: none given

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListProfilePermissions {
  static constexpr std::string_view action = "signer:ListProfilePermissions";

  model::ProfileName name;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct RemoveProfilePermission {
  static constexpr std::string_view action = "signer:RemoveProfilePermission";
  static constexpr bool restricts = true;
  static constexpr bool is_done_once = true;

  model::ProfileName name;
  std::string statement_id;
  std::string revision_id;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListedPermissions {
  model::Permissions permissions;
  std::size_t policy_bytes = 0;  // with account ids as the ARNs of their roots
};

// Safe to call from any thread. What the constructor takes outlives the object.
class ProfilePermissions {
 public:
  ProfilePermissions(store::Store& store, const Clock& clock, Random& random, model::Home home)
      : store_(store), clock_(clock), random_(random), home_(std::move(home)) {}

  // Each is done once for a signed request; `then` gets the policy's revision when it is durable.
  // Not found: no such profile, or what it names. Invalid: the profile is not active, or a value.
  // Conflict: the revision is not the policy's.
  //
  // A statement that is there already, as it is given, changes nothing whatever the revision.
  // Limit exceeded: the policy would be too large.
  void add(access::Permitted<AddProfilePermission> permitted, Then<std::string> then);
  // The last statement takes the policy with it.
  void remove(access::Permitted<RemoveProfilePermission> permitted, Then<std::string> then);

  // Whatever the status of the profile. Not found: no such profile, or it has no policy.
  Result<ListedPermissions> list(const access::Permitted<ListProfilePermissions>& permitted);

 private:
  store::Store& store_;
  const Clock& clock_;
  Random& random_;
  const model::Home home_;
};

}  // namespace hallmark::signing
