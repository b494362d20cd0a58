// Any bytes, read as the keys of an issuer, which are asked about a signature that is none.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "identity/web_identity_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using crypto::JwsAlgorithm;
  const auto keys = identity::parse_key_set(text_of({data, size}));
  if (!keys) return 0;
  for (const auto& key : *keys) {
    for (const JwsAlgorithm algorithm :
         {JwsAlgorithm::rs256, JwsAlgorithm::es256, JwsAlgorithm::es384}) {
      if (!key.fits(algorithm)) continue;
      const auto answer = key.verify(algorithm, {data, size}, Bytes(96, 1));
      CHECK(!answer || !*answer);
    }
  }
  return 0;
}
