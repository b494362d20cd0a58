// The running service: the installation with its worker, its API and its listeners. This is where
// all parts are made and introduced to each other; service.cc reads as the list of them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "server/configuration.h"
#include "server/installation.h"

namespace hallmark::server {

struct ServiceOptions {
  ListenAddress listen = {"127.0.0.1", 9400};
  ListenAddress operations = {"127.0.0.1", 9401};  // /livez, /readyz, /metrics
  Configuration configuration = {};                // its addresses do not count here
  std::string_view version = {};                   // the program's
  // An operator says that the clock is right although it is before the latest time that was seen.
  bool accept_clock = false;
};

// Reads a configuration file for this service. Invalid, with file, line and name.
Result<Configuration> read_configuration(const std::filesystem::path& file);

class Service {
 public:
  // Listens and starts the worker; requests are answered when this returns. Owns the installation.
  static Result<std::unique_ptr<Service>> start(std::unique_ptr<Installation> installation,
                                                const ServiceOptions& options);
  virtual ~Service() = default;

  virtual std::string endpoint() const = 0;  // "http://127.0.0.1:9400"; see endpoint_of
  virtual std::string operations_endpoint() const = 0;
  // Reads the files of [tls] again; without TLS, nothing. Any thread.
  virtual void reload() = 0;
  // Begins to deliver events, which may go to standard output: when its first line is out. Once.
  virtual void start_events() = 0;
  // Drains: no new connections, running requests end, the worker finishes its step, the store
  // closes.
  virtual void stop() = 0;
};

// What SIGHUP does: a daemon reloads, and what runs in a terminal ends with it.
enum class HangUp { reloads, stops };

// Blocks until SIGTERM or SIGINT, or a SIGHUP that stops. They are blocked in all threads that are
// made after the first call of block_stop_signals.
void block_stop_signals();
void wait_for_stop_signal(Service& service, HangUp hang_up);

}  // namespace hallmark::server
