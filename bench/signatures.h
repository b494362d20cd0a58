// Bare P-384 signatures: the yardstick for everything else.
#pragma once

#include "base/result.h"

namespace hallmark::bench {

struct SignatureCost {
  double per_second = 0;        // on one core
  double cpu_microseconds = 0;  // of one signature
};

Result<SignatureCost> measure_nettle_signatures(double seconds);
Result<SignatureCost> measure_openssl_signatures(double seconds);

}  // namespace hallmark::bench
