// Which URLs lead to this machine: over plain HTTP to no other, and past every proxy.
#pragma once

#include <string_view>

namespace hallmark::http {

// As a URL has it, in lower case, without a port: 127.0.0.0/8, [::1], localhost or *.localhost,
// which libcurl looks up nowhere (RFC 6761 §6.3).
bool is_loopback_host(std::string_view host);

// Of an http or https URL. Not one that names a user.
bool is_loopback_url(std::string_view url);

}  // namespace hallmark::http
