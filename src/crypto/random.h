// The machine's randomness.
#pragma once

#include "base/random.h"

namespace hallmark::crypto {

// RAND_bytes of OpenSSL, seeded by the kernel. Aborts when there is none: see base/random.h.
class SystemRandom final : public Random {
 public:
  void fill(MutableByteView bytes) override;
};

}  // namespace hallmark::crypto
