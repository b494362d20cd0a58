#include "cli/serving.h"

#include <cerrno>
#include <charconv>
#include <cstdio>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "base/log.h"

namespace hallmark::cli {
namespace {

struct Listener {
  std::string address;
  unsigned short port;
};

// "127.0.0.1:9400" or "[::1]:9400".
Result<Listener> parse_listener(std::string_view name, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const Error wrong = wrong_usage(fmt::format("{} must be ADDRESS:PORT, not {}.", name, text));
  if (colon == std::string_view::npos) return wrong;
  std::string_view address = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  unsigned short port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) return wrong;
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  if (address == "localhost") address = "127.0.0.1";
  if (address != "::1" && !address.starts_with("127.")) {
    return wrong_usage(
        fmt::format("{} must be a loopback address: plain HTTP is for this machine only.", name));
  }
  return Listener{std::string(address), port};
}

}  // namespace

Result<server::ServiceOptions> read_listeners(const Arguments& arguments) {
  TRY(auto api, parse_listener("--listen", arguments.get("--listen", "127.0.0.1:9400")));
  // Beside a chosen API port, the operations listener takes a free one unless it is named too.
  const bool chosen = arguments.has("--listen");
  TRY(auto operations,
      parse_listener("--ops-listen",
                     arguments.get("--ops-listen", chosen ? "127.0.0.1:0" : "127.0.0.1:9401")));
  return server::ServiceOptions{api.address, api.port, operations.address, operations.port};
}

Result<void> serve(std::unique_ptr<server::Installation> installation,
                   const server::ServiceOptions& options,
                   const std::function<void(const server::Service&)>& when_ready) {
  TRY(auto service, server::Service::start(std::move(installation), options));
  fmt::print("hallmark listening on {}\n", service->endpoint());
  std::fflush(stdout);
  when_ready(*service);
  std::fflush(stdout);
  server::wait_for_stop_signal();
  log::info("stopping");
  service->stop();
  log::info("stopped");
  return {};
}

Result<void> harden_process() {
  ::umask(0077);
  const struct rlimit none = {0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return system_error("setrlimit", errno);
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return system_error("prctl", errno);
  return {};
}

}  // namespace hallmark::cli
