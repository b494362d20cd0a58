// Random: where unpredictable bytes come from. Passed in, so that tests can repeat a run.
#pragma once

#include "base/bytes.h"

namespace hallmark {

// Safe to call from any thread. Never returns stale or short bytes: an implementation that cannot
// get fresh ones aborts the process, because everything signed after that would be worthless.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(MutableByteView bytes) = 0;
};

}  // namespace hallmark
