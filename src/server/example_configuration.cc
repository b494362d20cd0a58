#include "server/example_configuration.h"

#include <string_view>

#include "server/configuration.h"

namespace hallmark::server {

std::string example_configuration() {
  const std::string all = Configuration().settings();
  std::string out;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at) + 1;
    const std::string_view line = std::string_view(all).substr(at, end - at);
    const bool is_setting = line.find_first_of("#\n") != 0;
    if (is_setting) out += "# ";
    out += line;
    at = end;
  }
  return out;
}

}  // namespace hallmark::server
