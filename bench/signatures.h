// Bare P-384 signatures: the yardstick for everything else.
#pragma once

#include "base/result.h"

namespace hallmark::bench {

struct SignatureCost {
  double per_second = 0;            // on one core
  double cpu_microseconds = 0;      // of one signature
  double longest_microseconds = 0;  // that one took: how long the machine did something else
};

// Each of so many threads signs for about so long with a key of its own; the mean of them.
struct SigningTime {
  int threads = 1;
  double seconds = 1;
};

Result<SignatureCost> measure_nettle_signatures(SigningTime time);
Result<SignatureCost> measure_openssl_signatures(SigningTime time);

}  // namespace hallmark::bench
