#include "base/log.h"
#include "cli/commands.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/serving.h"
#include "server/check.h"
#include "server/master_rotation.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "the initialised data directory"},
    {OptionKind::optional, "--master-key",
     "the master key's file, credential:NAME or a pkcs11: URI (default: as `init` was told)"},
    {OptionKind::optional, "--old-master-key",
     "replace this master key by that of --master-key, which is made, while serving"},
    {OptionKind::optional, "--keys",
     "file: or pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH (default: as `init` was "
     "told)"},
    {OptionKind::optional, "--listen",
     "ADDRESS:PORT; port 0 picks a free one; other than loopback with TLS only (default: "
     "127.0.0.1:9400)"},
    {OptionKind::optional, "--ops-listen",
     "ADDRESS:PORT of /livez, /readyz and /metrics (default: 127.0.0.1:9401; a free port beside a "
     "chosen --listen)"},
    {OptionKind::flag, "--insecure-plain-http-on-network",
     "listen without TLS where others can read and change everything on its way"},
    {OptionKind::optional, "--objects",
     "s3:https://HOST?region=REGION: sources and signed objects are in its buckets (default: "
     "file:)"},
    {OptionKind::optional, "--store",
     "postgresql://HOST/DATABASE, when the database has moved (default: as `init` was told)"},
    {OptionKind::flag, "--accept-clock",
     "the clock is right although it is behind what it was (`/readyz`: clock)"},
    {OptionKind::optional, "--config",
     "a TOML file of further settings; options given here win over it"},
};

Result<void> run(const Arguments& arguments) {
  server::block_stop_signals();
  TRY(harden_process());
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(auto service_options, read_service_options(arguments));
  service_options.accept_clock = arguments.has("--accept-clock");
  const server::Configuration& configuration = service_options.configuration;
  if (arguments.has("--old-master-key")) {
    if (configuration.master_key.empty()) {
      return wrong_usage("--old-master-key needs --master-key: where the new one is, or goes.");
    }
    TRY(begin_rotation(directory, {arguments.get("--old-master-key"), configuration.master_key,
                                   Meanwhile::serving}));
  }
  TRY(auto custody, open_custody(directory, {configuration.keys, configuration.master_key}));
  TRY(auto installation, server::Installation::open(directory, std::move(custody),
                                                    {{configuration.objects, configuration.s3},
                                                     configuration.store,
                                                     configuration.head_file}));
  TRY(server::refuse_kept_root_key(*installation));
  warn_of_root();
  server::Installation& held = *installation;  // the service's, for as long as it runs
  return serve(
      std::move(installation), service_options, server::HangUp::reloads,
      [&](const server::Service& service) {
        log::info("serving", {{"address", service.endpoint()},
                              {"health_and_metrics", service.operations_endpoint()},
                              {"admin_socket", directory.admin_socket().string()}});
        const auto sealed = server::complete_rotation(held);
        if (!sealed)
          log::error("the master key is not replaced", {{"reason", describe(sealed.error())}});
        if (!sealed || !*sealed) return;
        log::info("the old master key opens nothing any more: start without --old-master-key",
                  {{"master_key", configuration.master_key}});
        const auto remembered = remember_master_key(directory, configuration.master_key);
        if (!remembered) {
          log::warning("this file names the old master key still",
                       {{"file", directory.key_places().string()},
                        {"reason", describe(remembered.error())}});
        }
      });
}

}  // namespace

constinit const Command server_command = {"server", "serve an initialised data directory", options,
                                          run};

}  // namespace hallmark::cli
