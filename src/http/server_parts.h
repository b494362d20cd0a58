// What all connections of one server share, and the door for tests that need limits of their own.
// Private to http.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/result.h"
#include "http/entry.h"
#include "http/message.h"
#include "http/server.h"

namespace hallmark::http {

// The numbers of base/limits.h, as a value, so that a test of a deadline need not wait for it.
struct ServerLimits {
  using Duration = std::chrono::milliseconds;

  std::size_t target_bytes_max = limits::request_target_bytes_max;
  std::size_t header_bytes_max = limits::request_header_bytes_max;
  std::size_t header_fields_max = limits::request_header_fields_max;
  std::size_t body_bytes_max = limits::request_body_bytes_max;
  std::size_t body_free_bytes = limits::request_body_free_bytes;
  std::size_t bodies_bytes_max = limits::request_bodies_bytes_max;
  std::size_t body_bytes_per_second_min = limits::request_body_bytes_per_second_min;
  std::size_t linger_bytes_max = limits::connection_linger_bytes_max;
  Duration header_deadline = limits::request_header_deadline;
  Duration body_deadline = limits::request_body_deadline;
  Duration body_grace = limits::request_body_grace;
  Duration write_deadline = limits::response_write_deadline;
  Duration first_byte_deadline = limits::connection_first_byte_deadline;
  Duration idle_deadline = limits::connection_idle_deadline;
  Duration linger_deadline = limits::connection_linger_deadline;
  Duration shutdown_deadline = limits::shutdown_deadline;
  Duration sweep_interval = limits::deadline_sweep_interval;
  Duration accept_retry_delay = limits::accept_retry_delay;
};

// The references outlive the server; all are used from all I/O threads at once.
struct ServerParts {
  Handler& handler;
  RefusalRenderer& refuse;
  const Clock& clock;
  Random& random;
  ServerLimits limits = {};
  Entry entry = {};  // listen_with() puts here what its options say
};

// Server::listen, with the limits chosen.
Result<std::unique_ptr<Server>> listen_with(const ServerOptions& options, const ServerParts& parts);

}  // namespace hallmark::http
