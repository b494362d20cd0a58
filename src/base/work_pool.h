// A few threads for work that may wait: lists, object stores, key services. What is quick and local
// does not belong here.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/task.h"

namespace hallmark {

// Safe to call from any thread.
class WorkPool {
 public:
  WorkPool(std::size_t threads, std::size_t tasks_max);
  ~WorkPool();  // stops
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // Whether fewer than tasks_max tasks wait. For the caller to ask before it hands over what it
  // could not take back: several that ask at once may exceed the bound by their number.
  bool has_room() const;
  std::size_t waiting() const;
  // Runs the task on one of the threads, in order of arrival; what it throws is logged. After
  // stop(), the task is dropped.
  void run(Task<void()> task);
  // Runs what waits, then joins the threads. Not from a task.
  void stop();

 private:
  void work();

  const std::size_t tasks_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task<void()>> tasks_;  // guarded by mutex_, as is
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hallmark
