#include <fmt/format.h>

#include "base/file.h"
#include "cli/commands.h"
#include "server/data_directory.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t roots_bytes_max = 1024 * 1024;

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "the data directory"},
};

Result<void> run(const Arguments& arguments) {
  const server::DataDirectory directory{arguments.get("--data-dir")};
  auto pem = read_file(directory.root_certificates(), roots_bytes_max);
  if (!pem) return invalid(fmt::format("{} is not initialised.", directory.path.string()));
  fmt::print("{}", *pem);
  return {};
}

}  // namespace

constinit const Command trust_export_command = {
    "trust export", "print the root certificates, PEM, for verifiers to trust", options, run};

}  // namespace hallmark::cli
