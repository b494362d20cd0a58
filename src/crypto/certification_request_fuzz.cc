// Any bytes, read as a certification request in DER and in PEM.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "crypto/certification_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark::crypto;
  const hallmark::ByteView bytes(data, size);
  const auto request = CertificationRequest::parse(bytes);
  if (request) CHECK(certification_request_from_pem(to_pem(*request))->der == request->der);
  (void)certification_request_from_pem(hallmark::text_of(bytes));
  return 0;
}
