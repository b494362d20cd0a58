// Any bytes at all, read as signed JSON documents. What passes the strict reading is one form: the
// bytes are also taken for the payload, so that everything up to the signature is reached.
#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "formats/json_detached.h"
#include "formats/json_embedded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark::formats;
  const hallmark::MemoryReadAt object(hallmark::ByteView(data, size));
  const auto now = hallmark::from_unix_seconds(1'800'000'000);
  for (const Format* format : {&json_detached_format, &json_embedded_format}) {
    (void)format->recognizes(object);
    (void)format->verify({.object = object, .trusted = {}, .now = now, .payload = &object});
  }
  return 0;
}
