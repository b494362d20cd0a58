// Any bytes, read as a CMS message, as a content that nobody signed.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "crypto/cms.h"
#include "crypto/cms_read.h"
#include "crypto/digest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using namespace hallmark::crypto;
  const ByteView bytes(data, size);
  const auto message = read_cms(bytes);
  if (message) CHECK(!message->chain.empty());
  CHECK(!verify_cms(bytes, sha384(bytes)));
  (void)utf8_string_from_der(bytes);
  (void)generalized_time_from_der(bytes);
  return 0;
}
