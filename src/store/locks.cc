#include "store/locks.h"

#include "store/driver.h"

namespace hallmark::store {
namespace {

template <class... Arguments>
Result<void> lock(Transaction& tx, Sql sql, const Arguments&... arguments) {
  if (!tx.connection().is_shared()) return {};
  TRY(Query query, ask(tx, sql, arguments...));
  TRY(query.next());
  return {};
}

}  // namespace

Result<void> lock_profile(Transaction& tx, const model::AccountId& account,
                          const model::ProfileName& name) {
  return lock(tx, "SELECT 1 FROM profiles WHERE account = $1 AND name = $2 {lock FOR UPDATE}",
              account, name);
}

Result<void> lock_imported_certificate(Transaction& tx, const model::AccountId& account,
                                       const Uuid& id) {
  return lock(
      tx, "SELECT 1 FROM imported_certificates WHERE account = $1 AND id = $2 {lock FOR UPDATE}",
      account, id);
}

}  // namespace hallmark::store
