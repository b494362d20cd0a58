// Rows of the certificates that users import with keys of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "model/profile.h"
#include "store/store.h"

namespace hallmark::store {

struct ImportedCertificate {
  model::AccountId account;
  Uuid id;
  std::string chain;  // PEM, the certificate itself first
  model::StringMap tags;
  Timestamp created_at;
  Timestamp imported_at;      // last: a re-import replaces key and chain
  std::int64_t revision = 0;  // raised by every change of the row: who judged on it can tell
  std::string serial = {};    // the certificate's, upper-case hex
};

struct CertificateProfile {
  model::AccountId account;
  model::ProfileName name;
  bool operator==(const CertificateProfile&) const = default;
};

// Where a list goes on.
enum class Order { oldest_first, newest_first };
struct CertificatePlace {
  model::AccountId account;
  Order order = Order::oldest_first;
  std::optional<Uuid> after = {};  // nothing: from the first
};

// The sealed key goes into the row beside the certificate, and is read by itself alone.
Result<void> insert_imported_certificate(Transaction& tx, const ImportedCertificate& certificate,
                                         ByteView sealed_key);

// What may change. Each is written only when the row is still at `certificate.revision`, which it
// raises: a conflict when somebody changed it since `certificate` was read.
//
// chain, serial, imported_at and the key:
Result<void> replace_imported_certificate(Transaction& tx, const ImportedCertificate& certificate,
                                          ByteView sealed_key);
Result<void> update_certificate_tags(Transaction& tx, const ImportedCertificate& certificate);
Result<void> delete_imported_certificate(Transaction& tx, const ImportedCertificate& certificate);

Result<std::optional<ImportedCertificate>> find_imported_certificate(
    Reader& rows, const model::AccountId& account, const Uuid& id);
Result<std::optional<Bytes>> find_imported_key(Reader& rows, const model::AccountId& account,
                                               const Uuid& id);
Result<std::size_t> count_imported_certificates(Reader& rows, const model::AccountId& account);
// At most `count`, in the order in which they were made.
Result<std::vector<ImportedCertificate>> list_imported_certificates(Reader& rows,
                                                                    const CertificatePlace& place,
                                                                    std::size_t count);

// Of every account. Serial numbers are their issuers' matter: there may be several.
Result<std::vector<ImportedCertificate>> list_imported_of_serial(Reader& rows,
                                                                 std::string_view serial);

// Up to `count` active profiles that sign with the certificate of this ARN.
Result<std::vector<CertificateProfile>> list_profiles_of_certificate(Reader& rows,
                                                                     std::string_view arn,
                                                                     std::size_t count);

}  // namespace hallmark::store
