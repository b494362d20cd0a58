// Any bytes, cut anywhere: the head is found at the same place, and an accepted one holds what
// framing.h promises.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "http/framing.h"

namespace hallmark::http {
namespace {

bool same(const Result<std::optional<std::size_t>>& a,
          const Result<std::optional<std::size_t>>& b) {
  if (a.has_value() != b.has_value()) return false;
  return a ? *a == *b : a.error().kind == b.error().kind;
}

void check_accepted(const RequestHead& head) {
  const Request& request = head.request;
  CHECK(request.path.starts_with('/'));
  CHECK(request.target.find_first_of("# \t\r\n") == std::string::npos);
  CHECK(request.headers.count("Host") == 1);
  CHECK(request.headers.count("Transfer-Encoding") == 0);
  CHECK(request.headers.count("Content-Length") <= 1);
  CHECK(head.body_bytes <= limits::request_body_bytes_max);
  CHECK(head.body_bytes == 0 || request.headers.count("Content-Length") == 1);
  for (const auto& field : request.headers.fields()) {
    CHECK(!field.name.empty());
    CHECK(field.value.find_first_of("\r\n") == std::string::npos);
    CHECK(field.value.find('\0') == std::string::npos);
  }
}

}  // namespace
}  // namespace hallmark::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using namespace hallmark::http;
  if (size == 0) return 0;
  const std::string_view bytes = text_of({data, size}).substr(1);
  const ServerLimits limits;

  HeadScanner at_once(limits);
  const auto whole = at_once.scan(bytes);
  HeadScanner in_pieces(limits);
  const auto first = in_pieces.scan(bytes.substr(0, std::min<std::size_t>(data[0], bytes.size())));
  const bool is_decided = !first || *first;
  CHECK(same(is_decided ? first : in_pieces.scan(bytes), whole));

  if (!whole || !*whole) return 0;
  CHECK(**whole <= bytes.size());
  const auto head = parse_head(bytes.substr(0, **whole), limits);
  if (head) check_accepted(*head);
  return 0;
}
