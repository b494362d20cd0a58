// What a durable signature costs at the least: a P-384 signature, 4 KiB written and fdatasync, one
// after the other on one thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace hallmark::bench {

// The time of each, in microseconds, sorted. In a file of `folder`, which has no name and stays
// allocated as a store's log does.
Result<std::vector<double>> measure_durable_signatures(const std::string& folder, double seconds);

}  // namespace hallmark::bench
