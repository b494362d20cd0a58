// Bare P-384 signatures: the yardstick for everything else.
#pragma once

#include "base/result.h"

namespace hallmark::bench {

struct SignatureCost {
  double per_second = 0;            // of CPU, on one core
  double cpu_microseconds = 0;      // of one signature
  double longest_microseconds = 0;  // of the clock: beyond the others' it was somebody else's
};

// Each of so many threads signs for so long with a key of its own; the mean of them, and the
// longest of all.
struct SigningTime {
  int threads = 1;
  double seconds = 1;
};

Result<SignatureCost> measure_nettle_signatures(SigningTime time);
Result<SignatureCost> measure_openssl_signatures(SigningTime time);

}  // namespace hallmark::bench
