#include "cli/serving.h"

#include <cerrno>
#include <cstdio>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.h"
#include "cli/custody.h"
#include "cli/named_file.h"
#include "cli/service_manager.h"
#include "cli/version.h"
#include "objects/s3_endpoint.h"

namespace hallmark::cli {
namespace {

Result<server::ListenAddress> parse_listener(std::string_view name, std::string_view text) {
  auto parsed = server::ListenAddress::parse(text);
  if (parsed) return parsed;
  return wrong_usage(fmt::format("{} {}", name, parsed.error().message));
}

Result<std::string> parse_object_store(const std::string& url) {
  if (url == "file:") return url;
  const auto endpoint = objects::S3Endpoint::parse(url);
  if (!endpoint) return wrong_usage(fmt::format("--objects: {}", endpoint.error().message));
  return url;
}

// The option, or what the file says, or nothing.
Result<std::optional<server::ListenAddress>> find_listener(
    const Arguments& arguments, std::string_view name,
    const std::optional<server::ListenAddress>& configured) {
  if (!arguments.has(name)) return configured;
  TRY(auto given, parse_listener(name, arguments.get(name)));
  return std::optional(std::move(given));
}

}  // namespace

Result<server::ServiceOptions> read_service_options(const Arguments& arguments) {
  server::ServiceOptions options;
  options.version = version;
  if (arguments.has("--config")) {
    TRY(open_file({arguments.get("--config"), "--config"}));
    TRY(options.configuration, server::read_configuration(arguments.get("--config")));
  }
  server::Configuration& file = options.configuration;
  if (arguments.has("--objects")) {
    TRY(file.objects, parse_object_store(arguments.get("--objects")));
  }
  if (arguments.has("--insecure-plain-http-on-network")) {
    file.insecure_plain_http_on_network = true;
  }
  if (arguments.has("--store")) file.store = arguments.get("--store");
  if (arguments.has("--keys")) file.keys = arguments.get("--keys");
  if (arguments.has("--master-key")) {
    TRY(file.master_key, absolute_place(arguments.get("--master-key")));
  }
  TRY(auto listen, find_listener(arguments, "--listen", file.listen));
  TRY(auto operations, find_listener(arguments, "--ops-listen", file.ops_listen));
  if (listen) options.listen = *listen;
  if (operations) {
    options.operations = *operations;
  } else if (arguments.has("--listen")) {
    options.operations.port = 0;  // two servers with ports of their own share no other one
  }
  return options;
}

Result<void> serve(std::unique_ptr<server::Installation> installation,
                   const server::ServiceOptions& options, server::HangUp hang_up,
                   const std::function<void(const server::Service&)>& when_ready) {
  TRY(auto service, server::Service::start(std::move(installation), options));
  fmt::print("hallmark listening on {}\n", service->endpoint());
  std::fflush(stdout);
  when_ready(*service);
  std::fflush(stdout);
  service->start_events();
  notify_manager(manager_ready);
  server::wait_for_stop_signal(*service, hang_up);
  notify_manager(manager_stopping);
  log::info("stopping");
  service->stop();
  log::info("stopped");
  return {};
}

void warn_of_root() {
  if (::geteuid() != 0) return;
  log::warning(
      "running as root: a fault in any parser would own the machine; run as a user of its "
      "own, as packaging/hallmark.service does");
}

Result<void> harden_process() {
  ::umask(0077);
  const struct rlimit none = {0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return system_error("setrlimit", errno);
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return system_error("prctl", errno);
  return {};
}

}  // namespace hallmark::cli
