// The audit chain where the store itself looks at it: its head at the start, and all of it.
#pragma once

#include "base/result.h"
#include "store/driver.h"

namespace hallmark::store {

Result<Chain::Head> find_chain_head(Reader& rows, std::int64_t node);

// Walks the whole chain of every node, links every record anew with the hash that is stored beside
// its body, and compares. Corrupt, naming the first record that is wrong. Whether a stored hash is
// the hash of its body is for those to check who have cryptography.
Result<void> check_chain(Reader& rows, const Chain& chain);

}  // namespace hallmark::store
