// Any bytes, received as a request, and read for its signature: its source, its time, its scope.
#include "auth/signed_request.h"

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "http/framing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  const std::string_view bytes = text_of({data, size});
  http::HeadScanner scanner{http::ServerLimits()};
  const auto end = scanner.scan(bytes);
  if (!end || !*end) return 0;
  auto head = http::parse_head(bytes.substr(0, **end), http::ServerLimits());
  if (!head) return 0;
  head->request.body = bytes.substr(**end);
  const model::Home home;
  const std::vector<std::string> services = {"signer", "sts", "acm"};
  const auto now = from_unix_seconds(1'795'338'000);
  const auto read =
      auth::read_signed_request(head->request, {.home = home, .services = services}, now);
  if (!read) return 0;
  CHECK(auth::has_authentication(head->request));
  CHECK(from_basic(read->time_text));
  CHECK(read->body_sha256_hex.size() == 64);
  return 0;
}
