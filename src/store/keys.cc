#include "store/keys.h"

#include "store/change_counts.h"
#include "store/driver.h"

namespace hallmark::store {
namespace {

constexpr char columns[] =
    "id, role, issuer, key_algorithm, sealed_key, der, not_before, not_after, account, "
    "profile_name, serial";

constexpr auto find_sql = concat("SELECT ", columns, " FROM certificates WHERE id = $1");
constexpr auto newest_sql = concat("SELECT ", columns,
                                   " FROM certificates WHERE role = $1 "
                                   "ORDER BY not_before DESC, id DESC LIMIT 1");
constexpr auto newest_leaf_sql = concat("SELECT ", columns,
                                        " FROM certificates WHERE role = 2 AND account = $1 "
                                        "AND profile_name = $2 "
                                        "ORDER BY not_before DESC, id DESC LIMIT 1");
constexpr auto list_sql =
    concat("SELECT ", columns, " FROM certificates WHERE role = $1 ORDER BY not_before, id");

constexpr auto serial_sql =
    concat("SELECT ", columns, " FROM certificates WHERE serial = $1 ORDER BY id");
constexpr auto leaves_sql = concat("SELECT ", columns,
                                   " FROM certificates WHERE role = 2 AND account = $1 "
                                   "AND (profile_name, not_before, id) > ($2, $3, $4) "
                                   "ORDER BY profile_name, not_before, id LIMIT $5");

Result<CertificateRow> certificate_of(Query& row) {
  TRY(const Uuid id, row.uuid(0));
  TRY(const auto role, row.enumerator(1, CertificateRole::audit));
  TRY(const auto issuer, row.find_uuid(2));
  return CertificateRow{.id = id,
                        .role = role,
                        .issuer = issuer,
                        .key_algorithm = row.text(3),
                        .sealed_key = copy_of(row.bytes(4)),
                        .der = copy_of(row.bytes(5)),
                        .not_before = row.time(6),
                        .not_after = row.time(7),
                        .account = row.text(8),
                        .profile_name = row.text(9),
                        .serial = row.text(10)};
}

}  // namespace

Result<void> insert_certificate(Transaction& tx, const CertificateRow& certificate) {
  TRY(execute(tx,
              "INSERT INTO certificates (id, role, issuer, key_algorithm, sealed_key, der, "
              "not_before, not_after, account, profile_name, serial) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
              certificate.id, certificate.role, certificate.issuer, certificate.key_algorithm,
              ByteView(certificate.sealed_key), ByteView(certificate.der), certificate.not_before,
              certificate.not_after, certificate.account, certificate.profile_name,
              certificate.serial));
  return {};
}

Result<std::optional<CertificateRow>> find_certificate(Reader& rows, const Uuid& id) {
  TRY(Query query, ask(rows, find_sql.data(), id));
  return find_row(std::move(query), certificate_of);
}

Result<std::optional<CertificateRow>> find_newest_certificate(Reader& rows, CertificateRole role) {
  TRY(Query query, ask(rows, newest_sql.data(), role));
  return find_row(std::move(query), certificate_of);
}

Result<std::optional<CertificateRow>> find_newest_leaf(Reader& rows,
                                                       const model::AccountId& account,
                                                       const model::ProfileName& profile) {
  TRY(Query query, ask(rows, newest_leaf_sql.data(), account, profile));
  return find_row(std::move(query), certificate_of);
}

Result<std::vector<CertificateRow>> list_certificates(Reader& rows, CertificateRole role) {
  TRY(Query query, ask(rows, list_sql.data(), role));
  return list_rows(std::move(query), certificate_of);
}

Result<std::vector<CertificateRow>> list_leaves(Reader& rows, const LeafPlace& after,
                                                std::size_t count) {
  TRY(Query query, ask(rows, leaves_sql.data(), after.account, after.profile_name, after.not_before,
                       after.id, count));
  return list_rows(std::move(query), certificate_of);
}

Result<std::vector<CertificateRow>> list_certificates_of_serial(Reader& rows,
                                                                std::string_view serial) {
  TRY(Query query, ask(rows, serial_sql.data(), serial));
  return list_rows(std::move(query), certificate_of);
}

Result<void> fulfil_request(Transaction& tx, const CertificateRow& certificate) {
  TRY(const auto changed,
      execute(tx,
              "UPDATE certificates SET role = 1, issuer = $2, der = $3, not_before = $4, "
              "not_after = $5, serial = $6 WHERE id = $1 AND role = 3",
              certificate.id, certificate.issuer, ByteView(certificate.der), certificate.not_before,
              certificate.not_after, certificate.serial));
  if (changed != 1) return conflict("The certificate is requested no more.");
  return count_change(tx, Topic::certificates);
}

Result<bool> delete_request(Transaction& tx, const Uuid& id) {
  TRY(const auto changed, execute(tx, "DELETE FROM certificates WHERE id = $1 AND role = 3", id));
  return changed == 1;
}

}  // namespace hallmark::store
