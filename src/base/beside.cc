#include "base/beside.h"

#include "base/guarded.h"

namespace hallmark {

Result<std::unique_ptr<Beside>> Beside::start(Work work) {
  auto beside = std::unique_ptr<Beside>(new Beside(std::move(work)));
  const auto started = guarded([&] {
    beside->thread_ = std::jthread([&b = *beside](const std::stop_token& stop) {
      b.outcome_ = guarded([&] { return b.work_(stop); });
    });
  });
  if (!started) return unavailable("a thread could not be started");
  return beside;
}

Result<void> Beside::wait() {
  if (thread_.joinable()) thread_.join();
  return outcome_;
}

}  // namespace hallmark
