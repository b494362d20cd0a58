#include "base/work_pool.h"

#include "base/guarded.h"
#include "base/log.h"

namespace hallmark {

WorkPool::WorkPool(std::size_t threads, std::size_t tasks_max) : tasks_max_(tasks_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkPool::~WorkPool() { stop(); }

bool WorkPool::has_room() const {
  const std::lock_guard lock(mutex_);
  return !stopping_ && tasks_.size() < tasks_max_;
}

std::size_t WorkPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

void WorkPool::run(Task<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
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

void WorkPool::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    Task<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    const auto done = guarded([&] { task(); });
    if (!done) log::error("a task threw", {{"error", describe(done.error())}});
  }
}

}  // namespace hallmark
