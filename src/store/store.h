// The store: rows, through typed functions, in transactions. One writer groups what waits into one
// commit; readers see snapshots. The SQL is written once for every driver and seen by nobody else.
//
//   store.write([&](Transaction& tx) { return insert_profile(tx, profile); },
//               [](Result<void> outcome) { /* after COMMIT, on the writer's thread: be quick */ });
//   TRY(auto found, store.read([&](Reader& rows) { return find_profile(rows, account, name); }));
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "base/bytes.h"
#include "base/result.h"
#include "base/task.h"

namespace hallmark::store {

// The store's own: store/driver.h.
class Connection;
class Chain;

// A connection as the typed functions see it: a snapshot. Made by the store, used on one thread.
class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(connection) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  Connection& connection() { return connection_; }

 private:
  Connection& connection_;
};

// A Reader that may also write: one unit of work, which is undone when it fails.
class Transaction final : public Reader {
 public:
  Transaction(Connection& connection, Chain& chain) : Reader(connection), chain_(chain) {}
  Chain& chain() { return chain_; }

 private:
  Chain& chain_;
};

// Runs on the writer's thread. Re-runnable: it may be called again after a rollback, so it touches
// nothing outside but by overwriting. An error rolls back this unit alone.
using Work = Task<Result<void>(Transaction&)>;
// Runs once after the unit's fate is known: durable, or not happened. Never runs inside Work's
// call.
using Done = Task<void(Result<void>)>;

using Hash = std::array<std::uint8_t, 32>;
// The link of the audit chain: hash(previous ‖ record). Injected, since the store has no
// cryptography.
using Link = std::function<Hash(const Hash& previous, const Hash& record)>;

// How far a store has come: the place of a node's last audit record (store/audit.h) and its link,
// which stands for all records before it. No link before the first.
struct Head {
  std::int64_t place = 0;
  Hash link = {};
  bool operator==(const Head&) const = default;
};
// Is shown the head of what was committed just now.
using Witness = std::function<void(const Head& head)>;

struct Counters {
  std::uint64_t units = 0;   // units of work committed
  std::uint64_t groups = 0;  // commits
  std::size_t waiting = 0;   // units that are not yet part of a group
};

// A callable on a Transaction that yields a value of its own.
template <class F>
using YieldOf = typename std::invoke_result_t<F&, Transaction&>::value_type;
template <class F>
concept UnitOfWork = std::invocable<F&, Transaction&> &&(!std::is_void_v<YieldOf<F>>);

// Safe to call from any thread.
class Store {
 public:
  virtual ~Store() = default;

  // Queues `work`. The group is committed when as many units wait as came last time, at most
  // limits::group_commit_units_max, or the oldest has waited limits::group_commit_linger. When the
  // queue is full or the store is closed, `done` gets ErrorKind::unavailable at once, on the
  // caller's thread.
  virtual void write(Work work, Done done) = 0;

  // The same, waiting. Not to be called from an I/O thread or from the writer's.
  Result<void> write(Work work);

  // Both for work that yields a value: what its last run returned, once that is durable.
  template <UnitOfWork F>
  void write(F work, std::type_identity_t<Then<YieldOf<F>>> then);
  template <UnitOfWork F>
  Result<YieldOf<F>> write(F work);

  // A read-only snapshot: everything that was committed before the call is seen.
  template <class F>
  std::invoke_result_t<F, Reader&> read(F&& function) {
    std::invoke_result_t<F, Reader&> outcome = Error{};
    Result<void> status = read_with([&](Reader& reader) { outcome = function(reader); });
    if (!status) return std::move(status.error());
    return outcome;
  }

  virtual Counters counters() const = 0;

  // Whether other processes write here too: then nothing that is read may be taken as true later.
  virtual bool is_shared() const = 0;

  // The number of this process among those that share the store: 0 where there is no other.
  virtual std::int64_t node_number() const = 0;

  // Who keeps, outside of the store, how far it has come (store/head.h): called on the writer's
  // thread after each commit that must not be lost unnoticed, and before anybody is told of it.
  // Once, before the first write.
  virtual void set_witness(Witness witness) = 0;

  // Structure and audit chain of the whole store, for `hallmark check` and for tests after a crash.
  // Corrupt, naming the first fault.
  virtual Result<void> check() = 0;

  // Finishes what is queued, then refuses. Joins the writer. Once.
  virtual void close() = 0;

 protected:
  virtual Result<void> read_with(const std::function<void(Reader&)>& function) = 0;
};

template <UnitOfWork F>
void Store::write(F work, std::type_identity_t<Then<YieldOf<F>>> then) {
  // Owned by both halves: the work fills it, and what follows takes it.
  auto yielded = std::make_shared<std::optional<YieldOf<F>>>();
  write(Work([work = std::move(work), yielded](Transaction& tx) mutable -> Result<void> {
          TRY(*yielded, work(tx));
          return {};
        }),
        Done([then = std::move(then), yielded](Result<void> outcome) mutable {
          if (!outcome) return then(std::move(outcome.error()));
          then(*std::move(*yielded));
        }));
}

template <UnitOfWork F>
Result<YieldOf<F>> Store::write(F work) {
  std::optional<YieldOf<F>> yielded;
  TRY(write(Work([&](Transaction& tx) -> Result<void> {
    TRY(yielded, work(tx));
    return {};
  })));
  return *std::move(yielded);
}

// Opens the file (made and migrated when new), which no other process may have open: the caller
// holds the data directory's lock. A newer schema than this binary knows is refused.
Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path, Link link);

// Opens a PostgreSQL database that other nodes may share, by a URL as store/postgresql_url.h says.
// `node` names this process in this life and in the next, and no other one; the caller holds a lock
// on that name.
struct SharedStore {
  std::string url;
  std::string node;
};
// Invalid: such a URL could not be opened anywhere, or holds a password.
Result<void> check_postgresql_url(const std::string& url);
Result<std::unique_ptr<Store>> open_postgresql(const SharedStore& place, Link link);

}  // namespace hallmark::store
