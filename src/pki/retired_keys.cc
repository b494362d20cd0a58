#include "pki/retired_keys.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

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

// A key that nobody uses any more, as it was made.
struct OldKey {
  std::string_view id;
  keys::Purpose purpose;
  ByteView sealed;
};

// Whether it is gone; one that does not open stays, as what there is to know of a key that may be
// in the token still.
Result<bool> destroy(keys::KeyProvider& keys, const OldKey& key) {
  auto destroyed = keys.destroy(key.sealed, key.purpose, key.id);
  if (destroyed) return true;
  Error& error = destroyed.error();
  if (error.kind != ErrorKind::corrupt && error.kind != ErrorKind::invalid) {
    error.detail = fmt::format("key {}: {}", key.id, error.detail);
    return std::move(error);
  }
  log::error("a key cannot be opened, and stays in the token",
             {{"key", std::string(key.id)}, {"error", describe(error)}});
  return false;
}

Result<bool> retire(store::Store& store, keys::KeyProvider& keys,
                    const store::SealedCertificate& expired) {
  const auto purpose = expired.role == store::CertificateRole::leaf
                           ? keys::Purpose::code_signing
                           : keys::Purpose::intermediate_certificate;
  TRY(const bool is_gone, destroy(keys, {expired.id.text(), purpose, expired.sealed_key}));
  if (!is_gone) return false;
  TRY(store.write(
      [&](store::Transaction& tx) { return store::replace_sealed_key(tx, expired, {}); }));
  return true;
}

// Those that do not open stay first in the list, and take nobody's place among those that go.
Result<void> retire_leaves(store::Store& store, keys::KeyProvider& keys, Timestamp time) {
  std::size_t gone = 0;
  for (std::size_t kept = 0; gone < keys_retired_max;) {
    TRY(const auto expired, store.read([&](store::Reader& rows) {
      return store::list_expired_leaf_keys(rows, time, kept + keys_retired_max - gone);
    }));
    if (expired.size() <= kept) return {};
    TRY(keys.check());  // a token that is away may look empty, and an absent key is destroyed
    for (const store::SealedCertificate& each : std::span(expired).subspan(kept)) {
      TRY(const bool is_gone, retire(store, keys, each));
      ++(is_gone ? gone : kept);
    }
  }
  return {};
}

Result<void> retire_intermediates(store::Store& store, keys::KeyProvider& keys, Timestamp time) {
  TRY(const auto expired,
      store.read([&](store::Reader& rows) { return list_expired_intermediates(rows, time); }));
  if (!expired.empty()) TRY(keys.check());  // as above
  for (const store::SealedCertificate& each : expired) TRY(retire(store, keys, each));
  return {};
}

// The row is looked for where writes are: behind one whose end was not known when it was given up.
Result<void> destroy_without_row(store::Store& store, keys::KeyProvider& keys, const MadeKey& key) {
  TRY(const bool is_used, store.write([&](store::Transaction& tx) -> Result<bool> {
    TRY(const auto row, store::find_certificate(tx, key.certificate));
    return row.has_value();
  }));
  if (is_used) return {};
  TRY(keys.check());  // as above
  return keys.destroy(key.sealed, key.purpose, key.certificate.text());
}

}  // namespace

void destroy_unused_key(store::Store& store, keys::KeyProvider& keys, const MadeKey& key) {
  if (!keys.keeps_keys()) return;
  if (const auto done = destroy_without_row(store, keys, key); !done) {
    log::warning("an unused key stays in the token",
                 {{"key", key.certificate.text()}, {"reason", describe(done.error())}});
  }
}

Error without_key(store::Store& store, keys::KeyProvider& keys, const MadeKey& key, Error error) {
  destroy_unused_key(store, keys, key);
  return error;
}

Result<void> destroy_discarded_keys(store::Store& store, keys::KeyProvider& keys) {
  for (Uuid after;;) {
    TRY(const auto discarded, store.read([&](store::Reader& rows) {
      return store::list_discarded_keys(rows, after, keys_retired_max);
    }));
    if (discarded.empty()) return {};
    TRY(keys.check());  // as above
    for (const store::DiscardedKey& key : discarded) {
      TRY(const bool is_gone,
          destroy(keys, {key.arn, keys::Purpose::imported_certificate, key.sealed_key}));
      if (!is_gone) continue;
      TRY(store.write(
          [&](store::Transaction& tx) { return store::delete_discarded_key(tx, key.id); }));
    }
    after = discarded.back().id;
  }
}

void retire_expired_keys(store::Store& store, keys::KeyProvider& keys, Timestamp now) {
  auto done = retire_leaves(store, keys, now - grace);
  if (done) done = retire_intermediates(store, keys, now - grace);
  if (done) done = destroy_discarded_keys(store, keys);
  if (!done) log::warning("an expired key stays", {{"reason", describe(done.error())}});
}

}  // namespace hallmark::pki
