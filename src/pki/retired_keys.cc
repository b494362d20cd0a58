#include "pki/retired_keys.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

#include "base/log.h"
#include "store/keys.h"
#include "store/sealing.h"

namespace hallmark::pki {
namespace {

// Signatures that were asked for in the last moment of a leaf are made by then.
constexpr auto grace = std::chrono::hours(1);

// An expired intermediate's key could still issue for the past. The newest one's stays, for it is
// what an installation knows its keys by.
Result<std::vector<store::SealedCertificate>> list_expired_intermediates(store::Reader& rows,
                                                                         Timestamp time) {
  TRY(auto all, store::list_certificates(rows, store::CertificateRole::intermediate));
  std::vector<store::SealedCertificate> expired;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (all[i].sealed_key.empty() || all[i].not_after >= time) continue;
    expired.push_back({all[i].id, all[i].role, std::move(all[i].sealed_key)});
  }
  return expired;
}

Result<void> retire(store::Store& store, keys::KeyProvider& keys, Timestamp now) {
  TRY(auto expired, store.read([&](store::Reader& rows) {
    return store::list_expired_leaf_keys(rows, now - grace, keys_retired_max);
  }));
  TRY(auto intermediates, store.read([&](store::Reader& rows) {
    return list_expired_intermediates(rows, now - grace);
  }));
  std::ranges::move(intermediates, std::back_inserter(expired));
  if (!expired.empty()) TRY(keys.check());  // as below
  for (const store::SealedCertificate& each : expired) {
    const auto purpose = each.role == store::CertificateRole::leaf
                             ? keys::Purpose::code_signing
                             : keys::Purpose::intermediate_certificate;
    TRY(keys.destroy(each.sealed_key, purpose, each.id.text()));
    TRY(store.write(
        [&](store::Transaction& tx) { return store::replace_sealed_key(tx, each, {}); }));
  }
  return {};
}

// The row is looked for where writes are: behind one whose end was not known when it was given up.
Result<void> destroy_without_row(store::Store& store, keys::KeyProvider& keys, const MadeKey& key) {
  TRY(const bool is_used, store.write([&](store::Transaction& tx) -> Result<bool> {
    TRY(const auto row, store::find_certificate(tx, key.certificate));
    return row.has_value();
  }));
  if (is_used) return {};
  TRY(keys.check());  // as below
  return keys.destroy(key.sealed, key.purpose, key.certificate.text());
}

// Whether it is gone; one that does not open stays, as what there is to know of a key that may be
// in the token still.
Result<bool> destroy_discarded_key(keys::KeyProvider& keys, const store::DiscardedKey& key) {
  const auto destroyed = keys.destroy(key.sealed_key, keys::Purpose::imported_certificate, key.arn);
  if (destroyed) return true;
  const ErrorKind why = destroyed.error().kind;
  const bool opens_never = why == ErrorKind::corrupt || why == ErrorKind::invalid;
  if (!opens_never) return destroyed.error();
  log::error("a discarded key cannot be opened, and stays in the token",
             {{"certificate", key.arn}, {"error", describe(destroyed.error())}});
  return false;
}

}  // namespace

void destroy_unused_key(store::Store& store, keys::KeyProvider& keys, const MadeKey& key) {
  if (!keys.keeps_keys()) return;
  if (const auto done = destroy_without_row(store, keys, key); !done) {
    log::warning("an unused key stays in the token",
                 {{"key", key.certificate.text()}, {"reason", describe(done.error())}});
  }
}

Result<void> destroy_discarded_keys(store::Store& store, keys::KeyProvider& keys) {
  for (std::size_t kept = 0;;) {
    TRY(const auto discarded, store.read([&](store::Reader& rows) {
      return store::list_discarded_keys(rows, kept + keys_retired_max);
    }));
    if (discarded.size() <= kept) return {};
    TRY(keys.check());  // a token that is away may look empty, and an absent key is destroyed
    for (const store::DiscardedKey& key : std::span(discarded).subspan(kept)) {
      TRY(const bool is_gone, destroy_discarded_key(keys, key));
      if (!is_gone) {
        ++kept;
        continue;
      }
      TRY(store.write(
          [&](store::Transaction& tx) { return store::delete_discarded_key(tx, key.id); }));
    }
  }
}

void retire_expired_keys(store::Store& store, keys::KeyProvider& keys, Timestamp now) {
  auto done = retire(store, keys, now);
  if (done) done = destroy_discarded_keys(store, keys);
  if (!done) log::warning("an expired key stays", {{"reason", describe(done.error())}});
}

}  // namespace hallmark::pki
