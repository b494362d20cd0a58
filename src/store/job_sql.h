// The statements on jobs whose cost has to stay the same however many there are: a test has the
// engine explain each. Private to the store.
#pragma once

namespace hallmark::store {

// Of list_jobs, each without its columns: one for each way to find an account's jobs newest first.
// $1 whose, $2 before this id, $3 from this id on, $4 rows at most.
inline constexpr char owned_jobs[] =
    " FROM jobs WHERE owner = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";
inline constexpr char owned_revoked_jobs[] =
    " FROM jobs {by jobs_revoked} WHERE owner = $1 AND revoked_at IS NOT NULL "
    "AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";
// $5 the status, which is not Succeeded.
inline constexpr char owned_unsuccessful_jobs[] =
    " FROM jobs {by jobs_unsuccessful} WHERE owner = $1 AND status <> 2 AND status = $5 "
    "AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";
// $5 an invoker, who is not the owner.
inline constexpr char owned_jobs_of_invoker[] =
    " FROM jobs {by jobs_by_owner_and_invoker} WHERE owner = $1 AND invoker = $5 "
    "AND invoker <> owner AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";
// Of other accounts' profiles.
inline constexpr char invoked_jobs[] =
    " FROM jobs {by jobs_by_invoker} WHERE invoker = $1 AND invoker <> owner "
    "AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4";

// Of find_signature. $1 owner, $2 id, $3 name and $4 version of the profile.
inline constexpr char signature_sql[] =
    "SELECT jobs.platform_id, jobs.signed_at, jobs.revoked_at, profiles.revoked_from "
    "FROM jobs JOIN profiles ON profiles.account = jobs.owner "
    "AND profiles.name = jobs.profile_name AND profiles.version = jobs.profile_version "
    "WHERE jobs.owner = $1 AND jobs.id = $2 AND jobs.profile_name = $3 "
    "AND jobs.profile_version = $4 AND jobs.status = 2 AND jobs.signed_at IS NOT NULL";

// Of the sweeper's walk.
inline constexpr char next_owner_sql[] =
    "SELECT owner FROM jobs WHERE owner > $1 ORDER BY owner LIMIT 1";
inline constexpr char kept_jobs_sql[] =
    "SELECT id, status, completed_at, signature_expires_at FROM jobs "
    "WHERE owner = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4";

}  // namespace hallmark::store
