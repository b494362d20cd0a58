// Every byte of an envelope matters: those of the payload, the header and the signature to the
// signature, those of the certificates to the chain, and the rest has one form.
#include <gtest/gtest.h>

#include "crypto/test_support.h"
#include "formats/notation_envelope.h"

namespace hallmark::formats {
namespace {

class NotationFlip : public testing::Test {
 protected:
  std::string sealed() const {
    const Statement says = {.job_arn =
                                "arn:aws:signer:us-east-1:123456789012:/signing-jobs/"
                                "0198f0c1-0000-7000-8000-000000000001",
                            .profile_version_arn =
                                "arn:aws:signer:us-east-1:123456789012:"
                                "/signing-profiles/MyProfile/Ab3dEf6h1J",
                            .signing_time = now_,
                            .expires_at = now_ + std::chrono::days(365)};
    const auto seal = *NotationSeal::make(*authority_.leaf.signer, authority_.chain());
    return *seal.seal(says, bytes_of("a payload"));
  }
  bool is_accepted(std::string_view envelope) const {
    return verify_notation(envelope, {authority_.root.certificate}, now_).has_value();
  }

  const crypto::TestAuthority authority_;
  const Timestamp now_ = from_unix_seconds(unix_seconds(authority_.now));
};

TEST_F(NotationFlip, IsNoticedInEveryByte) {
  std::string envelope = sealed();
  ASSERT_TRUE(is_accepted(envelope));
  for (std::size_t i = 0; i < envelope.size(); ++i) {
    const char before = envelope[i];
    envelope[i] = char(before ^ 1);
    EXPECT_FALSE(is_accepted(envelope)) << "byte " << i << " of " << envelope;
    envelope[i] = before;
  }
}

// In the text around base64, where a bit makes another letter or another sign.
TEST_F(NotationFlip, IsNoticedInEveryBitOfItsForm) {
  std::string envelope = sealed();
  for (const std::string_view part : {R"({"payload":")", R"(","protected":")", R"({"x5c":[")"}) {
    const std::size_t begin = envelope.find(part);
    ASSERT_NE(begin, envelope.npos) << part;
    for (std::size_t i = begin; i < begin + part.size(); ++i) {
      for (const int bit : {0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80}) {
        const char before = envelope[i];
        envelope[i] = char(before ^ bit);
        EXPECT_FALSE(is_accepted(envelope)) << "byte " << i << " of " << envelope;
        envelope[i] = before;
      }
    }
  }
}

}  // namespace
}  // namespace hallmark::formats
