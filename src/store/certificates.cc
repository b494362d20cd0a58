#include "store/certificates.h"

#include "store/driver.h"
#include "store/string_map.h"

namespace hallmark::store {
namespace {

constexpr char columns[] = "account, id, chain, tags, created_at, imported_at, revision, serial";

constexpr auto find_sql =
    concat("SELECT ", columns, " FROM imported_certificates WHERE account = $1 AND id = $2");
constexpr auto oldest_first_sql = concat("SELECT ", columns,
                                         " FROM imported_certificates WHERE account = $1 "
                                         "AND id > $2 ORDER BY id LIMIT $3");
constexpr auto newest_first_sql = concat("SELECT ", columns,
                                         " FROM imported_certificates WHERE account = $1 "
                                         "AND id < $2 ORDER BY id DESC LIMIT $3");

constexpr auto serial_sql = concat("SELECT ", columns,
                                   " FROM imported_certificates WHERE serial = $1 "
                                   "ORDER BY account, id");

// Before every id that is made, and after.
constexpr Uuid lowest_id = {};
constexpr Uuid highest_id = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                              0xff, 0xff, 0xff, 0xff, 0xff}};

Result<void> one_row(std::int64_t changed) {
  if (changed == 1) return {};
  return conflict("The certificate was changed at the same time.");
}

Result<ImportedCertificate> certificate_of(Query& row) {
  TRY(auto account, row.name<model::AccountIdRule>(0));
  TRY(const Uuid id, row.uuid(1));
  TRY(auto tags, stored_map_of(row.view(3)));
  return ImportedCertificate{.account = std::move(account),
                             .id = id,
                             .chain = row.text(2),
                             .tags = std::move(tags),
                             .created_at = row.time(4),
                             .imported_at = row.time(5),
                             .revision = row.integer(6),
                             .serial = row.text(7)};
}

Result<CertificateProfile> profile_of(Query& row) {
  TRY(auto account, row.name<model::AccountIdRule>(0));
  TRY(auto name, row.name<model::ProfileNameRule>(1));
  return CertificateProfile{std::move(account), std::move(name)};
}

}  // namespace

Result<void> insert_imported_certificate(Transaction& tx, const ImportedCertificate& certificate,
                                         ByteView sealed_key) {
  TRY(execute(tx,
              "INSERT INTO imported_certificates (account, id, sealed_key, chain, tags, "
              "created_at, imported_at, revision, serial) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
              certificate.account, certificate.id, sealed_key, certificate.chain,
              json_of(certificate.tags), certificate.created_at, certificate.imported_at,
              certificate.revision, certificate.serial));
  return {};
}

Result<void> replace_imported_certificate(Transaction& tx, const ImportedCertificate& certificate,
                                          ByteView sealed_key) {
  TRY(const auto changed,
      execute(tx,
              "UPDATE imported_certificates SET sealed_key = $3, chain = $4, "
              "imported_at = $5, serial = $6, revision = revision + 1 "
              "WHERE account = $1 AND id = $2 AND revision = $7",
              certificate.account, certificate.id, sealed_key, certificate.chain,
              certificate.imported_at, certificate.serial, certificate.revision));
  return one_row(changed);
}

Result<void> update_certificate_tags(Transaction& tx, const ImportedCertificate& certificate) {
  TRY(const auto changed,
      execute(tx,
              "UPDATE imported_certificates SET tags = $3, revision = revision + 1 "
              "WHERE account = $1 AND id = $2 AND revision = $4",
              certificate.account, certificate.id, json_of(certificate.tags),
              certificate.revision));
  return one_row(changed);
}

Result<void> delete_imported_certificate(Transaction& tx, const ImportedCertificate& certificate) {
  TRY(const auto deleted,
      execute(tx,
              "DELETE FROM imported_certificates WHERE account = $1 AND id = $2 AND revision = $3",
              certificate.account, certificate.id, certificate.revision));
  return one_row(deleted);
}

Result<std::optional<ImportedCertificate>> find_imported_certificate(
    Reader& rows, const model::AccountId& account, const Uuid& id) {
  TRY(Query query, ask(rows, find_sql.data(), account, id));
  return find_row(std::move(query), certificate_of);
}

Result<std::optional<Bytes>> find_imported_key(Reader& rows, const model::AccountId& account,
                                               const Uuid& id) {
  TRY(Query query,
      ask(rows, "SELECT sealed_key FROM imported_certificates WHERE account = $1 AND id = $2",
          account, id));
  return find_row(std::move(query),
                  [](Query& row) -> Result<Bytes> { return copy_of(row.bytes(0)); });
}

Result<std::size_t> count_imported_certificates(Reader& rows, const model::AccountId& account) {
  TRY(Query query,
      ask(rows, "SELECT count(*) FROM imported_certificates WHERE account = $1", account));
  TRY(const bool found, query.next());
  return found ? std::size_t(query.integer(0)) : std::size_t(0);
}

Result<std::vector<ImportedCertificate>> list_imported_certificates(Reader& rows,
                                                                    const CertificatePlace& place,
                                                                    std::size_t count) {
  const bool forward = place.order == Order::oldest_first;
  const Uuid after = place.after.value_or(forward ? lowest_id : highest_id);
  TRY(Query query, ask(rows, forward ? Sql(oldest_first_sql.data()) : Sql(newest_first_sql.data()),
                       place.account, after, count));
  return list_rows(std::move(query), certificate_of);
}

Result<std::vector<ImportedCertificate>> list_imported_of_serial(Reader& rows,
                                                                 std::string_view serial) {
  TRY(Query query, ask(rows, serial_sql.data(), serial));
  return list_rows(std::move(query), certificate_of);
}

Result<std::vector<CertificateProfile>> list_profiles_of_certificate(Reader& rows,
                                                                     std::string_view arn,
                                                                     std::size_t count) {
  // Literal as in the index: an engine uses a partial index only where its condition is repeated.
  TRY(Query query, ask(rows,
                       "SELECT account, name FROM profiles {by profiles_by_certificate} "
                       "WHERE certificate_arn = $1 AND certificate_arn <> '' AND status = 0 "
                       "ORDER BY account, name LIMIT $2",
                       arn, count));
  return list_rows(std::move(query), profile_of);
}

}  // namespace hallmark::store
