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

// The profile is not as it was when a request was judged on it. Unavailable, and told apart by its
// reason: to judge again may help at once.
Error changed_while_judged();
inline constexpr std::string_view changed_while_judged_reason = "ChangedWhileJudged";

struct ProfileFilter {
  std::vector<model::ProfileStatus> statuses;  // any of them
  std::string platform_id;                     // empty: any
  Timestamp canceled_after;  // a profile canceled at this time or before is left out
};
struct ProfilePage {
  std::vector<model::Profile> profiles;  // in order of name
  std::string continue_after;            // a name; not empty when there may be more
};
// Those of `account` after the name `after` (empty: from the first), at most `count`, having
// examined at most limits::list_rows_examined_max rows. Only what is answered is read whole.
Result<ProfilePage> list_profiles(Reader& rows, const model::AccountId& account,
                                  const ProfileFilter& filter, std::string_view after,
                                  std::size_t count);

// What may change of a profile. Each is written only when the row is still at `profile.revision`,
// which it raises: a conflict when somebody changed it since `profile` was read.
//
// status, status_reason, canceled_at, revocation and the permissions' revision:
Result<void> update_status(Transaction& tx, const model::Profile& profile);
Result<void> update_permissions(Transaction& tx, const model::Profile& profile);
Result<void> update_tags(Transaction& tx, const model::Profile& profile);

}  // namespace hallmark::store
