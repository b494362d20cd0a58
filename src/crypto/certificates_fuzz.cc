// Any bytes, read as a chain of certificates in PEM, and as one in DER, with everything that is
// asked of those of others.
#include <cstddef>
#include <cstdint>

#include "crypto/certificate_details.h"
#include "crypto/chain_links.h"
#include "crypto/private_key.h"

namespace hallmark::crypto {
namespace {

void ask(const CertificateChain& chain) {
  const auto now = from_unix_seconds(1'800'000'000);
  for (const Certificate& certificate : chain) {
    (void)details_of(certificate);
    (void)check_signs_code(certificate);
  }
  (void)check_links(chain, now);
  (void)verify_chain(chain, {chain.back()}, now);
}

}  // namespace
}  // namespace hallmark::crypto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark::crypto;
  const hallmark::ByteView bytes(data, size);
  if (auto one = Certificate::parse(bytes)) ask({*std::move(one)});
  const auto chain = certificates_from_pem(hallmark::text_of(bytes));
  if (chain && !chain->empty()) ask(*chain);
  return 0;
}
