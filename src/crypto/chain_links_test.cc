#include "crypto/chain_links.h"

#include <gtest/gtest.h>

#include "crypto/test_support.h"

namespace hallmark::crypto {
namespace {

class ChainLinks : public testing::Test {
 protected:
  std::string refusal(const CertificateChain& chain, Timestamp time) {
    const auto answer = check_links(chain, time);
    if (answer) return "it holds";
    EXPECT_EQ(answer.error().kind, ErrorKind::corrupt);
    return answer.error().message;
  }
  std::string refusal(const CertificateChain& chain) { return refusal(chain, authority_.now); }

  TestAuthority authority_;
  const Certificate leaf_ = authority_.leaf.certificate;
  const Certificate middle_ = authority_.intermediate.certificate;
  const Certificate root_ = authority_.root.certificate;
};

TEST_F(ChainLinks, HoldWithAndWithoutTheRoot) {
  EXPECT_EQ(refusal({leaf_, middle_, root_}), "it holds");
  EXPECT_EQ(refusal({leaf_, middle_}), "it holds");
}

TEST_F(ChainLinks, HoldForOneThatIsAlone) {
  EXPECT_EQ(refusal({leaf_}), "it holds");
  EXPECT_EQ(refusal({root_}), "it holds");
}

TEST_F(ChainLinks, BreakInAnotherOrder) {
  EXPECT_TRUE(refusal({leaf_, root_, middle_}).ends_with("is not followed by its issuer."));
  EXPECT_TRUE(refusal({middle_, leaf_}).ends_with("is not followed by its issuer."));
}

TEST_F(ChainLinks, BreakWhereOneIsMissingOrTwice) {
  EXPECT_TRUE(refusal({leaf_, root_}).ends_with("is not followed by its issuer."));
  EXPECT_NE(refusal({leaf_, middle_, root_, root_}), "it holds");
  EXPECT_EQ(refusal({}), "There is no certificate.");
}

// The names fit, and the signature is of another authority's key.
TEST_F(ChainLinks, BreakWhereTheNamesAreThoseOfAnother) {
  const TestAuthority other;
  EXPECT_NE(refusal({leaf_, other.intermediate.certificate, other.root.certificate}), "it holds");
}

TEST_F(ChainLinks, BreakWhenOneOfThemHasExpiredOrNotBegun) {
  EXPECT_NE(refusal({leaf_, middle_}, leaf_.not_after + std::chrono::seconds(1)), "it holds");
  EXPECT_NE(refusal({leaf_, middle_}, leaf_.not_before - std::chrono::seconds(1)), "it holds");
}

TEST_F(ChainLinks, BreakAtASignatureThatWasTouched) {
  Certificate touched = leaf_;
  touched.der.back() ^= 1;
  EXPECT_NE(refusal({touched, middle_}), "it holds");
}

// openssl makes what we would not issue.
std::string self_signed(std::string_view options) {
  const TemporaryFolder folder;
  const CommandResult answer =
      run(fmt::format("openssl req -x509 -nodes -keyout {} -out {} -subj /CN=x -days 30 "
                      "-config /dev/null {}",
                      folder.path("key.pem"), folder.path("certificate.pem"), options));
  CHECK(answer.status == 0);
  return folder.read("certificate.pem");
}

TEST_F(ChainLinks, BreakAtAWeakKey) {
  const auto chain = certificates_from_pem(self_signed("-newkey rsa:1024"));
  const Timestamp now = chain->front().not_before + std::chrono::hours(1);
  EXPECT_EQ(refusal(*chain, now),
            "The certificate chain does not hold: EE certificate key too weak.");
}

}  // namespace
}  // namespace hallmark::crypto
