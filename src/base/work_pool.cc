#include "base/work_pool.h"

#include <algorithm>

#include "base/guarded.h"
#include "base/log.h"

namespace hallmark {
namespace {

constexpr double weight_of_last = 0.05;  // of one task in what tasks usually take

}  // namespace

WorkPool::WorkPool(std::size_t threads, std::size_t tasks_max, Duration wait_max)
    : tasks_max_(tasks_max), wait_max_(wait_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkPool::~WorkPool() { stop(); }

Room WorkPool::room_for(std::string_view sharer) const {
  const std::lock_guard lock(mutex_);
  if (stopping_ || waiting_ >= tasks_max_) return Room::pool_full;
  const auto queue = queues_.find(sharer);
  const std::size_t own = queue == queues_.end() ? 0 : queue->second.size();
  if (own >= std::max<std::size_t>(1, tasks_max_ / 2)) return Room::share_used;
  // Before each of its own tasks, one of every other sharer has its turn.
  const std::size_t sharers = queues_.size() + (own == 0 ? 1 : 0);
  const std::size_t before = std::min(waiting_, (own + 1) * sharers);
  const bool is_long = usual_ * double(before) / double(threads_.size()) > wait_max_;
  return is_long ? Room::long_wait : Room::enough;
}

bool WorkPool::has_room() const {
  const std::lock_guard lock(mutex_);
  return !stopping_ && waiting_ < tasks_max_;
}

std::size_t WorkPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void WorkPool::run(std::string_view sharer, Task<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    auto queue = queues_.find(sharer);
    if (queue == queues_.end()) {
      queue = queues_.emplace(sharer, std::deque<Task<void()>>()).first;
      turns_.push_back(queue);
    }
    queue->second.push_back(std::move(task));
    ++waiting_;
  }
  changed_.notify_one();
}

void WorkPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

// Of the sharer whose turn it is; there is one. Allocates nothing, so that no thread ends here.
Task<void()> WorkPool::take_next() {
  const Queues::iterator queue = turns_.front();
  Task<void()> task = std::move(queue->second.front());
  queue->second.pop_front();
  --waiting_;
  if (queue->second.empty()) {
    turns_.pop_front();
    queues_.erase(queue);
  } else {
    turns_.splice(turns_.end(), turns_, turns_.begin());
  }
  return task;
}

void WorkPool::note(Duration took) { usual_ += weight_of_last * (took - usual_); }

void WorkPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || waiting_ > 0; });
    if (waiting_ == 0) return;
    Task<void()> task = take_next();
    lock.unlock();
    const auto began = std::chrono::steady_clock::now();
    const auto done = guarded([&] { task(); });
    if (!done) log::error("a task threw", {{"error", describe(done.error())}});
    task = {};  // what it holds may take long to go
    const auto took = std::chrono::steady_clock::now() - began;
    lock.lock();
    note(took);
  }
}

}  // namespace hallmark
