// Patterns: text in which wildcards may stand for other text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hallmark::policy {

// One element of a pattern: a byte that stands for itself (0 to 255), or a wildcard. Wildcards lie
// outside the alphabet of bytes, so a '*' in the value of a policy variable can never become one.
enum class Symbol : std::uint16_t { any_one = 256, any_run = 257 };
using Pattern = std::vector<Symbol>;

enum class LetterCase { exact, ignored };  // of ASCII letters; all others are always exact

Pattern pattern_of(std::string_view text);                // '*' and '?' are wildcards
void append_literal(Pattern& to, std::string_view text);  // every byte stands for itself

// Whether the whole text fits the pattern: any_run is any text, any_one one character of UTF-8.
// Takes at most text × pattern steps and no memory.
bool matches(std::span<const Symbol> pattern, std::string_view text, LetterCase letter_case);
// Whether the text is the pattern as it was written: wildcards stand for '*' and '?'.
bool equals(std::span<const Symbol> pattern, std::string_view text, LetterCase letter_case);

// Of condition keys, which compare without case.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace hallmark::policy
