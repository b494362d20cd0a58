// Any bytes, read as everything that S3 and STS answer.
#include "objects/s3_xml.h"

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark::objects;
  const std::string_view xml = hallmark::text_of({data, size});
  (void)find_fault(xml);
  (void)parse_versioning(xml);
  (void)parse_upload_id(xml);
  (void)parse_versions(xml);
  (void)parse_uploads(xml);
  (void)parse_sts_credentials(xml);
  return 0;
}
