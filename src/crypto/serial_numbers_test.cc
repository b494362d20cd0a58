// No two certificates of an issuer have the same number (RFC 5280 §4.1.2.2).
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <thread>

#include "crypto/test_support.h"

namespace hallmark::crypto {
namespace {

constexpr std::size_t threads = 2;
constexpr std::size_t issued_by_each = 5'000;

// By P-256, which is issued and checked faster than P-384; the numbers are made alike.
class SerialNumbers : public testing::Test {
 protected:
  std::vector<std::string> issue_many() const {
    SystemRandom random;
    CertificateRequest request = authority_.request(CertificateShape::code_signing_leaf);
    request.public_key = key_.signer->public_key();
    std::vector<std::string> serials;
    while (serials.size() < issued_by_each) {
      const auto leaf = issue(request, root(), *key_.signer, random);
      if (!leaf) break;
      serials.push_back(leaf->serial_hex);
    }
    return serials;
  }

 private:
  const Certificate& root() const {
    static const Certificate made = [this] {
      SystemRandom random;
      CertificateRequest request = authority_.request(CertificateShape::root);
      request.public_key = key_.signer->public_key();
      return *issue(request, std::nullopt, *key_.signer, random);
    }();
    return made;
  }

  SystemRandom random_;
  const TestAuthority authority_;
  const TestKey key_{KeyKind::p256, random_};
};

TEST_F(SerialNumbers, OfTenThousandCertificatesDifferAndArePositive) {
  std::array<std::vector<std::string>, threads> of_threads;
  {
    std::vector<std::jthread> running;
    for (auto& serials : of_threads) running.emplace_back([&] { serials = issue_many(); });
  }
  std::set<std::string> all;
  for (const auto& serials : of_threads) {
    for (const std::string& serial : serials) {
      ASSERT_NE(serial[0], '-');
      ASSERT_LE(serial.size(), 40u);
      ASSERT_TRUE(all.insert(serial).second) << serial;
    }
  }
  EXPECT_EQ(all.size(), threads * issued_by_each);
}

}  // namespace
}  // namespace hallmark::crypto
