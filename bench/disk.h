// What a durable signature costs at the least: a P-384 signature, 4 KiB written and fdatasync, one
// after the other on one thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace hallmark::bench {

struct DurableOptions {
  std::string folder;  // of the file that is written: it has no name, and stays allocated as a
                       // store's log does
  double seconds = 1;
  double rate = 0;  // asked for in a second, at random times; 0: each when the one before is done
};

// The time of each, in microseconds, sorted: with a rate, from when it was asked for.
Result<std::vector<double>> measure_durable_signatures(const DurableOptions& options);

}  // namespace hallmark::bench
