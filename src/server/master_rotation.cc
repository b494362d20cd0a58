#include "server/master_rotation.h"

#include <span>

#include <fmt/format.h>

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

Result<void> replace(store::Transaction& tx, const auto& row, ByteView sealed) {
  return store::replace_sealed_key(tx, row, sealed);
}
Result<void> replace(store::Transaction& tx, const store::SealedAccessKey& row, ByteView sealed) {
  return store::replace_sealed_secret(tx, row, sealed);
}

// One step: the rows of a list, each in a unit of its own, so that nobody waits for them.
template <class Row>
Result<std::size_t> seal_anew(Installation& of, const std::vector<Row>& rows) {
  std::size_t count = 0;
  for (const Row& row : rows) {
    TRY(const auto anew, sealed_anew(of, row));
    if (!anew) continue;
    TRY(of.store().write([&](store::Transaction& tx) { return replace(tx, row, *anew); }));
    ++count;
  }
  return count;
}

Result<std::size_t> seal_certificates(Installation& of) {
  std::size_t count = 0;
  for (Uuid after;;) {
    TRY(const auto rows, of.store().read([&](store::Reader& reader) {
      return store::list_sealed_certificates(reader, after, rows_per_step);
    }));
    if (rows.empty()) return count;
    TRY(const std::size_t sealed, seal_anew(of, rows));
    count += sealed;
    after = rows.back().id;
  }
}

Result<std::size_t> seal_imports(Installation& of) {
  std::size_t count = 0;
  for (std::optional<store::SealedImport> after;;) {
    TRY(const auto rows, of.store().read([&](store::Reader& reader) {
      return store::list_sealed_imports(reader, after, rows_per_step);
    }));
    if (rows.empty()) return count;
    TRY(const std::size_t sealed, seal_anew(of, rows));
    count += sealed;
    after = rows.back();
  }
}

// One that no master key opens is nobody's who could be asked, and does not keep the old one alive.
Result<std::size_t> seal_discarded_key(Installation& of, const store::DiscardedKey& row) {
  const auto anew = keys::key_sealed_anew(of.key_sealer(), row.sealed_key,
                                          keys::Purpose::imported_certificate, row.arn);
  if (!anew && anew.error().kind == ErrorKind::corrupt) {
    log::error("a discarded key cannot be opened, and stays as it is",
               {{"certificate", row.arn}, {"error", describe(anew.error())}});
    return std::size_t(0);
  }
  if (!anew) return anew.error();
  if (!*anew) return std::size_t(0);
  TRY(of.store().write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::delete_discarded_key(tx, row.id));
    return store::insert_discarded_key(tx, {row.id, row.arn, **anew});
  }));
  return std::size_t(1);
}

Result<std::size_t> seal_discarded(Installation& of) {
  std::size_t count = 0;
  for (std::size_t seen = 0;;) {
    TRY(const auto rows, of.store().read([&](store::Reader& reader) {
      return store::list_discarded_keys(reader, seen + rows_per_step);
    }));
    if (rows.size() <= seen) return count;
    for (const store::DiscardedKey& row : std::span(rows).subspan(seen)) {
      TRY(const std::size_t sealed, seal_discarded_key(of, row));
      count += sealed;
    }
    seen = rows.size();
  }
}

Result<std::size_t> seal_access_keys(Installation& of) {
  std::size_t count = 0;
  for (std::string after;;) {
    TRY(const auto rows, of.store().read([&](store::Reader& reader) {
      return store::list_sealed_access_keys(reader, after, rows_per_step);
    }));
    if (rows.empty()) return count;
    TRY(const std::size_t sealed, seal_anew(of, rows));
    count += sealed;
    after = rows.back().id;
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
  TRY(const std::size_t certificates, seal_certificates(installation));
  TRY(const std::size_t imports, seal_imports(installation));
  TRY(const std::size_t access_keys, seal_access_keys(installation));
  TRY(const std::size_t discarded, seal_discarded(installation));
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
