// Any bytes at all, read as a configuration file. What is accepted reads back from its own text.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "server/configuration.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hallmark::server::Configuration;
  constexpr std::array<std::string_view, 1> operations = {"SignPayload"};
  const hallmark::server::ConfigurationSource source = {"/hallmark.toml", operations};
  const auto read =
      Configuration::parse(std::string_view(reinterpret_cast<const char*>(data), size), source);
  if (!read) return 0;
  const auto again = Configuration::parse(read->settings(), source);
  CHECK(again && *again == *read);
  return 0;
}
