// Any bytes at all, read as an envelope.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/clock.h"
#include "formats/notation_envelope.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto now = hallmark::from_unix_seconds(1'800'000'000);
  (void)hallmark::formats::verify_notation(hallmark::text_of({data, size}), {}, now);
  return 0;
}
