// Counts of changes, by which nodes that share a store tell whether what they hold in memory is
// still true: one row a topic, raised in the transaction of each change and read before an answer
// from memory. Where there is one process nothing is counted: it knows of its own changes.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

enum class Topic { identities = 0, certificates = 1 };  // the numbers are stored

Result<void> count_change(Transaction& tx, Topic topic);
Result<std::int64_t> find_change_count(Reader& rows, Topic topic);

}  // namespace hallmark::store
