// Worker: an io_context, the thread that runs it, and the connections dealt to it. Private to http.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include "base/uuid.h"
#include "http/body_budget.h"
#include "http/buffered_random.h"
#include "http/gate.h"
#include "http/places.h"
#include "http/response_text.h"
#include "http/server_parts.h"

namespace hallmark::http {

class Connection;

// The concrete executor: any_io_executor and beast::tcp_stream cost 7 µs a request.
using Executor = boost::asio::io_context::executor_type;
// TCP and Unix sockets in one type: they differ where they are made, not in reading and writing.
using Protocol = boost::asio::generic::stream_protocol;
using Socket = boost::asio::basic_stream_socket<Protocol, Executor>;
using SteadyClock = std::chrono::steady_clock;
using Timer =
    boost::asio::basic_waitable_timer<SteadyClock, boost::asio::wait_traits<SteadyClock>, Executor>;

// A connection that was accepted and not yet begun.
struct Arrival {
  Socket socket;
  Peer peer;
  Place place;
};

// What is not marked "any thread" is called on the worker's own thread only. The server owns its
// workers; connections borrow theirs.
class Worker {
 public:
  // Starts the thread. `parts` and `bodies` outlive the worker. Throws when there are no
  // descriptors or threads left: called under guarded().
  Worker(const ServerParts& parts, BodyBudget& bodies);
  // stop() was called and join() returned.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Any thread.
  Executor executor() { return context_.get_executor(); }
  const ServerParts& parts() const { return parts_; }
  void adopt(Arrival arrival);
  // Closes idle connections, lets the others finish until `deadline`, then ends the thread.
  void stop(SteadyClock::time_point deadline);
  void join();

  // For connections.
  BodyBudget& bodies() { return bodies_; }
  // Whether it is time for another line about such a fault: one a second, and strangers do not fill
  // the log.
  enum class Fault { handshake, proxy_header };
  bool may_report(Fault fault);
  bool is_draining() const { return drain_deadline_.has_value(); }
  const std::shared_ptr<Gate>& gate() const { return gate_; }
  Uuid new_request_id() { return Uuid::v7(parts_.clock.now(), random_); }
  std::string_view date() { return date_.at(parts_.clock.now()); }
  void remove(std::list<std::shared_ptr<Connection>>::iterator position);

 private:
  void run();
  void begin(Arrival arrival);
  void sweep_later();
  void sweep();
  void drain(SteadyClock::time_point deadline);
  void end_when_empty();

  const ServerParts& parts_;
  BodyBudget& bodies_;
  // Destroyed last: the handlers that it still holds own connections.
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_{context_.get_executor()};
  Timer timer_{context_.get_executor()};
  // Shared with the replies: see gate.h.
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>(context_);
  // Shared with a connection's pending operations, so that each is whole until its handler has run.
  std::list<std::shared_ptr<Connection>> connections_;
  bool is_sweeping_ = false;
  std::optional<SteadyClock::time_point> drain_deadline_;
  std::array<SteadyClock::time_point, 2> next_report_ = {};  // by fault
  BufferedRandom random_{parts_.random};
  DateText date_;
  std::thread thread_;
};

}  // namespace hallmark::http
