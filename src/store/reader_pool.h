// A bounded number of read-only connections, opened when needed and kept.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "store/driver.h"

namespace hallmark::store {

// Safe to call from any thread. Borrows the driver.
class ReaderPool {
 public:
  explicit ReaderPool(Driver& driver) : driver_(driver) {}
  ~ReaderPool() { close(); }
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  // Calls `function` with a snapshot. Unavailable when no connection comes free in time, or after
  // close(). Not to be nested: a thread holds one connection at most.
  Result<void> read(const std::function<void(Reader&)>& function);

  // Waits for the reads that are under way, then closes all connections.
  void close();

 private:
  Result<std::unique_ptr<Connection>> take();
  void give_back(std::unique_ptr<Connection> connection);

  Driver& driver_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  // The last one used is taken first: its pages are the freshest.
  std::vector<std::unique_ptr<Connection>> free_ GUARDED_BY(mutex_);
  std::size_t in_use_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace hallmark::store
