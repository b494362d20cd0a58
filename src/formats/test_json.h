// Signed JSON documents, and how they are made. Only for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.h"
#include "crypto/test_keys.h"
#include "formats/json_detached.h"
#include "formats/json_embedded.h"
#include "formats/platform_algorithm.h"
#include "formats/test_package.h"

namespace hallmark::formats::test {

// A key of tests/vectors/keys with its certificate.
struct Firmware {
  explicit Firmware(std::string_view name) : key(name), chain{crypto::self_signed(name)} {}
  const crypto::FixedKey key;
  const crypto::CertificateChain chain;
};

inline crypto::SignatureAlgorithm algorithm_of(std::string_view platform_id,
                                               const model::PlatformOverrides& overrides = {}) {
  const auto algorithm = signature_algorithm_of(*model::find_platform(platform_id), overrides);
  EXPECT_TRUE(algorithm);
  return *algorithm;
}

inline crypto::SignatureAlgorithm sha1_of_ti() {
  return algorithm_of("AmazonFreeRTOS-TI-CC3220SF");
}

inline model::SourceObject place() { return {"firmware", "images/board 7/\"a\".bin", "v-1"}; }

struct Sealing {
  const Format& format;
  const Firmware& firmware;
  crypto::SignatureAlgorithm algorithm;
  std::uint64_t bytes_max = 16 * limits::mebibyte;
};

inline Result<SignatureBlock> seal(const Sealing& how, const ReadAt& payload) {
  return how.format.seal({.statement = statement(),
                          .chain = how.firmware.chain,
                          .algorithm = how.algorithm,
                          .source_bytes_max = how.bytes_max,
                          .source = place()},
                         payload, *how.firmware.key.signer);
}

inline std::string sealed(const Sealing& how, std::string_view content) {
  const MemoryReadAt payload(bytes_of(content));
  const auto block = seal(how, payload);
  EXPECT_TRUE(block) << describe(block.error());
  const auto artifact = how.format.assemble(*block, payload);
  EXPECT_TRUE(artifact);
  MemorySink sink;
  EXPECT_TRUE(artifact->write_to(sink, payload));
  EXPECT_EQ(sink.bytes().size(), artifact->size());
  return std::string(text_of(sink.bytes()));
}

// What the format says of a document and, for JSONDetached, a payload.
inline Result<Verification> judge(const Sealing& how, std::string_view document,
                                  std::string_view content) {
  const MemoryReadAt payload(bytes_of(content));
  return how.format.verify({.object = MemoryReadAt(bytes_of(document)),
                            .trusted = how.firmware.chain,
                            .now = authority().now,
                            .payload = how.format.payload == Payload::beside ? &payload : nullptr,
                            .algorithms = {how.algorithm}});
}

inline std::string refusal(const Sealing& how, std::string_view document,
                           std::string_view content) {
  const auto judged = judge(how, document, content);
  if (judged) return "";
  EXPECT_EQ(judged.error().kind, ErrorKind::corrupt) << describe(judged.error());
  return judged.error().message;
}

}  // namespace hallmark::formats::test
