#include "base/printable.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

namespace hallmark {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range obeyed_or_hidden[] = {
    {0x0000, 0x001F},    // C0
    {0x007F, 0x009F},    // DEL and C1
    {0x00AD, 0x00AD},    // soft hyphen
    {0x061C, 0x061C},    // Arabic letter mark
    {0x200B, 0x200F},    // zero width, left-to-right and right-to-left marks
    {0x2028, 0x202E},    // line and paragraph separators, embeddings and overrides
    {0x2060, 0x206F},    // invisible operators, isolates, deprecated format characters
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotation
    {0xE0000, 0xE007F},  // tags
};

// Cuts one code point off the text, which is not empty. Nothing when it is not well-formed: cut
// short, longer than needed, a surrogate or beyond U+10FFFF.
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto lead = std::uint8_t(text.front());
  text.remove_prefix(1);
  if (lead < 0x80) return lead;
  const auto followers = std::size_t(std::countl_one(lead) - 1);
  if (followers < 1 || followers > 3 || text.size() < followers) return std::nullopt;
  char32_t code_point = lead & (0x3FU >> followers);
  for (const char c : text.substr(0, followers)) {
    if ((std::uint8_t(c) & 0xC0U) != 0x80) return std::nullopt;
    code_point = (code_point << 6) | (std::uint8_t(c) & 0x3FU);
  }
  text.remove_prefix(followers);
  constexpr char32_t least[] = {0x80, 0x800, 0x10000};
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < least[followers - 1] || is_surrogate || code_point > 0x10FFFF) {
    return std::nullopt;
  }
  return code_point;
}

}  // namespace

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const auto code_point = take_code_point(text);
    if (!code_point) return false;
    const auto holds = [&](const Range& r) {
      return r.first <= *code_point && *code_point <= r.last;
    };
    if (std::ranges::any_of(obeyed_or_hidden, holds)) return false;
  }
  return true;
}

}  // namespace hallmark
