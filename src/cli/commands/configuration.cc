#include <fmt/format.h>

#include "cli/commands.h"
#include "server/example_configuration.h"

namespace hallmark::cli {
namespace {

Result<void> run(const Arguments&) {
  fmt::print("{}", server::example_configuration());
  return {};
}

}  // namespace

constinit const Command configuration_command = {
    "configuration", "print a configuration file that shows every setting and sets none", {}, run};

}  // namespace hallmark::cli
