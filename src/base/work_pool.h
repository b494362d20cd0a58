// A few threads for work that may wait: lists, object stores, key services. What is quick and local
// does not belong here. Those who share a pool have their turns one after the other, so that who
// brings much waits for himself.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/task.h"

namespace hallmark {

// Whether a task may be handed over, or what speaks against it.
enum class Room { enough, pool_full, share_used, long_wait };

// Safe to call from any thread.
class WorkPool {
 public:
  using Duration = std::chrono::duration<double>;
  static constexpr Duration usual_wait_max = std::chrono::seconds(10);  // SDKs give up after 60

  // At most `tasks_max` tasks wait; of one sharer at most half of them.
  WorkPool(std::size_t threads, std::size_t tasks_max)
      : WorkPool(threads, tasks_max, usual_wait_max) {}
  WorkPool(std::size_t threads, std::size_t tasks_max, Duration wait_max);
  ~WorkPool();  // stops
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // What a task of this sharer would meet: also whether it would wait longer than wait_max, as the
  // tasks of late have taken. For the caller to ask before it hands over what it could not take
  // back: several that ask at once may exceed the bound by their number.
  Room room_for(std::string_view sharer) const;
  // The same where there is one sharer, who may have all of it.
  bool has_room() const;
  std::size_t waiting() const;
  // Runs the task on one of the threads: each sharer's in order of arrival, one sharer after the
  // other; what it throws is logged. After stop(), the task is dropped.
  void run(std::string_view sharer, Task<void()> task);
  void run(Task<void()> task) { run({}, std::move(task)); }
  // Runs what waits, then joins the threads. Not from a task.
  void stop();

 private:
  using Queues = std::map<std::string, std::deque<Task<void()>>, std::less<>>;
  void work();
  Task<void()> take_next();
  void note(Duration took);

  const std::size_t tasks_max_;
  const Duration wait_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // All below is guarded by mutex_, but the threads. Sharers are here while tasks of theirs wait.
  Queues queues_;
  std::list<Queues::iterator> turns_;  // the sharers, in their order
  std::size_t waiting_ = 0;
  Duration usual_{0};  // what a task takes, as the last ones did
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hallmark
