#include "store/reader_pool.h"

#include <chrono>

#include "base/guarded.h"
#include "base/limits.h"

namespace hallmark::store {

Result<void> ReaderPool::read(const std::function<void(Reader&)>& function) {
  TRY(auto connection, take());
  auto outcome = guarded([&]() -> Result<void> {
    TRY(connection->begin_read());
    Reader reader(*connection);
    function(reader);
    return {};
  });
  connection->rollback();  // a snapshot has nothing to commit
  give_back(std::move(connection));
  return outcome;
}

void ReaderPool::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  while (in_use_ > 0) changed_.wait(mutex_);
  free_.clear();
}

Result<std::unique_ptr<Connection>> ReaderPool::take() {
  {
    MutexLock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + limits::read_connection_wait_max;
    while (!closed_ && in_use_ == limits::read_connections_max) {
      if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
        return unavailable("no read connection came free");
      }
    }
    if (closed_) return unavailable("the store is closed");
    ++in_use_;
    if (!free_.empty()) {
      auto connection = std::move(free_.back());
      free_.pop_back();
      return connection;
    }
  }
  auto opened = driver_.open_reader();
  if (!opened) give_back(nullptr);
  return opened;
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
  MutexLock lock(mutex_);
  --in_use_;
  if (connection != nullptr) free_.push_back(std::move(connection));
  changed_.notify_all();
}

}  // namespace hallmark::store
