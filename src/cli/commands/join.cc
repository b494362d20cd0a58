#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/serving.h"
#include "keys/custody.h"
#include "server/installation.h"
#include "server/key_places.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "an empty or missing directory of this node's own"},
    {OptionKind::required, "--store",
     "postgresql://HOST/DATABASE?passfile=FILE: the database that `init` was given"},
    {OptionKind::optional, "--master-key",
     "a copy of the master key's file, credential:NAME or a pkcs11: URI (default: the token of "
     "--keys)"},
    {OptionKind::optional, "--keys",
     "pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH (default: file:, sealed in the "
     "store)"},
};

Result<void> run(const Arguments& arguments) {
  TRY(harden_process());
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(server::check_unused(directory));
  keys::KeyPlaces places{arguments.get("--keys"), {}};
  if (arguments.has("--master-key")) {
    TRY(places.master_key, absolute_place(arguments.get("--master-key")));
  }
  TRY(auto custody, open_places(places));
  TRY(const auto installation,
      server::Installation::join(directory, std::move(custody), arguments.get("--store")));
  TRY(server::write_key_places(directory, places));
  fmt::print("{} is a node of account {} in {}\n", directory.path.string(),
             installation->account().view(), installation->home().region);
  return {};
}

}  // namespace

constinit const Command join_command = {
    "join", "make a data directory that of a further node on a shared database", options, run};

}  // namespace hallmark::cli
