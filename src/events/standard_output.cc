#include "events/standard_output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace hallmark::events {
namespace {

constexpr int reader_wait_millis_max = 5'000;  // for whoever reads the other end

class Lines final : public Target {
 public:
  explicit Lines(int descriptor) : descriptor_(descriptor) {}
  store::EventTarget kind() const override { return store::EventTarget::standard_output; }

  Result<void> deliver(const Message& message) override {
    std::string line(is_torn_ ? "\n" : "");
    line += message.body;
    line += '\n';
    return write_all(line);
  }

 private:
  // A pipe that is ready takes PIPE_BUF bytes at once (pipe(7)): nobody waits for a reader that is
  // stuck longer than he is told to.
  Result<void> write_all(std::string_view rest) {
    while (!rest.empty()) {
      pollfd ready{.fd = descriptor_, .events = POLLOUT, .revents = 0};
      const int polled = ::poll(&ready, 1, reader_wait_millis_max);
      if (polled < 0 && errno == EINTR) continue;
      if (polled < 0) return system_error("wait to write an event", errno);
      if (polled == 0) return unavailable("nobody reads the events");
      const ssize_t written =
          ::write(descriptor_, rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return system_error("write an event", errno);
      rest.remove_prefix(std::size_t(written));
      is_torn_ = !rest.empty();
    }
    return {};
  }

  const int descriptor_;
  bool is_torn_ = false;  // the last line lacks its end
};

}  // namespace

std::unique_ptr<Target> lines_on(int descriptor) { return std::make_unique<Lines>(descriptor); }

}  // namespace hallmark::events
