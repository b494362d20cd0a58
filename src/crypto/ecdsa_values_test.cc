#include "crypto/ecdsa_values.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/test_support.h"

namespace hallmark::crypto {
namespace {

constexpr auto p256 = KeyKind::p256;
constexpr auto p384 = KeyKind::p384;

// RFC 7515 appendix A.3: the signature as r and s, and written as DER by hand.
constexpr std::string_view rfc_raw =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr std::string_view rfc_der =
    "304502200ed1215379636c483c2f7f155807d402a3b228033af97c7e17819ac3169ea665"
    "022100c50a07d38c3c70e5d8f12daf084a5480a66590c5f293509a8f3f7f8a83a354d5";

TEST(EcdsaValues, AreThoseOfTheRfcInBothForms) {
  const Bytes raw = *from_base64url(rfc_raw);
  const Bytes der = *from_hex(rfc_der);
  EXPECT_EQ(*ecdsa_der_from_raw(p256, raw), der);
  EXPECT_EQ(*ecdsa_raw_from_der(p256, der), raw);
}

TEST(EcdsaValues, OfSmallNumbersArePadded) {
  const auto raw = ecdsa_raw_from_der(p384, *from_hex("3006020101020200ff"));
  ASSERT_FALSE(raw);  // 6 bytes are said, 7 are there
  const auto padded = ecdsa_raw_from_der(p384, *from_hex("3007020101020200ff"));
  ASSERT_TRUE(padded);
  Bytes expected(96, 0);
  expected[47] = 1;
  expected[95] = 0xff;
  EXPECT_EQ(*padded, expected);
}

TEST(EcdsaValues, OfAnySignatureComeBackAsTheyWere) {
  SystemRandom random;
  for (const auto curve : {p256, p384}) {
    const TestKey key(curve, random);
    const Bytes digest(digest_size(digest_of(algorithm_of(curve))), 7);
    for (int i = 0; i < 20; ++i) {
      const Bytes der = *key.signer->sign_digest(algorithm_of(curve), digest);
      const auto raw = ecdsa_raw_from_der(curve, der);
      ASSERT_TRUE(raw);
      EXPECT_EQ(*ecdsa_der_from_raw(curve, *raw), der);
    }
  }
}

TEST(EcdsaValues, OfAnotherFormAreRefused) {
  for (const std::string_view wrong :
       {"", "30", "3000", "3003020101", "3006020101020101ff", "300702010102020001",
        "3106020101020101", "3006030101020101", "300702820001020101", "3080020101020101"}) {
    EXPECT_FALSE(ecdsa_raw_from_der(p256, *from_hex(wrong))) << wrong;
  }
  std::string large = "3026022101";
  large.append(64, '0');
  EXPECT_FALSE(ecdsa_raw_from_der(p256, *from_hex(large + "020101")));
  EXPECT_FALSE(ecdsa_der_from_raw(p256, Bytes(63, 1)));
  EXPECT_FALSE(ecdsa_der_from_raw(p384, Bytes(64, 1)));
}

}  // namespace
}  // namespace hallmark::crypto
