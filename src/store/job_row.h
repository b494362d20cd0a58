// The columns of a job, in the one order in which every statement names them.
#pragma once

#include "base/result.h"
#include "model/job.h"
#include "store/driver.h"

namespace hallmark::store {

inline constexpr char job_columns[] =
    "jobs.owner, jobs.id, jobs.invoker, jobs.profile_name, jobs.profile_version, "
    "jobs.platform_id, jobs.requested_by, jobs.request_token, jobs.source_bucket, "
    "jobs.source_key, jobs.source_version, jobs.destination_bucket, jobs.destination_key, "
    "jobs.status, jobs.status_reason, jobs.created_at, jobs.completed_at, jobs.signed_at, "
    "jobs.signature_expires_at, jobs.certificate_arn, jobs.revocation_reason, jobs.revoked_at, "
    "jobs.revoked_by";
inline constexpr int job_id_column = 1;
inline constexpr int job_invoker_column = 2;
inline constexpr int job_platform_column = 5;
inline constexpr int job_requested_by_column = 6;
inline constexpr int job_status_column = 13;
inline constexpr int job_completed_column = 16;
inline constexpr int job_expires_column = 18;
inline constexpr int job_revoked_column = 21;

// The job of a row that begins with job_columns.
Result<model::Job> job_of(Query& row);

}  // namespace hallmark::store
