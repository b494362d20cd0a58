#include "store/certificate_revocation.h"

#include "store/change_counts.h"
#include "store/driver.h"
#include "store/row_memory.h"

namespace hallmark::store {
namespace {

Result<CertificateRevocation> revocation_of(Query& row) {
  return CertificateRevocation{.tbs_sha384 = row.text(0),
                               .reason = row.text(1),
                               .revoked_at = row.time(2),
                               .revoked_by = row.text(3)};
}

}  // namespace

Result<void> insert_certificate_revocation(Transaction& tx,
                                           const CertificateRevocation& revocation) {
  tx.connection().mark_changed(RowKind::signature);
  TRY(execute(tx,
              "INSERT INTO revoked_certificates (tbs_sha384, reason, revoked_at, revoked_by) "
              "VALUES ($1, $2, $3, $4)",
              revocation.tbs_sha384, revocation.reason, revocation.revoked_at,
              revocation.revoked_by));
  return count_change(tx, Topic::certificates);
}

Result<std::optional<CertificateRevocation>> find_certificate_revocation(
    Reader& rows, std::string_view tbs_sha384) {
  using Found = std::optional<CertificateRevocation>;
  const auto find = [&]() -> Result<std::optional<Found>> {
    TRY(Query query, ask(rows,
                         "SELECT tbs_sha384, reason, revoked_at, revoked_by "
                         "FROM revoked_certificates WHERE tbs_sha384 = $1",
                         tbs_sha384));
    TRY(Found found, find_row(std::move(query), revocation_of));
    return std::make_optional(std::move(found));
  };
  TRY(auto recalled, recall(rows, &RowMemory::certificates, std::string(tbs_sha384), find));
  return *std::move(recalled);
}

}  // namespace hallmark::store
