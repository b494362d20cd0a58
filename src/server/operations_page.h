// The operations listener: /livez, /readyz and /metrics, without authentication, on loopback.
#pragma once

#include "http/message.h"
#include "keys/keys.h"
#include "store/store.h"

namespace hallmark::server {

// What readiness depends on.
struct OperationsParts {
  store::Store& store;
  keys::KeyProvider& keys;
};

// Answers one request. livez: the process runs. readyz: the store and the keys' back end answer.
// metrics: Prometheus text.
http::Response answer_operations_request(const http::Request& request,
                                         const OperationsParts& parts);

}  // namespace hallmark::server
