#include "server/master_rotation.h"

#include <optional>
#include <utility>

#include "audit/record.h"
#include "base/check.h"
#include "base/log.h"
#include "identity/principals.h"
#include "model/arn.h"
#include "server/sealing_keys.h"
#include "store/audit.h"
#include "store/sealing.h"

namespace hallmark::server {
namespace {

constexpr std::size_t rows_per_step = 64;

keys::Purpose purpose_of(store::CertificateRole role) {
  switch (role) {
    case store::CertificateRole::root: return keys::Purpose::root_certificate;
    case store::CertificateRole::intermediate:
    case store::CertificateRole::requested_intermediate:
      return keys::Purpose::intermediate_certificate;
    case store::CertificateRole::leaf: return keys::Purpose::code_signing;
    case store::CertificateRole::audit: return keys::Purpose::audit;
  }
  CHECK(false);
}

// What a row holds, under the newest key; nothing: it is.
using Anew = Result<std::optional<Bytes>>;

Anew sealed_anew(Installation& of, const store::SealedCertificate& row) {
  return keys::key_sealed_anew(of.key_sealer(), row.sealed_key, purpose_of(row.role),
                               row.id.text());
}
Anew sealed_anew(Installation& of, const store::SealedImport& row) {
  return keys::key_sealed_anew(of.key_sealer(), row.sealed_key, keys::Purpose::imported_certificate,
                               model::certificate_arn(of.home(), row.account, row.id));
}
Anew sealed_anew(Installation& of, const store::SealedAccessKey& row) {
  return keys::sealed_anew(of.key_sealer(), row.sealed_secret,
                           identity::access_key_context(row.id));
}

// One that no master key opens is nobody's who could be asked, and does not keep the old one alive.
Anew sealed_anew(Installation& of, const store::DiscardedKey& row) {
  auto anew = keys::key_sealed_anew(of.key_sealer(), row.sealed_key,
                                    keys::Purpose::imported_certificate, row.arn);
  if (anew || anew.error().kind != ErrorKind::corrupt) return anew;
  log::error("a discarded key cannot be opened, and stays as it is",
             {{"certificate", row.arn}, {"error", describe(anew.error())}});
  return std::optional<Bytes>();
}

Result<void> replace(store::Transaction& tx, const auto& row, ByteView sealed) {
  return store::replace_sealed_key(tx, row, sealed);
}
Result<void> replace(store::Transaction& tx, const store::SealedAccessKey& row, ByteView sealed) {
  return store::replace_sealed_secret(tx, row, sealed);
}

// The next rows of a list.
using store::Reader;
auto list_after(Reader& rows, const std::optional<store::SealedCertificate>& last) {
  return store::list_sealed_certificates(rows, last ? last->id : Uuid(), rows_per_step);
}
auto list_after(Reader& rows, const std::optional<store::SealedImport>& last) {
  return store::list_sealed_imports(rows, last, rows_per_step);
}
auto list_after(Reader& rows, const std::optional<store::SealedAccessKey>& last) {
  return store::list_sealed_access_keys(rows, last ? last->id : std::string(), rows_per_step);
}
auto list_after(Reader& rows, const std::optional<store::DiscardedKey>& last) {
  return store::list_discarded_keys(rows, last ? last->id : Uuid(), rows_per_step);
}

// Each row in a unit of its own, so that nobody waits for them.
template <class Row>
requires requires(Reader& rows, const std::optional<Row>& last) { list_after(rows, last); }
Result<std::size_t> seal_all(Installation& of) {
  std::size_t count = 0;
  for (std::optional<Row> last;;) {
    TRY(auto rows, of.store().read([&](Reader& reader) { return list_after(reader, last); }));
    if (rows.empty()) return count;
    for (const Row& row : rows) {
      TRY(const auto anew, sealed_anew(of, row));
      if (!anew) continue;
      TRY(of.store().write([&](store::Transaction& tx) { return replace(tx, row, *anew); }));
      ++count;
    }
    last = std::move(rows.back());
  }
}

}  // namespace

Result<void> begin_rotation(Installation& installation, keys::MasterKey& new_key) {
  return begin_master_rotation(installation.store(), installation.custody().master_key(), new_key,
                               installation.random());
}

Result<std::optional<std::size_t>> complete_rotation(Installation& installation) {
  TRY(const auto wrapped, installation.store().read(
                              [](store::Reader& rows) { return store::list_wrapped_keys(rows); }));
  if (wrapped.size() == 1) return std::optional<std::size_t>();
  TRY(const std::size_t certificates, seal_all<store::SealedCertificate>(installation));
  TRY(const std::size_t imports, seal_all<store::SealedImport>(installation));
  TRY(const std::size_t access_keys, seal_all<store::SealedAccessKey>(installation));
  TRY(const std::size_t discarded, seal_all<store::DiscardedKey>(installation));
  const std::size_t count = certificates + imports + access_keys + discarded;
  TRY(finish_master_rotation(installation.store(), installation.custody().master_key()));
  TRY(const auto kept,
      load_sealing_keys(installation.store(), installation.custody().master_key()));
  installation.key_sealer().replace(kept);
  const auto record =
      audit::record_event("RotateMasterKey", installation.clock().now(), installation.home(),
                          {{"sealedAnew", std::to_string(count)}});
  TRY(installation.store().write(
      [&](store::Transaction& tx) { return store::append_audit(tx, record); }));
  return std::optional(count);
}

}  // namespace hallmark::server
