#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/serving.h"
#include "keys/custody.h"
#include "keys/pkcs11_uri.h"
#include "keys/secret_file.h"
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

// A file by its whole path.
std::string remembered(const std::string& master_key) {
  const bool is_file = !master_key.starts_with(keys::pkcs11_scheme) &&
                       !master_key.starts_with(keys::credential_scheme);
  return is_file ? std::filesystem::absolute(master_key).string() : master_key;
}

Result<void> run(const Arguments& arguments) {
  TRY(harden_process());
  const server::DataDirectory directory{std::filesystem::absolute(arguments.get("--data-dir"))};
  TRY(server::check_unused(directory));
  keys::KeyPlaces places{arguments.get("--keys"), {}};
  if (arguments.has("--master-key")) places.master_key = remembered(arguments.get("--master-key"));
  TRY(auto custody, keys::Custody::open(places));
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
