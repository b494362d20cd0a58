#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/serving.h"
#include "server/key_places.h"
#include "server/master_rotation.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "a data directory that no server is running on"},
    {OptionKind::required, "--new-master-key",
     "where the new master key goes: a file, a pkcs11: URI, or credential:NAME, which must be "
     "there; or where it is, to go on with a rotation"},
    {OptionKind::optional, "--master-key",
     "where the old one is (default: as `init` or `dev` was told)"},
};

Result<void> run(const Arguments& arguments) {
  TRY(harden_process());
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  if (std::filesystem::exists(directory.master_key())) {
    return invalid(
        fmt::format("The master key of `hallmark dev` stays at {}: it is replaced in installations "
                    "of `hallmark init` only.",
                    directory.master_key().string()));
  }
  TRY(const std::string new_place, absolute_place(arguments.get("--new-master-key")));
  TRY(begin_rotation(directory, {arguments.get("--master-key"), new_place, Meanwhile::stopped}));
  TRY(auto custody, open_custody(directory, {{}, new_place}));
  TRY(auto installation, server::Installation::open(directory, std::move(custody)));
  TRY(const auto sealed, server::complete_rotation(*installation));
  TRY(remember_master_key(directory, new_place));
  if (!sealed) {
    fmt::print("nothing to do: {} is the master key that is in use\n", new_place);
    return {};
  }
  fmt::print(
      "the master key is replaced ({} rows sealed anew)\n"
      "  the new one  {} (back it up apart from the data; {} names it)\n"
      "  the old one  opens this installation no more: keep it as long as the backups of its "
      "time\n",
      *sealed, new_place, directory.key_places().string());
  return {};
}

}  // namespace

constinit const Command key_rotate_master_command = {
    "key rotate-master", "replace the master key, offline (server --old-master-key: online)",
    options, run};

}  // namespace hallmark::cli
