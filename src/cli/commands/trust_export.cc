#include "cli/commands.h"
#include "cli/named_file.h"
#include "cli/output_file.h"
#include "server/data_directory.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t roots_bytes_max = 1024 * 1024;

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "the data directory"},
    optional_output_option,
    force_option,
};

Result<void> run(const Arguments& arguments) {
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(server::require_initialised(directory));
  TRY(const auto pem, read_file({directory.root_certificates().string()}, roots_bytes_max));
  return write_or_print(arguments, pem, public_file);
}

}  // namespace

constinit const Command trust_export_command = {
    "trust export", "print the root certificates, PEM, for verifiers to trust", options, run};

}  // namespace hallmark::cli
