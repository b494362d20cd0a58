#include "audit/syslog_address.h"

#include <charconv>

#include <sys/un.h>

#include "base/printable.h"

namespace hallmark::audit {
namespace {

constexpr std::size_t host_bytes_max = 255;  // RFC 1035 §2.3.4
constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;

Error wrong() { return invalid("must be unix:/PATH, udp:HOST:PORT or tcp:HOST:PORT"); }

bool is_port(std::string_view text) {
  unsigned short port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port != 0;
}

}  // namespace

Result<SyslogAddress> SyslogAddress::parse(std::string_view text) {
  if (!is_printable(text) || text.find(' ') != text.npos) return wrong();
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return wrong();
  const std::string_view scheme = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  if (scheme == "unix") {
    if (!rest.starts_with('/') || rest.size() > path_bytes_max) return wrong();
    return SyslogAddress{Transport::unix_socket, std::string(rest), {}};
  }
  if (scheme != "udp" && scheme != "tcp") return wrong();
  const std::size_t last = rest.rfind(':');
  if (last == rest.npos || !is_port(rest.substr(last + 1))) return wrong();
  std::string_view host = rest.substr(0, last);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    return wrong();
  }
  if (host.empty() || host.size() > host_bytes_max) return wrong();
  return SyslogAddress{scheme == "udp" ? Transport::udp : Transport::tcp, std::string(host),
                       std::string(rest.substr(last + 1))};
}

}  // namespace hallmark::audit
