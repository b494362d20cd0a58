// What of a text from outside may reach a terminal or a log as it is.
#pragma once

#include <string_view>

namespace hallmark {

// Whether the text is well-formed UTF-8 (RFC 3629) without characters that a terminal obeys or
// hides instead of showing them: controls (C0, DEL, C1), directions (bidi), line and paragraph
// separators, zero-width and tag characters.
bool is_printable(std::string_view text);

}  // namespace hallmark
