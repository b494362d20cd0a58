#include "store/job_revocation.h"

#include "store/driver.h"
#include "store/head.h"
#include "store/job_sql.h"
#include "store/row_memory.h"

namespace hallmark::store {
namespace {

constexpr Sql revoke_sql =
    "UPDATE jobs SET revocation_reason = $3, revoked_at = $4, revoked_by = $5 "
    "WHERE owner = $1 AND id = $2 AND status = 2 AND revoked_at IS NULL";

Result<SignatureState> state_of(Query& row) {
  return SignatureState{.platform_id = row.text(0),
                        .signed_at = row.time(1),
                        .job_revoked = !row.is_null(2),
                        .profile_revoked_from = row.find_time(3)};
}

// All parts but the last have one length, so that no two names have the same text.
std::string text_of(const SignatureName& name) {
  std::string text = name.owner.text();
  text.append(hallmark::text_of(name.job.bytes)).append(name.version.view());
  return text.append(name.profile.view());
}

}  // namespace

Result<void> revoke_job(Transaction& tx, const model::AccountId& owner, const model::JobId& id,
                        const model::JobRevocation& revocation) {
  tx.connection().mark_changed(RowKind::signature);
  tx.connection().mark_changed(RowKind::ended_job);
  TRY(const std::int64_t changed, execute(tx, revoke_sql, owner, id, revocation.reason,
                                          revocation.revoked_at, revocation.revoked_by));
  if (changed == 1) {
    show_to_witness(tx);
    return {};
  }
  return conflict("The signing job has no signature that could be revoked.");
}

Result<std::optional<SignatureState>> find_signature(Reader& rows, const SignatureName& name) {
  const auto find = [&]() -> Result<std::optional<SignatureState>> {
    TRY(Query query, ask(rows, signature_sql, name.owner, name.job, name.profile, name.version));
    return find_row(std::move(query), state_of);
  };
  return recall(rows, &RowMemory::signatures, text_of(name), find);
}

}  // namespace hallmark::store
