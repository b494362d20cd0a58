// A signed package, and how it is made. Only for tests.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/test_support.h"
#include "formats/lambda_zip.h"
#include "formats/test_reading.h"
#include "formats/test_zip.h"

namespace hallmark::formats::test {

inline const Format& format = lambda_zip_format;

// One authority for all tests: making keys takes time.
inline const crypto::TestAuthority& authority() {
  static const crypto::TestAuthority made;
  return made;
}

inline Statement statement() {
  return {.job_arn =
              "arn:aws:signer:us-east-1:123456789012:/signing-jobs/"
              "0198f0c1-0000-7000-8000-000000000001",
          .profile_version_arn =
              "arn:aws:signer:us-east-1:123456789012:/signing-profiles/MyProfile/Ab3dEf6h1J",
          .signing_time = authority().now,
          .expires_at = authority().now + std::chrono::hours(24 * 365)};
}

inline Bytes source() {
  return build({.entries = {{.name = "index.js", .body = "exports.handler = 1", .method = 8},
                            {.name = "lib/", .body = "", .attributes = 0040755U << 16},
                            {.name = "lib/a", .body = "aaa"}}});
}

inline Result<SignatureBlock> seal(const Bytes& archive, const Statement& says = statement()) {
  const crypto::CertificateChain chain = authority().chain();
  return format.seal({.statement = says, .chain = chain, .source_bytes_max = test_bytes_max},
                     MemoryReadAt(archive), *authority().leaf.signer);
}

inline Bytes assembled(const SignatureBlock& block, const Bytes& archive) {
  const MemoryReadAt reader(archive);
  const auto artifact = format.assemble(block, reader);
  EXPECT_TRUE(artifact) << artifact.error().message;
  MemorySink sink;
  EXPECT_TRUE(artifact->write_to(sink, reader));
  return sink.bytes();
}

inline Bytes sealed_and_assembled(const Bytes& archive) {
  const auto block = seal(archive);
  EXPECT_TRUE(block) << describe(block.error());
  return assembled(*block, archive);
}

// The package most tests begin with.
inline const Bytes& package() {
  static const Bytes made = sealed_and_assembled(source());
  return made;
}

inline Result<Verification> verify(const Bytes& bytes, Timestamp now = authority().now) {
  const std::vector<crypto::Certificate> roots = {authority().root.certificate};
  return format.verify({.object = MemoryReadAt(bytes), .trusted = roots, .now = now});
}

inline std::string refusal(const Bytes& bytes) {
  const auto verified = verify(bytes);
  if (verified) return "";
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt) << verified.error().message;
  return verified.error().message;
}

inline std::string sealing_refusal(const Bytes& archive) {
  const auto block = seal(archive);
  if (block) return "";
  EXPECT_EQ(block.error().kind, ErrorKind::invalid) << describe(block.error());
  return block.error().message;
}

// The entries of an archive as those of a test, for changing.
inline TestZip taken_apart(const Bytes& archive) {
  TestZip apart;
  const auto contents = read_all(archive);
  EXPECT_TRUE(contents);
  for (const auto& [name, body] : *contents) {
    apart.entries.push_back({.name = name, .body = body, .method = zip::method_deflated});
    if (name.ends_with('/')) apart.entries.back() = {.name = name, .body = "", .attributes = 0};
  }
  return apart;
}

inline Bytes changed(const std::function<void(TestZip&)>& change) {
  TestZip apart = taken_apart(package());
  change(apart);
  return build(apart);
}

}  // namespace hallmark::formats::test
