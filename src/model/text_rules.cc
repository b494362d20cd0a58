#include "model/text_rules.h"

#include <cstdint>

namespace hallmark::model {
namespace {

// What may follow a lead byte (RFC 3629 §4): how many bytes, and the range of the first of them,
// which is where overlong forms, surrogates and code points beyond U+10FFFF are told apart.
struct Sequence {
  std::size_t followers;
  std::uint8_t first_min = 0x80;
  std::uint8_t first_max = 0xbf;
};

std::optional<Sequence> find_sequence(std::uint8_t lead) {
  if (lead < 0x80) return Sequence{.followers = 0};
  if (lead < 0xc2) return std::nullopt;
  if (lead < 0xe0) return Sequence{.followers = 1};
  if (lead == 0xe0) return Sequence{.followers = 2, .first_min = 0xa0};
  if (lead == 0xed) return Sequence{.followers = 2, .first_max = 0x9f};
  if (lead < 0xf0) return Sequence{.followers = 2};
  if (lead == 0xf0) return Sequence{.followers = 3, .first_min = 0x90};
  if (lead < 0xf4) return Sequence{.followers = 3};
  if (lead == 0xf4) return Sequence{.followers = 3, .first_max = 0x8f};
  return std::nullopt;
}

bool follows(std::string_view followers, const Sequence& sequence) {
  for (std::size_t i = 0; i < followers.size(); ++i) {
    const auto byte = std::uint8_t(followers[i]);
    const std::uint8_t least = i == 0 ? sequence.first_min : 0x80;
    const std::uint8_t most = i == 0 ? sequence.first_max : 0xbf;
    if (byte < least || byte > most) return false;
  }
  return true;
}

}  // namespace

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto sequence = find_sequence(std::uint8_t(text.front()));
    if (!sequence || text.size() <= sequence->followers) return std::nullopt;
    if (!follows(text.substr(1, sequence->followers), *sequence)) return std::nullopt;
    text.remove_prefix(1 + sequence->followers);
    ++count;
  }
  return count;
}

}  // namespace hallmark::model
