// Any bytes, read as a connection reads them: never more than the header's own, and an end.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "http/proxy_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  constexpr std::size_t header_bytes_max = 4 * 1024;
  const std::string_view bytes = text_of({data, size});
  std::size_t read = 0;
  while (true) {
    const auto header = http::parse_proxy_header(bytes.substr(0, read));
    if (!header) {
      CHECK(header.error().kind == ErrorKind::bad_request);
      return 0;
    }
    if (header->missing_bytes == 0) {
      CHECK(read <= header_bytes_max);
      CHECK(!header->source || parse_address(text_of(*header->source)));
      return 0;
    }
    CHECK(read + header->missing_bytes <= header_bytes_max);
    if (header->missing_bytes > bytes.size() - read) return 0;
    read += header->missing_bytes;
  }
}
