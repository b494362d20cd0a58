// Any bytes, decoded and encoded. What is accepted as base64 has one text only.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/printable.h"
#include "base/uuid.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  const ByteView bytes(data, size);
  const std::string_view text = text_of(bytes);
  const auto plain = from_base64(text);
  CHECK(!plain || to_base64(*plain) == text);
  const auto url = from_base64url(text);
  CHECK(!url || to_base64url(*url) == text);
  const auto hex = from_hex(text);
  CHECK(!hex || to_hex(*hex).size() == text.size());
  CHECK(from_base64(to_base64(bytes)) == copy_of(bytes));
  CHECK(from_base64url(to_base64url(bytes)) == copy_of(bytes));
  CHECK(percent_decode(percent_encode(text)) == text);
  const auto decoded = percent_decode(text);
  CHECK(is_percent_encoded(text) == (decoded && percent_encode(*decoded) == text));
  (void)is_printable(text);
  (void)Uuid::parse(text);
  return 0;
}
