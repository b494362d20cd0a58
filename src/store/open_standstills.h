// The standstills that nobody has accepted (store/standstill.h).
#pragma once

#include <vector>

#include "base/result.h"
#include "store/standstill.h"
#include "store/store.h"

namespace hallmark::store {

// As many as an operator could look at.
inline constexpr int standstills_listed_max = 100;

// The oldest first.
Result<std::vector<Standstill>> list_open_standstills(Reader& rows);

}  // namespace hallmark::store
