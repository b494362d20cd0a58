#include "keys/sealer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "base/check.h"
#include "crypto/aead.h"

namespace hallmark::keys {

Sealer::Sealer(const std::vector<Secret>& keys, Random& random)
    : random_(random), pairs_(derive(keys)) {}

const Secret& Sealer::Pair::of(Sealed what) const {
  switch (what) {
    case Sealed::private_key: return private_keys;
    case Sealed::secret: return secrets;
  }
  CHECK(false);
}

std::shared_ptr<const Sealer::Pairs> Sealer::derive(const std::vector<Secret>& keys) {
  CHECK(!keys.empty());
  auto pairs = std::make_shared<Pairs>();
  for (const Secret& key : keys) {
    pairs->push_back({.private_keys = crypto::derive_key(key, "hallmark private keys"),
                      .secrets = crypto::derive_key(key, "hallmark secrets")});
    lock_in_memory(pairs->back().private_keys);
    lock_in_memory(pairs->back().secrets);
  }
  return pairs;
}

std::shared_ptr<const Sealer::Pairs> Sealer::pairs() const {
  const MutexLock lock(mutex_);
  return pairs_;
}

Bytes Sealer::seal(Sealed what, ByteView plain, std::string_view context) const {
  return crypto::seal(pairs()->front().of(what), plain, context, random_);
}

Result<Secret> Sealer::open(Sealed what, ByteView sealed, std::string_view context) const {
  const auto all = pairs();
  Result<Secret> opened = crypto::open(all->front().of(what), sealed, context);
  for (std::size_t i = 1; i < all->size() && !opened; ++i) {
    opened = crypto::open((*all)[i].of(what), sealed, context);
  }
  return opened;
}

bool Sealer::is_newest(Sealed what, ByteView sealed, std::string_view context) const {
  return crypto::open(pairs()->front().of(what), sealed, context).has_value();
}

void Sealer::replace(const std::vector<Secret>& keys) {
  auto replaced = derive(keys);
  const MutexLock lock(mutex_);
  pairs_ = std::move(replaced);
}

Result<std::optional<Bytes>> sealed_anew(const Sealer& sealer, ByteView sealed,
                                         std::string_view context) {
  if (sealer.is_newest(Sealed::secret, sealed, context)) return std::optional<Bytes>();
  TRY(const Secret plain, sealer.open(Sealed::secret, sealed, context));
  return std::optional(sealer.seal(Sealed::secret, plain.reveal(), context));
}

void lock_in_memory(const Secret& secret) {
  const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
  const auto begin = std::uintptr_t(secret.reveal().data()) / page * page;
  const auto end = std::uintptr_t(secret.reveal().data() + secret.size());
  void* const pages = reinterpret_cast<void*>(begin);
  if (::mlock(pages, end - begin) != 0) return;
  // The kernel takes whole pages only; what else lies in them is none the worse for it.
  (void)::madvise(pages, (end - begin + page - 1) / page * page, MADV_DONTDUMP);
}

}  // namespace hallmark::keys
