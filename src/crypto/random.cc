#include "crypto/random.h"

#include <algorithm>

#include <openssl/rand.h>

#include "base/check.h"

namespace hallmark::crypto {

void SystemRandom::fill(MutableByteView bytes) {
  constexpr std::size_t part_max = 1 << 20;  // RAND_bytes counts in int
  while (!bytes.empty()) {
    const MutableByteView part = bytes.first(std::min(bytes.size(), part_max));
    CHECK(RAND_bytes(part.data(), static_cast<int>(part.size())) == 1);
    bytes = bytes.subspan(part.size());
  }
}

}  // namespace hallmark::crypto
