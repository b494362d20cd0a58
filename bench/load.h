// A load generator: one thread, epoll, keep-alive connections to a server on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"
#include "bench/request.h"

namespace hallmark::bench {

struct LoadOptions {
  unsigned short port = 0;
  int connections = 64;
  double warm_up_seconds = 0;  // not counted
  double seconds = 3;
  // 0: each connection sends the next request when the last one was answered. Else so many requests
  // a second come as those of independent clients do (Poisson), whether or not earlier ones are
  // answered, and a latency counts from when its request should have been sent.
  double rate = 0;
  pid_t server = 0;  // whose CPU is told
};

struct LoadResult {
  std::uint64_t answered = 0;
  std::uint64_t failed =
      0;  // answers other than 200, warm-up included, and requests never answered
  std::string first_failure;
  double seconds = 0;
  double server_cpu_seconds = 0;
  double client_cpu_seconds = 0;
  std::vector<double> latencies;  // of each answer, in microseconds, sorted
};

Result<LoadResult> run_load(const LoadOptions& options, RequestMaker& requests);

}  // namespace hallmark::bench
