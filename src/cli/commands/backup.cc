#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/output_file.h"
#include "cli/serving.h"
#include "cli/version.h"
#include "crypto/random.h"
#include "server/backup.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "the data directory, of a running server or not"},
    {OptionKind::required, output_name, "the file to write; a backup is never replaced"},
    {OptionKind::flag, "--with-objects", "the embedded buckets too"},
    {OptionKind::optional, "--master-key",
     "where the master key is (default: as `init` or `dev` was told)"},
};

Result<void> run(const Arguments& arguments) {
  TRY(harden_process());
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(const auto file, OutputFile::of("--output", arguments.get(output_name)));
  const std::string output = file.path().string();
  TRY(const auto custody, open_custody(directory, {{}, arguments.get("--master-key")}));
  crypto::SystemRandom random;
  using server::BackedUpObjects;
  TRY(const auto facts,
      server::back_up({.directory = directory,
                       .output = output,
                       .version = std::string(version),
                       .objects = arguments.has("--with-objects") ? BackedUpObjects::included
                                                                  : BackedUpObjects::left_out},
                      custody.master_key(), random));
  fmt::print("backup of {} in {}; it opens with the master key {}\n", to_rfc3339(facts.time),
             output, custody.master_key().fingerprint());
  return {};
}

}  // namespace

constinit const Command backup_command = {
    "backup", "back up the store in one encrypted file, while a server runs or not", options, run};

}  // namespace hallmark::cli
