#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/serving.h"
#include "crypto/random.h"
#include "keys/custody.h"
#include "server/key_places.h"
#include "server/store_place.h"

namespace hallmark::cli {
namespace {

constexpr std::string_view development_account = "000000000000";

constexpr Option options[] = {
    {OptionKind::optional, "--data-dir", "where everything is kept (default: ./hallmark-dev)"},
    {OptionKind::optional, "--listen",
     "ADDRESS:PORT, loopback only; port 0 picks a free one (default: 127.0.0.1:9400)"},
    {OptionKind::optional, "--ops-listen",
     "ADDRESS:PORT of /livez, /readyz and /metrics (default: 127.0.0.1:9401; a free port beside a "
     "chosen --listen)"},
    {OptionKind::optional, "--keys",
     "file: or pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH, once (default: file:)"},
    {OptionKind::optional, "--store",
     "postgresql://HOST/DATABASE, an empty database, once (default: in the data directory)"},
    {OptionKind::optional, "--objects",
     "s3:https://HOST?region=REGION, whose buckets --config names (default: file:)"},
    {OptionKind::optional, "--config",
     "a TOML file of further settings; options given here win over it"},
};

// The root key stays, sealed, in the store: a laptop's certificates convince nobody else.
class KeptRootKey final : public server::RootKeyMaker {
 public:
  Result<keys::CreatedKey> make(keys::KeyProvider& keys, const Uuid& id) override {
    return keys.create(keys::Purpose::root_certificate, crypto::KeyKind::p384, id.text());
  }
};

Result<void> write_credentials(const server::DataDirectory& directory,
                               const identity::NewAccessKey& key, const model::Home& home) {
  const std::string text =
      fmt::format("[default]\naws_access_key_id = {}\naws_secret_access_key = {}\nregion = {}\n",
                  key.id, text_of(key.secret.reveal()), home.region);
  return write_file_durably(directory.credentials(), bytes_of(text), 0600);
}

Result<void> create(const server::DataDirectory& directory,
                    const server::Configuration& configuration) {
  TRY(server::check_unused(directory));
  TRY(make_folders(directory.path));
  crypto::SystemRandom random;
  TRY(server::choose_store(directory, configuration.store, random));
  const keys::KeyPlaces places = {configuration.keys, directory.master_key().string()};
  const bool has_master_key = std::filesystem::exists(directory.master_key());
  TRY(auto custody, has_master_key ? keys::Custody::open(places) : keys::Custody::create(places));
  TRY(auto account, model::AccountId::parse(development_account));
  KeptRootKey root_key;
  TRY(auto created, server::Installation::create(directory, std::move(custody),
                                                 {std::move(account), {}}, root_key));
  TRY(write_credentials(directory, created.admin, created.installation->home()));
  if (!places.keys.empty()) TRY(server::write_key_places(directory, {places.keys, {}}));
  return created.installation->finish();
}

Result<std::unique_ptr<server::Installation>> open_or_create(
    const server::DataDirectory& directory, const server::Configuration& configuration) {
  if (!directory.initialised()) TRY(create(directory, configuration));
  if (!std::filesystem::exists(directory.master_key())) {
    return invalid(fmt::format("{} is a production installation; use `hallmark server`.",
                               directory.path.string()));
  }
  TRY(auto custody, open_custody(directory, {configuration.keys, directory.master_key().string()}));
  return server::Installation::open(
      directory, std::move(custody),
      {{configuration.objects, configuration.s3}, configuration.store});
}

Result<void> run(const Arguments& arguments) {
  server::block_stop_signals();
  TRY(harden_process());
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir", "hallmark-dev"))};
  TRY(const auto service_options, read_service_options(arguments));
  const server::Configuration& configuration = service_options.configuration;
  if (!configuration.master_key.empty()) {
    return invalid("`dev` does not take the setting master_key: its own is in the data directory.");
  }
  if (!service_options.listen.is_loopback() || !service_options.operations.is_loopback()) {
    return invalid("`dev` listens on this machine only; `hallmark server` listens elsewhere too.");
  }
  TRY(auto installation, open_or_create(directory, configuration));
  const std::string keys_place = configuration.keys.empty() ? directory.path.string() : "the token";
  return serve(std::move(installation), service_options, server::HangUp::stops,
               [&](const server::Service& service) {
                 fmt::print(
                     "health and metrics on {3}\n"
                     "\n"
                     "For development only: all keys, the root's too, lie in {2}\n"
                     "\n"
                     "  eval \"$(hallmark env --data-dir {0})\"\n"
                     "  aws signer list-signing-platforms\n"
                     "\n"
                     "(An aws command older than 1.29 or 2.13 also takes --endpoint-url {1}.)\n",
                     directory.path.string(), service.endpoint(), keys_place,
                     service.operations_endpoint());
               });
}

}  // namespace

constinit const Command dev_command = {
    "dev", "run with everything embedded, for development; initialises an empty directory", options,
    run};

}  // namespace hallmark::cli
