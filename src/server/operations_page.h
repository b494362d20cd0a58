// The operations listener: /livez, /readyz and /metrics, without authentication, on loopback.
#pragma once

#include "http/message.h"
#include "store/store.h"

namespace hallmark::server {

// Answers one request. livez: the process runs. readyz: the store answers. metrics: Prometheus
// text.
http::Response answer_operations_request(const http::Request& request, store::Store& store);

}  // namespace hallmark::server
