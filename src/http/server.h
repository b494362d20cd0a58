// The HTTP/1.1 server: one io_context per core, one acceptor that deals connections round robin,
// keep-alive, limits and deadlines on every read and write (limits.h). Plain or over TLS; plain
// HTTP is for loopback and for a Unix socket only, unless it is asked for aloud. Handshakes run on
// the I/O threads, a step at a time between other connections' work: each is a millisecond at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/result.h"
#include "http/entry.h"
#include "http/message.h"

namespace hallmark::http {

// Renders the answer to a request that never reached the handler (framing, limits, deadlines: the
// error's kind is one of bad_request, too_large, too_slow, length_required, unavailable), or that
// the handler did not answer (it failed, dropped the reply, or answered what cannot be sent:
// internal, with the request's own id).
using RefusalRenderer = std::function<Response(const Error& error, std::string_view request_id)>;

enum class Plain { on_loopback, on_network };

struct ServerOptions {
  // Numeric; refused unless it is a loopback address, or there is TLS, or `plain` says otherwise.
  std::string address = "127.0.0.1";
  unsigned short port = 0;  // 0 picks a free one
  unsigned threads = 0;     // 0: one per core
  // Each takes a descriptor of the process; beyond it, new ones are closed at once.
  std::size_t connections_max = limits::connections_max;
  // Set: the server listens on this Unix socket, and address and port count for nothing. The file
  // has mode 0600; one that a dead process left is replaced; it is removed at stop. The caller sees
  // to it (by a lock on the folder) that no two servers begin here at the same moment.
  std::string socket_path = {};
  Entry entry = {};  // counts for TCP
  Plain plain = Plain::on_loopback;
};

struct ServerCounts {
  std::size_t open = 0;        // connections at the moment
  std::uint64_t accepted = 0;  // since the start
  std::uint64_t refused = 0;   // closed at once, because there were connections_max
};

// Handlers run on the I/O threads. The handler, renderer, clock and random outlive the server.
class Server {
 public:
  // Binds and listens; nothing is accepted before start(). Invalid: not an address that may be
  // listened on (see ServerOptions), the address or the socket is in use, or the socket's path
  // cannot be had (the message says so).
  static Result<std::unique_ptr<Server>> listen(const ServerOptions& options, Handler& handler,
                                                RefusalRenderer& refuse, const Clock& clock,
                                                Random& random);
  virtual ~Server() = default;

  virtual void start() = 0;
  virtual unsigned short port() const = 0;  // 0 on a Unix socket
  virtual ServerCounts counts() const = 0;  // any thread
  // Stops accepting, lets running requests finish for at most `limits::shutdown_deadline`, closes
  // idle connections at once, joins the threads. Once, and never from a handler; the destructor
  // does it too. A Reply that is used later does nothing.
  virtual void stop() = 0;
};

}  // namespace hallmark::http
