// Any bytes at all, read as a package. Whatever passes the strict reading is also read for other
// tools, and must not make anything crash or grow.
#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "formats/lambda_zip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hallmark::MemoryReadAt package(hallmark::ByteView(data, size));
  const auto now = hallmark::from_unix_seconds(1'800'000'000);
  (void)hallmark::formats::lambda_zip_format.recognizes(package);
  (void)hallmark::formats::lambda_zip_format.verify({.object = package, .trusted = {}, .now = now});
  (void)hallmark::formats::lambda_inner_digest(package);
  (void)hallmark::formats::lambda_signature_of(package);
  return 0;
}
