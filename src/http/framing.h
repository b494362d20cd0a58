// Where a request begins and ends (RFC 9112), decided strictly: whatever two programs might read
// differently is refused. Pure functions of bytes; private to http.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "http/server_parts.h"

namespace hallmark::http {

// Finds the end of a request's head (request line, fields, empty line) in bytes that arrive
// piecemeal, and refuses at the first wrong byte what would otherwise be waited for in vain.
class HeadScanner {
 public:
  explicit HeadScanner(const ServerLimits& limits)
      : bytes_max_(limits.target_bytes_max + limits.header_bytes_max) {}

  // `bytes` are all that came since the head's begin: those of the last call, and more. The size of
  // the head, or nothing while its end is missing. bad_request: bare CR or LF, a folded line, a
  // first byte that begins no method. too_large: no end within the limits.
  Result<std::optional<std::size_t>> scan(std::string_view bytes);

 private:
  Result<void> check_line(std::string_view line) const;

  std::size_t bytes_max_;
  std::size_t line_begin_ = 0;
  std::size_t seen_ = 0;  // up to here there is no line end that is not yet accounted for
};

struct RequestHead {
  Request request;  // body, peer and request_id are still empty
  std::size_t body_bytes = 0;
  bool keep_alive = true;
  bool expects_continue = false;
};

// `head` is a whole head as HeadScanner found it. bad_request, length_required (any
// Transfer-Encoding) or too_large (target, header or announced body): see the table in
// framing_test.cc.
Result<RequestHead> parse_head(std::string_view head, const ServerLimits& limits);

}  // namespace hallmark::http
