// Uuid: 16 bytes (RFC 9562). Ours are version 7, whose order as bytes is the order of creation, so
// they are primary keys that append instead of scatter.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"

namespace hallmark {

struct Uuid {
  std::array<std::uint8_t, 16> bytes = {};

  auto operator<=>(const Uuid&) const = default;

  // Version 7: the milliseconds of `time`, then 74 random bits.
  static Uuid v7(Timestamp time, Random& random);
  // "0192f0c1-…", 36 characters; nothing else is accepted, in either case of letters.
  static std::optional<Uuid> parse(std::string_view text);
  static std::optional<Uuid> from(ByteView bytes);  // exactly 16 bytes

  std::string text() const;  // lower case, with hyphens
  Timestamp time() const;    // of a version 7
};

}  // namespace hallmark
