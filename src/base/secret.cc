#include "base/secret.h"

#include <cstring>

namespace hallmark {

void wipe(MutableByteView bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
  }
  return *this;
}

bool operator==(const Secret& a, const Secret& b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= unsigned(a.bytes_[i] ^ b.bytes_[i]);
  asm volatile("" : "+r"(difference));  // the compiler may not leave the loop early
  return difference == 0;
}

}  // namespace hallmark
