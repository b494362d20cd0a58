#include "pki/retired_keys.h"

#include "base/log.h"
#include "store/sealing.h"

namespace hallmark::pki {
namespace {

// Signatures that were asked for in the last moment of a leaf are made by then.
constexpr auto grace = std::chrono::hours(1);

Result<void> retire(store::Store& store, keys::KeyProvider& keys, Timestamp now) {
  TRY(const auto expired, store.read([&](store::Reader& rows) {
    return store::list_expired_leaf_keys(rows, now - grace, keys_retired_max);
  }));
  for (const store::SealedCertificate& leaf : expired) {
    TRY(keys.destroy(leaf.sealed_key, keys::Purpose::code_signing, leaf.id.text()));
    TRY(store.write(
        [&](store::Transaction& tx) { return store::replace_sealed_key(tx, leaf, {}); }));
  }
  return {};
}

}  // namespace

Result<void> destroy_discarded_keys(store::Store& store, keys::KeyProvider& keys) {
  for (;;) {
    TRY(const auto discarded, store.read([](store::Reader& rows) {
      return store::list_discarded_keys(rows, keys_retired_max);
    }));
    if (discarded.empty()) return {};
    TRY(keys.check());  // a token that is away may look empty, and an absent key is destroyed
    for (const store::DiscardedKey& key : discarded) {
      const auto destroyed =
          keys.destroy(key.sealed_key, keys::Purpose::imported_certificate, key.arn);
      // What does not open names no key: it would hold up all others.
      if (!destroyed && destroyed.error().kind != ErrorKind::corrupt) return destroyed.error();
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
