// The latest time that a node has seen, kept so that a clock that was set back is noticed.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

// Keeps `now` for this node, unless a later time is kept. A small write that shows whether the
// store can be written to.
Result<void> see_time(Transaction& tx, Timestamp now);
// Keeps `now`, even where that is earlier: for an operator who knows that it is right.
Result<void> accept_time(Transaction& tx, Timestamp now);
// The latest that any node has kept; nothing: none has.
Result<std::optional<Timestamp>> find_seen_time(Reader& rows);

}  // namespace hallmark::store
