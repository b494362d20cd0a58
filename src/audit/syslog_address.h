// Where a syslog server is, as a setting names it. A value.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark::audit {

struct SyslogAddress {
  enum class Transport { unix_socket, udp, tcp };

  Transport transport = Transport::unix_socket;
  std::string host = {};  // or the path of a Unix socket; without the brackets of IPv6
  std::string port = {};  // empty for a Unix socket

  // "unix:/dev/log", "udp:HOST:PORT", "tcp:HOST:PORT"; HOST may be "[::1]". Invalid: anything else.
  static Result<SyslogAddress> parse(std::string_view text);
  bool operator==(const SyslogAddress&) const = default;
};

}  // namespace hallmark::audit
