// Listener: accepts connections and deals them to the workers in turn. Private to http.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>

#include "http/server_parts.h"
#include "http/socket_file.h"
#include "http/worker.h"

namespace hallmark::http {

// Runs on the first worker's thread, where all but the constructor, open() and port() is called.
// The workers and the parts outlive it, and it outlives the workers' threads.
class Listener {
 public:
  using Workers = std::vector<std::unique_ptr<Worker>>;

  // There is at least one worker. `places` outlives the workers' connections.
  Listener(const Workers& workers, const ServerParts& parts, Places& places);

  // Binds and listens. Invalid: not a numeric address, or one that may not be listened on, is in
  // use, or not permitted; or a path that SocketFile refuses.
  Result<void> open(const ServerOptions& options);
  unsigned short port() const { return port_; }

  void accept();  // from now on
  void close();

 private:
  Result<void> open_tcp(const ServerOptions& options);
  Result<void> open_unix(const std::string& path);
  void on_arrivals(const boost::system::error_code& code);
  Result<void> accept_some();
  void deal(Worker& worker, Socket socket, const Protocol::endpoint& endpoint);
  void report_full(Places::Full full, const std::string& address);
  void retry_later(const Error& reason);

  const Workers& workers_;
  const ServerParts& parts_;
  Places& places_;
  boost::asio::basic_socket_acceptor<Protocol, Executor> acceptor_;
  std::unique_ptr<SocketFile> socket_file_;  // on a Unix socket
  Timer retry_timer_;
  unsigned short port_ = 0;
  std::size_t turn_ = 0;
  SteadyClock::time_point next_report_;  // both only spare the log repetitions
  bool is_failing_ = false;
};

}  // namespace hallmark::http
