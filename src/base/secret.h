// Secret: bytes that are wiped when they go, and that nothing can print or compare by accident.
#pragma once

#include <cstddef>

#include "base/bytes.h"

namespace hallmark {

// Overwrites memory in a way that the compiler may not remove.
void wipe(MutableByteView bytes);

// Moves, never copies by accident: `copy()` says so aloud. Fixed size after construction, so that
// no reallocation leaves a copy behind. Not safe for concurrent writes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size) : bytes_(size) {}  // zeroes, to be filled through `fill()`
  explicit Secret(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
  ~Secret() { wipe(bytes_); }

  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  Secret copy() const { return Secret(ByteView(bytes_)); }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

  // The bytes themselves. Grep for `reveal` to see everyone who looks.
  ByteView reveal() const { return bytes_; }
  MutableByteView fill() { return bytes_; }

  // In constant time for equal lengths.
  friend bool operator==(const Secret& a, const Secret& b);

 private:
  Bytes bytes_;
};

}  // namespace hallmark
