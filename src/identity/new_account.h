// The rows that an account begins with: its root, and a user `admin` whose one policy allows
// everything, with an access key. The policy is a row like any other: it can be replaced by a
// narrower one. Private to identity.
#pragma once

#include "audit/record.h"
#include "base/clock.h"
#include "base/random.h"
#include "identity/directory.h"
#include "store/identities.h"

namespace hallmark::identity {

struct NewAccountRows {
  store::PrincipalRow root;
  store::PrincipalRow admin;
  store::PolicyRow policy;
  store::AccessKeyRow key;

  audit::Elements elements() const;  // for the audit record
};

// What makes ids, keys and times.
struct Makers {
  SecretSealer& sealer;
  const Clock& clock;
  Random& random;
};

NewAccessKey make_access_key(Random& random);
store::AccessKeyRow row_of(const NewAccessKey& key, const Uuid& owner, const Makers& makers);
store::PrincipalRow make_principal(const store::PrincipalPlace& place, const Makers& makers);

NewAccountRows make_account(const model::AccountId& account, const NewAccessKey& key,
                            const Makers& makers);
// Conflict: there is such an account, or such an access key.
Result<void> insert(store::Transaction& tx, const NewAccountRows& rows);

}  // namespace hallmark::identity
