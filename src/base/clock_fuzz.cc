// Any bytes, read as the times of requests (X-Amz-Date, expiry, filters of lists). What is accepted
// has one text.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  const std::string_view text = text_of({data, size});
  if (const auto time = from_basic(text)) {
    CHECK(to_basic(*time) == text);
    CHECK(text.starts_with(to_basic_date(*time)));
  }
  if (const auto time = from_rfc3339(text)) {
    const auto again = from_rfc3339(to_rfc3339(*time));
    CHECK(again && *again == *time);
    CHECK(from_unix_millis(unix_millis(*time)) == *time);
    (void)to_http_date(*time);
    (void)plus_months(*time, 1);
  }
  return 0;
}
