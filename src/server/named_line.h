// A line `NAME = VALUE` of the small files in which a data directory remembers places.
#pragma once

#include <string>
#include <string_view>

namespace hallmark::server {

// The value of the first such line of the text; empty when there is none.
std::string named_line(std::string_view text, std::string_view name);

}  // namespace hallmark::server
