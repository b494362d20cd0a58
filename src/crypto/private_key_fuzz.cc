// Any bytes at all, brought as a private key, as certificates and as a public key.
#include <cstddef>
#include <cstdint>

#include "crypto/private_key.h"
#include "crypto/public_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hallmark::ByteView bytes(data, size);
  (void)hallmark::crypto::import_private_key(bytes);
  (void)hallmark::crypto::read_public_key(bytes);
  (void)hallmark::crypto::Certificate::parse(bytes);
  (void)hallmark::crypto::certificates_from_pem(hallmark::text_of(bytes));
  return 0;
}
