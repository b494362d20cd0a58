#include "http/server.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "base/guarded.h"
#include "http/body_budget.h"
#include "http/connection.h"
#include "http/listener.h"
#include "http/places.h"
#include "http/server_parts.h"
#include "http/worker.h"

namespace hallmark::http {
namespace {

namespace asio = boost::asio;

unsigned thread_count(const ServerOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max(1u, std::thread::hardware_concurrency());
}

class AsioServer final : public Server {
 public:
  explicit AsioServer(const ServerParts& parts) : parts_(parts) {}
  ~AsioServer() override { end(); }

  // Throws when there are no descriptors or threads left: called under guarded().
  Result<void> open(const ServerOptions& options) {
    for (unsigned i = thread_count(options); i > 0; --i) {
      workers_.push_back(std::make_unique<Worker>(parts_, bodies_));
    }
    listener_ = std::make_unique<Listener>(workers_, parts_, places_);
    TRY(listener_->open(options));
    port_ = listener_->port();
    return {};
  }

  void start() override {
    asio::post(workers_.front()->executor(), [this] { listener_->accept(); });
  }
  unsigned short port() const override { return port_; }
  ServerCounts counts() const override { return places_.counts(); }
  void stop() override { end(); }

 private:
  // Idempotent, and fit for a server that was opened in part.
  void end() {
    if (std::exchange(is_ended_, true) || workers_.empty()) return;
    if (listener_) asio::post(workers_.front()->executor(), [this] { listener_->close(); });
    const auto deadline = SteadyClock::now() + parts_.limits.shutdown_deadline;
    for (const auto& worker : workers_) worker->stop(deadline);
    for (const auto& worker : workers_) worker->join();
    // What was dealt to a worker that had ended is still open.
    listener_.reset();
    workers_.clear();
  }

  // In the order of need: connections, which the workers' contexts hold to the last, give back what
  // they hold of the counts, and the listener's acceptor belongs to the first context.
  const ServerParts parts_;
  BodyBudget bodies_{parts_.limits};
  Places places_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Listener> listener_;
  unsigned short port_ = 0;
  bool is_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options, Handler& handler,
                                               RefusalRenderer& refuse, const Clock& clock,
                                               Random& random) {
  return listen_with(options, {handler, refuse, clock, random});
}

Result<std::unique_ptr<Server>> listen_with(const ServerOptions& options,
                                            const ServerParts& parts) {
  ServerParts whole = parts;
  if (options.socket_path.empty()) whole.entry = options.entry;
  auto server = std::make_unique<AsioServer>(whole);
  TRY(guarded([&] { return server->open(options); }));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace hallmark::http
