#include "bench/options.h"

#include <cstdlib>

#include <fmt/format.h>

namespace hallmark::bench {

Result<Options> Options::parse(const std::vector<std::string>& words) {
  Options options;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) return invalid(fmt::format("not name=value: {}", word));
    options.values_[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return options;
}

std::string Options::text(std::string_view name, std::string_view otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second;
}

double Options::number(std::string_view name, double otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : std::strtod(found->second.c_str(), nullptr);
}

}  // namespace hallmark::bench
