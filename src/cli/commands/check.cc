#include <cstdint>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/named_file.h"
#include "server/check.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "a data directory that no server is running on"},
};

Result<void> run(const Arguments& arguments) {
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(const std::int64_t last, server::check_installation(directory));
  fmt::print("the store and its audit chain are sound; the last audit record is {}\n", last);
  return {};
}

}  // namespace

constinit const Command check_command = {"check", "check the store and its audit chain, offline",
                                         options, run};

}  // namespace hallmark::cli
