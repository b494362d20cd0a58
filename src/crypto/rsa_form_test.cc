#include "crypto/rsa_form.h"

#include <gtest/gtest.h>

#include "crypto/public_key.h"
#include "crypto/test_keys.h"

namespace hallmark::crypto {
namespace {

// A key that has the form is in tests/vectors/wycheproof, and wycheproof_test.cc has it refused.
TEST(RsaForm, HoldsForPowersOfTheGenerator) {
  EXPECT_TRUE(has_roca_form(Bytes{1}));
  EXPECT_TRUE(has_roca_form(Bytes{1, 0, 1}));
  EXPECT_TRUE(has_roca_form(Bytes{1, 0, 2, 0, 1}));  // 65537²
}

TEST(RsaForm, DoesNotHoldForOtherNumbers) {
  EXPECT_FALSE(has_roca_form(Bytes{0}));
  EXPECT_FALSE(has_roca_form(Bytes{2}));
  EXPECT_FALSE(has_roca_form(Bytes{1, 0, 3}));
}

TEST(RsaForm, DoesNotHoldForKeysOfOpenssl) {
  for (const char* name : {"rsa-2048", "rsa-3072", "rsa-4096"}) {
    const FixedKey key(name);
    const auto read = read_public_key(key.signer->public_key());
    ASSERT_TRUE(read);
    EXPECT_FALSE(has_roca_form(read->modulus)) << name;
  }
}

}  // namespace
}  // namespace hallmark::crypto
