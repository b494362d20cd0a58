#include "server/named_line.h"

#include <algorithm>

#include <fmt/format.h>

namespace hallmark::server {

std::string named_line(std::string_view text, std::string_view name) {
  const std::string start = fmt::format("{} = ", name);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(start)) return std::string(line.substr(start.size()));
  }
  return {};
}

}  // namespace hallmark::server
