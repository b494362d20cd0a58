// What the operations page shows of the store's rows: each a bounded look at an index.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "store/keys.h"
#include "store/store.h"

namespace hallmark::store {

inline constexpr std::int64_t counted_rows_max = 100'000;  // of a gauge: more are not counted

struct UnfinishedJobs {
  std::int64_t waiting = 0;  // for a worker; at most counted_rows_max
  std::int64_t claimed = 0;  // worked on, or given back for later; the same
  // Of those counted, where leases that are over come first.
  std::optional<Timestamp> oldest_created_at;
};
// At `now`, by the clock of the leases.
Result<UnfinishedJobs> count_unfinished_jobs(Reader& rows, Timestamp now);

// When the first of the certificates ends that has its key and has not ended at `now`: leaves.
Result<std::optional<Timestamp>> find_next_leaf_end(Reader& rows, Timestamp now);

}  // namespace hallmark::store
