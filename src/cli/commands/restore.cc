#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/serving.h"
#include "server/restore.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::positional, "FILE", "the backup"},
    {OptionKind::optional, "--data-dir", "the data directory to make: missing or empty"},
    {OptionKind::flag, "--check", "only check every byte of the backup"},
    {OptionKind::optional, "--master-key",
     "where the master key is that was in use when the backup was made"},
    {OptionKind::optional, "--keys",
     "pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH, where keys are in a token (default: "
     "as the backup says)"},
};

Result<keys::KeyPlaces> read_places(const Arguments& arguments) {
  keys::KeyPlaces places{arguments.get("--keys"), {}};
  if (arguments.has("--master-key")) {
    TRY(places.master_key, absolute_place(arguments.get("--master-key")));
  }
  if (!places.master_key.empty() || !places.keys.empty()) return places;
  return wrong_usage("Name the master key with --master-key, or its token with --keys.");
}

Result<void> run(const Arguments& arguments) {
  TRY(harden_process());
  TRY(const auto places, read_places(arguments));
  if (arguments.has("--check") == arguments.has("--data-dir")) {
    return wrong_usage("Either --data-dir or --check must be given.");
  }
  const std::string name = arguments.get("FILE");
  TRY(const auto file, open_file({name}));
  TRY(const auto custody, open_places(places));
  if (arguments.has("--check")) {
    TRY(const auto facts, server::check_backup(*file, custody.master_key()));
    fmt::print("{} is whole: account {}, {}\n", name, facts.account, to_rfc3339(facts.time));
    return {};
  }
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(const auto facts, server::restore(*file, directory, places, custody.master_key()));
  fmt::print(
      "restored to {} as of {}\nWhat was revoked after that is good again: nothing is signed until "
      "`hallmark accept-restore`.\n",
      directory.path.string(), to_rfc3339(facts.time));
  return {};
}

}  // namespace

constinit const Command restore_command = {
    "restore", "make a data directory from a backup, or check one", options, run};

}  // namespace hallmark::cli
