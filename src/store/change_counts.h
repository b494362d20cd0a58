// Counts of changes, by which nodes that share a store tell whether what they hold in memory is
// still true: one row a topic, raised in the transaction of each change and read before an answer
// from memory. Where there is one process nothing is counted: it knows of its own changes.
#pragma once

#include <array>
#include <cstdint>

#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

// The numbers are stored. The last three are the store's own (RowKind of store/driver.h).
enum class Topic {
  identities = 0,
  certificates = 1,
  profile_rows = 2,
  signature_rows = 3,
  ended_job_rows = 4,
};
using ChangeCounts = std::array<std::int64_t, 5>;  // by the numbers of their topics

// Raises the count of topic $1.
inline constexpr char count_change_sql[] =
    "INSERT INTO change_counts (topic, number) VALUES ($1, 1) "
    "ON CONFLICT (topic) DO UPDATE SET number = change_counts.number + 1";

Result<void> count_change(Transaction& tx, Topic topic);
// As of this call, whatever the snapshot.
Result<std::int64_t> find_change_count(Reader& rows, Topic topic);

}  // namespace hallmark::store
