#include "server/metrics_page.h"

#include <algorithm>

#include "base/log.h"
#include "pki/authority.h"
#include "server/metrics_text.h"
#include "server/process_meters.h"
#include "store/gauges.h"
#include "store/jobs.h"
#include "store/keys.h"

namespace hallmark::server {
namespace {

// One word, as labels are.
std::string label_of(ErrorKind kind) {
  std::string label(name_of(kind));
  std::ranges::replace(label, ' ', '_');
  return label;
}

double seconds_of(Timestamp::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

void add_requests(MetricsText& text, const api::RequestMeters& meters) {
  text.family({"hallmark_requests_total", "counter",
               "Requests that were let in, by what became of them: ok, or the kind of error."});
  for (const auto& [operation, of] : meters.operations()) {
    text.sample({{"service", of.service}, {"operation", of.operation}, {"outcome", "ok"}},
                double(of.answered.value()));
    for (std::size_t kind = 0; kind < of.failed.size(); ++kind) {
      if (of.failed[kind].value() == 0) continue;
      text.sample({{"service", of.service},
                   {"operation", of.operation},
                   {"outcome", label_of(ErrorKind(kind))}},
                  double(of.failed[kind].value()));
    }
  }
  text.family(
      {"hallmark_request_duration_seconds", "histogram", "From the whole request to its answer."});
  for (const auto& [operation, of] : meters.operations()) {
    text.durations({{"service", of.service}, {"operation", of.operation}}, of.durations);
  }
  text.family({"hallmark_refused_requests_total", "counter",
               "Requests that were refused at the front door, by the kind of error."});
  for (std::size_t kind = 0; kind < meters.refused.size(); ++kind) {
    text.sample({{"reason", label_of(ErrorKind(kind))}}, double(meters.refused[kind].value()));
  }
  text.family({"hallmark_shed_requests_total", "counter",
               "Requests that were refused for want of room (503), by what was full."});
  for (const api::Shed why : api::all_sheds) {
    text.sample({{"reason", name_of(why)}}, double(meters.shed[std::size_t(why)].value()));
  }
}

void add_queues(MetricsText& text, const MetricsParts& parts) {
  const http::ServerCounts counts = parts.server.counts();
  text.single({"hallmark_open_connections", "gauge", "Connections of clients at the moment."},
              double(counts.open));
  text.single({"hallmark_accepted_connections_total", "counter", "Connections that were taken."},
              double(counts.accepted));
  text.single({"hallmark_refused_connections_total", "counter",
               "Connections that were closed at once, for want of a place."},
              double(counts.refused));
  text.family({"hallmark_waiting_tasks", "gauge", "Requests that wait for a thread, by pool."});
  text.sample({{"pool", "requests"}}, double(parts.pool.waiting()));
  text.sample({{"pool", "tokens"}}, double(parts.token_pool.waiting()));
  text.sample({{"pool", "objects"}}, double(parts.object_pool.waiting()));
}

void add_keys_and_objects(MetricsText& text, const MetricsParts& parts) {
  text.family({"hallmark_key_signature_duration_seconds", "histogram",
               "Signatures of private keys, in this process or in a token."});
  text.durations({}, parts.keys.signatures);
  text.single({"hallmark_key_errors_total", "counter",
               "Calls of the keys' back end (an HSM) that failed: it is away, or at fault."},
              double(parts.keys.errors.value()));
  text.family({"hallmark_object_store_duration_seconds", "histogram",
               "Calls of the object store, by call."});
  for (const ObjectCall call : all_object_calls) {
    text.durations({{"call", name_of(call)}}, parts.objects.calls[std::size_t(call)].durations);
  }
  text.family({"hallmark_object_store_errors_total", "counter",
               "Calls of the object store that failed: it is away, refuses us, or is at fault."});
  for (const ObjectCall call : all_object_calls) {
    text.sample({{"call", name_of(call)}},
                double(parts.objects.calls[std::size_t(call)].errors.value()));
  }
}

std::string_view name_of(store::EventTarget target) {
  return target == store::EventTarget::webhook ? "webhook" : "stdout";
}

// Targets that are not configured have no samples.
void add_events(MetricsText& text, const MetricsParts& parts) {
  const auto add = [&](const Family& family, Counter events::Meters::*counter) {
    text.family(family);
    for (const auto& deliverer : parts.delivery.deliverers()) {
      text.sample({{"target", name_of(deliverer->kind())}},
                  double((deliverer->meters().*counter).value()));
    }
  };
  add({"hallmark_events_delivered_total", "counter", "Events that have arrived."},
      &events::Meters::delivered);
  add({"hallmark_event_attempts_failed_total", "counter", "Attempts to deliver that failed."},
      &events::Meters::failed);
  add({"hallmark_events_dropped_total", "counter",
       "Events that were given up, or had no room in the outbox."},
      &events::Meters::dropped);
}

void add_process(MetricsText& text, const MetricsParts& parts) {
  text.family({"hallmark_build_info", "gauge", "1; the version is in the label."});
  text.sample({{"version", parts.version}}, 1);
  text.single({"process_start_time_seconds", "gauge", "When the service started, since 1970."},
              seconds_of(parts.started_at.time_since_epoch()));
  const auto meters = read_process_meters();
  if (!meters) return log::warning("no process metrics", {{"error", describe(meters.error())}});
  text.single({"process_cpu_seconds_total", "counter", "CPU time of user and system."},
              meters->cpu_seconds);
  text.single({"process_resident_memory_bytes", "gauge", "Memory that is in RAM."},
              double(meters->resident_bytes));
  text.single({"process_virtual_memory_bytes", "gauge", "Address space."},
              double(meters->virtual_bytes));
  text.single({"process_open_fds", "gauge", "Open file descriptors."},
              double(meters->open_descriptors));
  text.single({"process_max_fds", "gauge", "How many may be open."},
              double(meters->descriptors_max));
}

void add_audit(MetricsText& text, const MetricsParts& parts) {
  text.single({"hallmark_audit_reads_not_recorded_total", "counter",
               "Requests that only looked and left no record, but for their count."},
              double(parts.audit_reads.not_recorded()));
  text.family({"hallmark_audit_sink_lag_records", "gauge",
               "Records that a copy of the audit log lacks, by sink."});
  for (const auto& copy : parts.audit_copies.all()) {
    text.sample({{"sink", copy->name()}}, double(copy->lag()));
  }
  text.family({"hallmark_audit_sink_failures_total", "counter",
               "Attempts to write a copy of the audit log that failed, by sink."});
  for (const auto& copy : parts.audit_copies.all()) {
    text.sample({{"sink", copy->name()}}, double(copy->failures()));
  }
}

struct Rows {
  Timestamp lease_time;
  store::UnfinishedJobs jobs;
  std::optional<Timestamp> leaf_end;
  std::optional<Timestamp> intermediate_end;
};

Result<Rows> read_rows(store::Reader& reader, const Clock& clock) {
  Rows rows;
  TRY(rows.lease_time, store::lease_time(reader, clock));
  TRY(rows.jobs, store::count_unfinished_jobs(reader, rows.lease_time));
  TRY(rows.leaf_end, store::find_next_leaf_end(reader, clock.now()));
  TRY(rows.intermediate_end, pki::issues_until(reader, clock.now()));
  return rows;
}

void add_rows(MetricsText& text, const Rows& rows, const MetricsParts& parts) {
  const Timestamp now = parts.clock.now();
  text.family({"hallmark_unfinished_jobs", "gauge",
               "Signing jobs in progress: waiting for a worker, or claimed by one (or put off)."});
  text.sample({{"state", "waiting"}}, double(rows.jobs.waiting));
  text.sample({{"state", "claimed"}}, double(rows.jobs.claimed));
  const auto oldest = rows.jobs.oldest_created_at;
  text.single({"hallmark_oldest_unfinished_job_age_seconds", "gauge",
               "How long ago the oldest job in progress was accepted; 0: there is none."},
              oldest ? std::max(0.0, seconds_of(now - *oldest)) : 0);
  text.family(
      {"hallmark_certificate_expiry_seconds", "gauge",
       "Until the first certificate of a kind ends that signs (0: none can), or that TLS is "
       "served with."});
  const Timestamp intermediate_end = rows.intermediate_end.value_or(now);
  text.sample({{"kind", "intermediate"}}, seconds_of(intermediate_end - now));
  if (rows.leaf_end) text.sample({{"kind", "leaf"}}, seconds_of(*rows.leaf_end - now));
  if (parts.tls != nullptr) {
    text.sample({{"kind", "tls"}}, seconds_of(parts.tls->not_after() - now));
  }
}

void add_outbox(MetricsText& text, const MetricsParts& parts) {
  text.family({"hallmark_oldest_event_age_seconds", "gauge",
               "How long ago the oldest event that waits happened; 0: none waits."});
  for (const auto& deliverer : parts.delivery.deliverers()) {
    const auto size = parts.store.read(
        [&](store::Reader& reader) { return store::measure_outbox(reader, deliverer->kind(), 1); });
    if (!size) continue;
    const auto age =
        size->oldest_at ? parts.clock.now() - *size->oldest_at : Timestamp::duration::zero();
    text.sample({{"target", name_of(deliverer->kind())}}, seconds_of(age));
  }
}

void add_store(MetricsText& text, const MetricsParts& parts) {
  const store::Counters counters = parts.store.counters();
  text.single({"hallmark_store_units_total", "counter", "Units of work committed."},
              double(counters.units));
  text.single({"hallmark_store_groups_total", "counter", "Commits, each of a group of units."},
              double(counters.groups));
  text.single({"hallmark_store_waiting_units", "gauge", "Units of work that wait to be written."},
              double(counters.waiting));
  const auto rows =
      parts.store.read([&parts](store::Reader& reader) { return read_rows(reader, parts.clock); });
  text.single({"hallmark_store_readable", "gauge", "Whether the store answered just now."},
              rows ? 1 : 0);
  if (!rows) return;
  add_rows(text, *rows, parts);
  add_outbox(text, parts);
}

}  // namespace

std::string render_metrics(const MetricsParts& parts) {
  MetricsText text;
  text.single({"hallmark_ready", "gauge", "Whether /readyz says so."},
              parts.health.causes().empty() ? 1 : 0);
  add_requests(text, parts.requests);
  add_queues(text, parts);
  add_keys_and_objects(text, parts);
  add_events(text, parts);
  add_audit(text, parts);
  add_process(text, parts);
  add_store(text, parts);
  return text.take();
}

}  // namespace hallmark::server
