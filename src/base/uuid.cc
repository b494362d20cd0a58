#include "base/uuid.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace hallmark {

Uuid Uuid::v7(Timestamp time, Random& random) {
  Uuid id;
  random.fill(id.bytes);
  const auto millis = std::uint64_t(unix_millis(time));
  for (unsigned i = 0; i < 6; ++i) id.bytes[i] = std::uint8_t(millis >> (40 - 8 * i));
  id.bytes[6] = std::uint8_t(0x70 | (id.bytes[6] & 0x0f));
  id.bytes[8] = std::uint8_t(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::array<char, 32> hex = {};
  auto* next = hex.begin();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen != (text[i] == '-')) return std::nullopt;
    if (!hyphen) *next++ = text[i];
  }
  const auto bytes = from_hex({hex.data(), hex.size()});
  return bytes ? from(*bytes) : std::nullopt;
}

std::optional<Uuid> Uuid::from(ByteView bytes) {
  Uuid id;
  if (bytes.size() != id.bytes.size()) return std::nullopt;
  std::ranges::copy(bytes, id.bytes.begin());
  return id;
}

std::string Uuid::text() const {
  std::string hex = to_hex(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) hex.insert(at, 1, '-');
  return hex;
}

Timestamp Uuid::time() const {
  std::uint64_t millis = 0;
  for (unsigned i = 0; i < 6; ++i) millis = millis << 8 | bytes[i];
  return from_unix_millis(std::int64_t(millis));
}

}  // namespace hallmark
