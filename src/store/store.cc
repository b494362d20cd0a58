#include "store/store.h"

#include <condition_variable>

#include "base/mutex.h"
#include "store/grouped_store.h"
#include "store/postgresql.h"
#include "store/sqlite.h"

namespace hallmark::store {
namespace {

// Where a blocking write waits for its outcome.
class Waiting {
 public:
  void tell(Result<void> outcome) {
    MutexLock lock(mutex_);
    outcome_ = std::move(outcome);
    changed_.notify_one();  // under the lock: once it is free, the waiter may be gone
  }

  Result<void> wait() {
    MutexLock lock(mutex_);
    while (!outcome_) changed_.wait(mutex_);
    return std::move(*outcome_);
  }

 private:
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Result<void>> outcome_ GUARDED_BY(mutex_);
};

}  // namespace

// Waits without a deadline: the writer tells every unit its fate, or the process ends.
Result<void> Store::write(Work work) {
  Waiting waiting;
  write(std::move(work), [&](Result<void> outcome) { waiting.tell(std::move(outcome)); });
  return waiting.wait();
}

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path, Link link) {
  return open_store(sqlite_driver(path), std::move(link));
}

Result<void> check_postgresql_url(const std::string& url) {
  TRY(const auto parsed, PostgresqlUrl::parse(url));
  return {};
}

Result<std::unique_ptr<Store>> open_postgresql(const SharedStore& place, Link link) {
  TRY(const auto url, PostgresqlUrl::parse(place.url));
  return open_store(postgresql_driver(url, place.node), std::move(link));
}

}  // namespace hallmark::store
