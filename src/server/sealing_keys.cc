#include "server/sealing_keys.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/aead.h"
#include "store/sealing.h"

namespace hallmark::server {
namespace {

std::string context_of(std::int64_t number) { return fmt::format("sealing-key/{}", number); }

Result<std::vector<store::WrappedKey>> list(store::Store& store) {
  return store.read([](store::Reader& rows) { return store::list_wrapped_keys(rows); });
}

Result<store::WrappedKey> wrap(keys::MasterKey& master_key, std::int64_t number,
                               const Secret& key) {
  TRY(auto wrapped, master_key.wrap(key.reveal(), context_of(number)));
  return store::WrappedKey{number, master_key.fingerprint(), std::move(wrapped)};
}

Secret new_key(Random& random) {
  Secret key(crypto::aead_key_bytes);
  random.fill(key.fill());
  return key;
}

Result<void> insert(store::Store& store, const std::vector<store::WrappedKey>& keys) {
  return store.write([&](store::Transaction& tx) -> Result<void> {
    for (const store::WrappedKey& key : keys) TRY(store::insert_wrapped_key(tx, key));
    return {};
  });
}

}  // namespace

Result<std::vector<Secret>> load_sealing_keys(store::Store& store, keys::MasterKey& master_key) {
  TRY(const auto wrapped, list(store));
  if (wrapped.empty()) return corrupt("the store has no sealing key");
  std::vector<Secret> keys;
  for (const store::WrappedKey& key : wrapped) {
    if (key.master != master_key.fingerprint()) continue;
    TRY(auto opened, master_key.unwrap(key.wrapped, context_of(key.number)));
    keys.push_back(std::move(opened));
  }
  if (!keys.empty()) return keys;
  return invalid(
      "The master key is not the one that this installation was made with. If it was replaced "
      "since, DIR/keys names the place of the new one.");
}

Result<void> create_sealing_key(store::Store& store, keys::MasterKey& master_key, Random& random) {
  TRY(auto key, wrap(master_key, 1, new_key(random)));
  return insert(store, {std::move(key)});
}

Result<void> begin_master_rotation(store::Store& store, keys::MasterKey& old_key,
                                   keys::MasterKey& new_key_master, Random& random) {
  TRY(const auto wrapped, list(store));
  const auto is_new = [&](const store::WrappedKey& key) {
    return key.master == new_key_master.fingerprint();
  };
  if (std::ranges::any_of(wrapped, is_new)) return {};  // it was interrupted, and goes on
  std::vector<store::WrappedKey> added;
  for (const store::WrappedKey& key : wrapped) {
    if (key.master != old_key.fingerprint()) continue;
    TRY(const Secret opened, old_key.unwrap(key.wrapped, context_of(key.number)));
    TRY(added.emplace_back(), wrap(new_key_master, key.number, opened));
  }
  if (added.empty()) return invalid("The old master key is not this installation's.");
  const std::int64_t number = wrapped.front().number + 1;
  const Secret newest = new_key(random);
  TRY(added.emplace_back(), wrap(old_key, number, newest));
  TRY(added.emplace_back(), wrap(new_key_master, number, newest));
  return insert(store, added);
}

Result<void> finish_master_rotation(store::Store& store, const keys::MasterKey& new_key_master) {
  TRY(const auto wrapped, list(store));
  if (wrapped.empty()) return corrupt("the store has no sealing key");
  const store::WrappedKey kept = {wrapped.front().number, new_key_master.fingerprint(), {}};
  return store.write(
      [&](store::Transaction& tx) { return store::keep_only_wrapped_key(tx, kept); });
}

}  // namespace hallmark::server
