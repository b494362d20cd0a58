#include "server/listening.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "base/limits.h"
#include "server/service.h"

namespace hallmark::server {
namespace {

// One address may take a fraction of all connections.
constexpr std::size_t addresses_to_fill = 4;

bool has_tls(const Configuration& configuration) {
  return !configuration.tls.certificate_file.empty();
}

Result<void> check_address(const ListenAddress& address, const Configuration& configuration) {
  if (address.is_loopback()) return {};
  if (!has_tls(configuration) && !configuration.insecure_plain_http_on_network) {
    return invalid(fmt::format(
        "{} can be reached by others: it needs TLS (certificate_file and key_file of [tls]). "
        "Without, everything can be read and changed on its way "
        "(--insecure-plain-http-on-network).",
        address.text()));
  }
  if (configuration.host_names.empty()) {
    return invalid(
        fmt::format("{} can be reached by others: host_names must say which names the service has.",
                    address.text()));
  }
  return {};
}

http::ServerOptions listener_at(const ListenAddress& address, const Configuration& configuration) {
  http::ServerOptions listener{.address = address.address, .port = address.port};
  if (address.is_loopback()) return listener;
  listener.entry.host_names = configuration.host_names;
  if (configuration.insecure_plain_http_on_network) listener.plain = http::Plain::on_network;
  return listener;
}

}  // namespace

Result<void> check_listening(const ServiceOptions& options) {
  const Configuration& configuration = options.configuration;
  TRY(check_address(options.listen, configuration));
  TRY(check_address(options.operations, configuration));
  if (configuration.proxy_protocol && configuration.trusted_proxies.empty()) {
    return invalid("proxy_protocol needs trusted_proxies: nobody else is listened to.");
  }
  return {};
}

http::ServerOptions api_listener(const ServiceOptions& options, const TlsFiles* tls,
                                 std::size_t connections_max) {
  const Configuration& configuration = options.configuration;
  http::ServerOptions listener = listener_at(options.listen, configuration);
  listener.connections_max = connections_max;
  http::Entry& entry = listener.entry;
  if (tls != nullptr) entry.tls = &tls->for_api();
  for (const std::string& text : configuration.trusted_proxies) {
    const auto block = parse_address_block(text);
    CHECK(block);  // as every setting, it was checked when it was read
    entry.proxies.addresses.push_back(*block);
  }
  if (configuration.proxy_protocol) entry.proxies.says = http::TrustedProxies::Says::before_all;
  const std::size_t chosen = configuration.connections_per_address_max;
  entry.connections_per_address_max =
      chosen > 0 ? chosen : std::max<std::size_t>(connections_max / addresses_to_fill, 1);
  return listener;
}

http::ServerOptions operations_listener(const ServiceOptions& options, const TlsFiles* tls) {
  http::ServerOptions listener = listener_at(options.operations, options.configuration);
  listener.threads = 1;
  listener.connections_max = limits::operations_connections_max;
  if (tls != nullptr && !options.operations.is_loopback()) {
    listener.entry.tls = &tls->for_operations();
  }
  return listener;
}

std::string endpoint_of(const http::ServerOptions& listener, const Configuration& configuration,
                        unsigned short port) {
  const bool is_tls = listener.entry.tls != nullptr;
  const bool is_named =
      !configuration.host_names.empty() && (is_tls || !listener.entry.host_names.empty());
  const std::string& host = is_named ? configuration.host_names.front() : listener.address;
  const bool is_v6 = host.find(':') != host.npos;
  return fmt::format("{}://{}{}{}:{}", is_tls ? "https" : "http", is_v6 ? "[" : "", host,
                     is_v6 ? "]" : "", port);
}

}  // namespace hallmark::server
