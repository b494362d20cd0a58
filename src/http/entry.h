// Entry: who may come in through a listener, and in which form.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "http/tls.h"

namespace hallmark::http {

// Proxies whose word on the client counts. Nobody else's does: what others say of themselves is
// ignored.
struct TrustedProxies {
  enum class Says {
    in_fields,  // X-Forwarded-For and X-Forwarded-Proto of each request
    before_all  // the PROXY protocol, at the begin of each connection, and always
  };
  std::vector<AddressBlock> addresses = {};
  Says says = Says::in_fields;

  bool contain(const AddressBlock& address) const;
  bool operator==(const TrustedProxies&) const = default;
};

struct Entry {
  // Set: connections are TLS with the identity that is here when they begin. Outlives the server.
  const TlsIdentities* tls = nullptr;
  // Not empty: Host must be one of these names (lower case, or IP addresses), or one with `data-`
  // or `verification.` before it, as clients of the API put there; with any port.
  std::vector<std::string> host_names = {};
  TrustedProxies proxies = {};
  // Of one address, IPv6 addresses of one /64 together; trusted proxies and this machine are
  // exempt. 0: no more than the whole listener may have.
  std::size_t connections_per_address_max = 0;
};

// Whether a Host field (check_host has passed it) names this server.
bool is_own_host(const Entry& entry, std::string_view host);

}  // namespace hallmark::http
