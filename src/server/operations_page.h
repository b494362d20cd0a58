// The operations listener's pages, without authentication:
//   /livez     the process runs: 200 as long as it answers at all
//   /readyz    200, or 503 with a line for each cause why not: `NAME: REASON` for who asks from
//              this machine, and `NAME` for others, who need not know paths, hosts and faults
//   /metrics   Prometheus text
#pragma once

#include "base/limits.h"
#include "base/work_pool.h"
#include "http/message.h"
#include "server/health.h"
#include "server/metrics_page.h"

namespace hallmark::server {

// What waits for the store does so on threads of its own, one for each page, so that no page waits
// for another, and /livez for nothing. Any thread; the parts outlive it.
class OperationsPages {
 public:
  explicit OperationsPages(MetricsParts parts) : parts_(parts) {}

  void handle(const http::Request& request, http::Reply reply);
  // Later requests are dropped. Once.
  void stop();

 private:
  const MetricsParts parts_;
  WorkPool readiness_{1, limits::operations_connections_max};
  WorkPool metrics_{1, limits::operations_connections_max};
};

}  // namespace hallmark::server
