// Bytes and text, which do not convert into each other by accident.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hallmark {

using Bytes = std::vector<std::uint8_t>;         // owned bytes
using ByteView = std::span<const std::uint8_t>;  // borrowed bytes, never outlives its owner
using MutableByteView = std::span<std::uint8_t>;

// The bytes of a text, borrowed.
inline ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Bytes seen as text, borrowed. The caller knows that they are text, or does not care.
inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace hallmark
