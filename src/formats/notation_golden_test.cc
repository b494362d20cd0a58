// The envelope of tests/vectors/notation, which the unmodified `notation` verified with AWS's
// plugin: what our reader takes is what the strangers took.
#include <gtest/gtest.h>

#include "base/file.h"
#include "formats/notation_envelope.h"

namespace hallmark::formats {
namespace {

constexpr std::size_t bytes_max = 1 << 16;
constexpr std::size_t step = 17;  // one byte of so many is changed

std::string golden(std::string_view name) {
  const auto text =
      read_file(std::string(HALLMARK_VECTORS) + "/notation/" + std::string(name), bytes_max);
  CHECK(text.has_value());
  return *text;
}

Timestamp at(std::string_view text) {
  const auto time = from_rfc3339(text);
  CHECK(time.has_value());
  return *time;
}

Result<NotationVerification> verify(std::string_view envelope,
                                    Timestamp now = at("2030-01-01T00:00:00Z")) {
  TRY(const auto roots, crypto::certificates_from_pem(golden("root.pem")));
  return verify_notation(envelope, roots, now);
}

TEST(NotationGolden, IsGoodAndSaysWhatItSigned) {
  const auto verified = verify(golden("envelope.json"));
  ASSERT_TRUE(verified) << describe(verified.error());
  EXPECT_EQ(text_of(verified->payload), golden("payload.json"));
  EXPECT_EQ(verified->statement.signing_time, at("2026-11-22T19:45:18Z"));
  EXPECT_EQ(verified->statement.expires_at, at("2038-02-22T19:45:18Z"));
  EXPECT_EQ(verified->statement.profile_version_arn,
            "arn:aws:signer:us-east-1:000000000000:/signing-profiles/golden/jU0MuWL708");
  EXPECT_EQ(verified->statement.job_arn,
            "arn:aws:signer:us-east-1:000000000000:/signing-jobs/"
            "01a204ca-a43d-7e5a-8aeb-284e2e0c6741");
}

TEST(NotationGolden, IsRefusedWithAByteChanged) {
  const std::string envelope = golden("envelope.json");
  for (std::size_t place = 0; place < envelope.size(); place += step) {
    std::string changed = envelope;
    changed[place] = static_cast<char>(changed[place] ^ (1 << place % 8));
    EXPECT_FALSE(verify(changed)) << place;
  }
}

TEST(NotationGolden, IsRefusedOnceItHasExpired) {
  EXPECT_FALSE(verify(golden("envelope.json"), at("2038-02-22T19:45:18Z")));
}

}  // namespace
}  // namespace hallmark::formats
