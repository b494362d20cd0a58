// What readiness depends on, one function a cause. Each may wait for what it asks.
#pragma once

#include <optional>
#include <string>

#include "audit/log_copies.h"
#include "base/clock.h"
#include "base/result.h"
#include "keys/keys.h"
#include "store/store.h"

namespace hallmark::server {

// By so much the clock may be wrong (threats: C4), as what callers sign may.
inline constexpr auto clock_fault_max = std::chrono::minutes(5);

// A small write comes through to the disk.
Result<void> check_store(store::Store& store, const Clock& clock);

// What is wrong with the clock: it is before the latest time that was kept in the store, or differs
// from the database's where nodes share one. Nothing: it is right. An error: the store does not
// answer.
Result<std::optional<std::string>> find_clock_fault(store::Store& store, const Clock& clock);

// The clock is right, as above. A store that does not answer is not this check's business.
Result<void> check_clock(store::Store& store, const Clock& clock);

// The back end of the keys answers, and has the key of the intermediate certificate.
Result<void> check_keys(store::Store& store, keys::KeyProvider& keys);

// The copies of the audit log are written, where they are required.
Result<void> check_audit(const audit::LogCopies& copies);

// The clock is right although it is before what was kept: an operator says so.
Result<void> accept_clock(store::Store& store, const Clock& clock);

}  // namespace hallmark::server
