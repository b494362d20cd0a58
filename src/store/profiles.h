// Rows of signing profiles. One clustered table, primary key (account, name).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/profile.h"
#include "store/store.h"

namespace hallmark::store {

// Conflict when the name is taken, in whatever status.
Result<void> insert_profile(Transaction& tx, const model::Profile& profile);

Result<std::optional<model::Profile>> find_profile(Reader& rows, const model::AccountId& account,
                                                   const model::ProfileName& name);

// Of one account in order of name, those after `after_name` (empty: from the start), at most
// `count`.
Result<std::vector<model::Profile>> list_profiles(Reader& rows, const model::AccountId& account,
                                                  std::string_view after_name, std::size_t count);

// Cancels an active profile; one that is canceled already stays as it is. Not found: there is no
// such profile. Conflict: it is revoked.
Result<void> cancel_profile(Transaction& tx, const model::AccountId& account,
                            const model::ProfileName& name, Timestamp canceled_at);

}  // namespace hallmark::store
