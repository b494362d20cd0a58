#include "store/job_row.h"

namespace hallmark::store {
namespace {

std::optional<model::SourceObject> source_of(Query& row) {
  if (row.is_null(8)) return std::nullopt;
  return model::SourceObject{.bucket = row.text(8), .key = row.text(9), .version = row.text(10)};
}

std::optional<model::JobRevocation> revocation_of(Query& row) {
  if (row.is_null(21)) return std::nullopt;
  return model::JobRevocation{
      .reason = row.text(20), .revoked_at = row.time(21), .revoked_by = row.text(22)};
}

}  // namespace

Result<model::Job> job_of(Query& row) {
  TRY(model::AccountId owner, row.name<model::AccountIdRule>(0));
  TRY(const model::JobId id, row.uuid(job_id_column));
  TRY(model::AccountId invoker, row.name<model::AccountIdRule>(2));
  TRY(model::ProfileName profile_name, row.name<model::ProfileNameRule>(3));
  TRY(model::ProfileVersion profile_version, row.name<model::ProfileVersionRule>(4));
  TRY(const auto status, row.enumerator(job_status_column, model::JobStatus::succeeded));
  return model::Job{.id = id,
                    .owner = std::move(owner),
                    .invoker = std::move(invoker),
                    .profile_name = std::move(profile_name),
                    .profile_version = std::move(profile_version),
                    .platform_id = row.text(job_platform_column),
                    .requested_by = row.text(6),
                    .request_token = row.text(7),  // NULL reads as empty
                    .source = source_of(row),
                    .destination_bucket = row.text(11),
                    .destination_key = row.text(12),
                    .status = status,
                    .status_reason = row.text(14),
                    .created_at = row.time(15),
                    .completed_at = row.find_time(16),
                    .signed_at = row.find_time(17),
                    .signature_expires_at = row.find_time(18),
                    .certificate_arn = row.text(19),
                    .revocation = revocation_of(row)};
}

}  // namespace hallmark::store
