// Locks of rows until the end of the transaction, for units that read a row and decide on it: where
// several nodes write, another one could change it meanwhile. Where there is one writer they do
// nothing.
#pragma once

#include "base/result.h"
#include "base/uuid.h"
#include "model/names.h"
#include "store/store.h"

namespace hallmark::store {

// What is read after this is what the last node that changed the row has written.
Result<void> lock_profile(Transaction& tx, const model::AccountId& account,
                          const model::ProfileName& name);
Result<void> lock_imported_certificate(Transaction& tx, const model::AccountId& account,
                                       const Uuid& id);

}  // namespace hallmark::store
