// Work on a thread of its own beside what its owner does, who waits for its outcome.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

#include "base/result.h"

namespace hallmark {

class Beside final {
 public:
  // Told to stop, the work ends soon, with whatever error.
  using Work = std::function<Result<void>(const std::stop_token& stop)>;

  // Unavailable: no thread can be had.
  static Result<std::unique_ptr<Beside>> start(Work work);
  // Tells the work to stop, and waits for its end.
  ~Beside() = default;
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  // Waits for the work's end: its outcome. Again: the same. From one thread.
  Result<void> wait();

 private:
  explicit Beside(Work work) : work_(std::move(work)) {}

  const Work work_;
  Result<void> outcome_;  // the thread's until it has ended
  std::jthread thread_;   // the last member: the first to end
};

}  // namespace hallmark
