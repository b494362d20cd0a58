// What the two listeners are, by the settings: which addresses may be listened on, who may come in,
// and what they are called.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "http/server.h"
#include "server/configuration.h"
#include "server/tls_files.h"

namespace hallmark::server {

struct ServiceOptions;

// Invalid: an address that others can reach without TLS (but for insecure_plain_http_on_network) or
// without host_names, or proxy_protocol without trusted_proxies.
Result<void> check_listening(const ServiceOptions& options);

// Of the API. `tls` may be null, and outlives the server.
http::ServerOptions api_listener(const ServiceOptions& options, const TlsFiles* tls,
                                 std::size_t connections_max);
// Of operations: plain HTTP on loopback, whatever the API has. No proxy's word counts here.
http::ServerOptions operations_listener(const ServiceOptions& options, const TlsFiles* tls);

// "https://signer.example.com:9443", "http://127.0.0.1:9400": the first of the host names where
// TLS or the network makes a name necessary, else the address.
std::string endpoint_of(const http::ServerOptions& listener, const Configuration& configuration,
                        unsigned short port);

}  // namespace hallmark::server
