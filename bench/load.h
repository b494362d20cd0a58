// A load generator: keep-alive connections that each send the next request when the last one was
// answered. One thread, epoll; loopback only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace hallmark::bench {

struct LoadOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 0;
  int connections = 32;
  double seconds = 3;
};

struct LoadResult {
  std::uint64_t answered = 0;
  std::uint64_t failed = 0;  // answers other than 200
  double seconds = 0;
  std::vector<std::uint32_t> latencies;  // of each answer, in microseconds, sorted
};

// The whole bytes of the next request.
using NextRequest = std::function<std::string()>;

Result<LoadResult> run_load(const LoadOptions& options, const NextRequest& next);

// One request on a connection of its own; the body of its answer.
Result<std::string> fetch(const std::string& address, unsigned short port,
                          const std::string& request);

}  // namespace hallmark::bench
