// The statements of list_jobs, each without its columns: one for each way to find an account's jobs
// newest first. All are served by an index in its order. Private to the store.
//
// $1 whose, $2 before this id, $3 from this id on, $4 rows at most.
#pragma once

namespace hallmark::store {

inline constexpr char owned_jobs[] =
    " FROM jobs WHERE owner = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";
inline constexpr char owned_revoked_jobs[] =
    " FROM jobs {by jobs_revoked} WHERE owner = $1 AND revoked_at IS NOT NULL "
    "AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";
// $5 the status, which is not Succeeded.
inline constexpr char owned_unsuccessful_jobs[] =
    " FROM jobs {by jobs_unsuccessful} WHERE owner = $1 AND status <> 2 AND status = $5 "
    "AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";
// Of other accounts' profiles.
inline constexpr char invoked_jobs[] =
    " FROM jobs {by jobs_by_invoker} WHERE invoker = $1 AND invoker <> owner "
    "AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";

}  // namespace hallmark::store
