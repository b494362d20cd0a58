// The PROXY protocol, versions 1 and 2 (HAProxy's specification, doc/proxy-protocol.txt): what a
// proxy says before all else of the client whose bytes follow. Pure; private to http.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"

namespace hallmark::http {

struct ProxyHeader {
  // Zero: the header is whole. Else so many bytes at least are still missing, and none of them is
  // behind the header's end: who reads only these reads nothing of what follows.
  std::size_t missing_bytes = 0;
  // The client's. Nothing: the proxy speaks for itself (LOCAL, UNKNOWN), or for what is no TCP.
  std::optional<AddressBlock> source = {};
  // Whether the client came over TLS that ended at the proxy (PP2_TYPE_SSL); nothing: not said.
  std::optional<bool> secure = {};
};

// `bytes` are all of the header that came so far. bad_request at the first thing that is wrong; of
// version 2 also a header of more than 4 KiB, whose extensions nobody needs here.
Result<ProxyHeader> parse_proxy_header(std::string_view bytes);

}  // namespace hallmark::http
