// How far a store has come, for those who keep that outside of it, so that a store that was put
// back to an earlier state is noticed.
#pragma once

#include <optional>

#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

// That of a node's chain.
Result<Head> find_head(Reader& rows, std::int64_t node);

// What became of a head that was seen once. Records that are older than the oldest which is kept
// count as kept while the chain goes on behind them.
enum class HeadFate {
  kept,      // it is there, and perhaps more after it
  lost,      // the chain ends before it
  replaced,  // another record is in its place
};
Result<HeadFate> find_fate(Reader& rows, const Head& head);

// The unit must not be lost unnoticed: its head goes to the witness before anybody is told.
void show_to_witness(Transaction& tx);

}  // namespace hallmark::store
