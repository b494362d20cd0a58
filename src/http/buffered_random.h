// Random bytes drawn many at a time: each draw costs a system call. Private to http.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/random.h"

namespace hallmark::http {

// For names, never for secrets: what comes next lies in memory. Of one thread, unlike others.
class BufferedRandom final : public Random {
 public:
  explicit BufferedRandom(Random& source) : source_(source) {}  // which outlives it

  void fill(MutableByteView bytes) override {
    while (!bytes.empty()) {
      if (left_ == 0) {
        source_.fill(buffer_);
        left_ = buffer_.size();
      }
      const std::size_t count = std::min(bytes.size(), left_);
      std::copy_n(buffer_.end() - std::ptrdiff_t(left_), count, bytes.begin());
      left_ -= count;
      bytes = bytes.subspan(count);
    }
  }

 private:
  Random& source_;
  std::array<std::uint8_t, 1024> buffer_ = {};  // 64 request ids
  std::size_t left_ = 0;                        // at its end: not yet given away
};

}  // namespace hallmark::http
