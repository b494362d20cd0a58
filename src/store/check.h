// The store's own invariants, beyond what the engine checks.
#pragma once

#include "base/result.h"
#include "store/driver.h"

namespace hallmark::store {

// Structure, audit chain, and jobs against their work. Corrupt, naming the first fault.
Result<void> check_rows(Reader& rows, const Chain& chain);

}  // namespace hallmark::store
