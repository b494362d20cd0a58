// /metrics: all that is measured, as Prometheus reads it. Names and meanings are in
// docs/operations.md ("Metrics"); a test compares the two. No label names an account.
#pragma once

#include <string>
#include <string_view>

#include "api/request_meters.h"
#include "audit/log_copies.h"
#include "audit/reads.h"
#include "base/clock.h"
#include "base/work_pool.h"
#include "events/delivery.h"
#include "http/server.h"
#include "server/health.h"
#include "server/measured_keys.h"
#include "server/measured_objects.h"
#include "server/tls_files.h"
#include "store/store.h"

namespace hallmark::server {

struct MetricsParts {
  std::string_view version;
  Timestamp started_at;
  const Clock& clock;
  Health& health;
  const api::RequestMeters& requests;
  const http::Server& server;
  const WorkPool& pool;
  const WorkPool& token_pool;
  const WorkPool& object_pool;
  store::Store& store;
  const events::Delivery& delivery;
  const KeyMeters& keys;
  const ObjectMeters& objects;
  const audit::LogCopies& audit_copies;
  const audit::Reads& audit_reads;
  const TlsFiles* tls;  // null: there is none
};

// May wait for the store, and for the checks of health. What cannot be had at the moment is left
// out.
std::string render_metrics(const MetricsParts& parts);

}  // namespace hallmark::server
