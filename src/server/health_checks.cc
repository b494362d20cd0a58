#include "server/health_checks.h"

#include <fmt/format.h>

#include "store/jobs.h"
#include "store/keys.h"
#include "store/seen_time.h"

namespace hallmark::server {
namespace {

struct Times {
  std::optional<Timestamp> seen;
  Timestamp shared;
};

}  // namespace

Result<void> check_store(store::Store& store, const Clock& clock) {
  return store.write([&clock](store::Transaction& tx) { return store::see_time(tx, clock.now()); });
}

Result<std::optional<std::string>> find_clock_fault(store::Store& store, const Clock& clock) {
  TRY(const auto times, store.read([&](store::Reader& reader) -> Result<Times> {
    TRY(const auto seen, store::find_seen_time(reader));
    TRY(const Timestamp shared, store::lease_time(reader, clock));
    return Times{seen, shared};
  }));
  const Timestamp now = clock.now();
  if (times.seen && now < *times.seen - clock_fault_max) {
    return std::optional(fmt::format("the clock says {}, and was at {} before", to_rfc3339(now),
                                     to_rfc3339(*times.seen)));
  }
  const auto apart = std::chrono::abs(times.shared - now);
  if (apart > clock_fault_max) {
    return std::optional(fmt::format("the clock says {}, and the database's {}", to_rfc3339(now),
                                     to_rfc3339(times.shared)));
  }
  return std::optional<std::string>();
}

Result<void> check_clock(store::Store& store, const Clock& clock) {
  const auto fault = find_clock_fault(store, clock);
  if (!fault || !*fault) return {};
  return unavailable(**fault);
}

// A token may not notice that it is gone until a key is looked for.
Result<void> check_keys(store::Store& store, keys::KeyProvider& keys) {
  TRY(keys.check());
  const auto row = store.read([](store::Reader& reader) {
    return store::find_newest_certificate(reader, store::CertificateRole::intermediate);
  });
  if (!row || !*row) return {};
  TRY(keys.open((*row)->sealed_key, keys::Purpose::intermediate_certificate, (*row)->id.text()));
  return {};
}

Result<void> check_audit(const audit::LogCopies& copies) {
  const auto closing = copies.closing();
  if (closing.empty()) return {};
  return unavailable(
      fmt::format("the audit log's required copy cannot be written: {}", fmt::join(closing, ", ")));
}

Result<void> accept_clock(store::Store& store, const Clock& clock) {
  return store.write(
      [&clock](store::Transaction& tx) { return store::accept_time(tx, clock.now()); });
}

}  // namespace hallmark::server
