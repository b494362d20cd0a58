#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/random.h"

namespace hallmark::crypto {
namespace {

Secret key_of(std::uint8_t byte) { return Secret(ByteView(Bytes(aead_key_bytes, byte))); }

TEST(Aead, OpensWhatItSealed) {
  SystemRandom random;
  const Bytes sealed = seal(key_of(1), bytes_of("a secret"), "context", random);
  EXPECT_EQ(sealed.size(), 12 + 8 + 16u);
  const auto opened = open(key_of(1), sealed, "context");
  ASSERT_TRUE(opened);
  EXPECT_EQ(text_of(opened->reveal()), "a secret");
}

TEST(Aead, SealsNothingToo) {
  SystemRandom random;
  const auto opened = open(key_of(1), seal(key_of(1), {}, "", random), "");
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->empty());
}

// Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega): AES-256 with extra data.
TEST(Aead, OpensTheVectorOfTheGcmSpecification) {
  const Bytes key =
      from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").value();
  const Bytes context = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2").value();
  const Bytes sealed = from_hex(
                           "cafebabefacedbaddecaf888"
                           "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                           "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                           "76fc6ece0f4e1768cddf8853bb2d551b")
                           .value();
  const auto opened = open(Secret(ByteView(key)), sealed, text_of(context));
  ASSERT_TRUE(opened);
  EXPECT_EQ(to_hex(opened->reveal()),
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
}

TEST(Aead, EveryChangedBitIsNoticed) {
  SystemRandom random;
  Bytes sealed = seal(key_of(1), bytes_of("a secret"), "context", random);
  for (auto& byte : sealed) {
    for (int bit = 0; bit < 8; ++bit) {
      const auto flip = static_cast<std::uint8_t>(1 << bit);
      byte ^= flip;
      const auto opened = open(key_of(1), sealed, "context");
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
      byte ^= flip;
    }
  }
}

TEST(Aead, EveryShortenedTextIsNoticed) {
  SystemRandom random;
  const Bytes sealed = seal(key_of(1), bytes_of("a secret"), "context", random);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(open(key_of(1), ByteView(sealed).first(size), "context"));
  }
}

TEST(Aead, AnotherKeyOrContextDoesNotOpen) {
  SystemRandom random;
  const Bytes sealed = seal(key_of(1), bytes_of("a secret"), "context", random);
  EXPECT_FALSE(open(key_of(2), sealed, "context"));
  EXPECT_FALSE(open(key_of(1), sealed, "contexT"));
  EXPECT_FALSE(open(key_of(1), sealed, ""));
}

TEST(Aead, TheSameTextNeverSealsAlike) {
  SystemRandom random;
  EXPECT_NE(seal(key_of(1), bytes_of("x"), "", random), seal(key_of(1), bytes_of("x"), "", random));
}

// RFC 5869 appendix A.3 (no salt, no info), the first 32 of its 42 bytes.
TEST(Aead, DerivesAsRfc5869) {
  const Bytes input(22, 0x0b);
  EXPECT_EQ(to_hex(derive_key(Secret(ByteView(input)), "").reveal()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(Aead, EachPurposeHasItsOwnKey) {
  const Secret key = key_of(1);
  EXPECT_FALSE(derive_key(key, "a") == derive_key(key, "b"));
  EXPECT_TRUE(derive_key(key, "a") == derive_key(key, "a"));
}

TEST(Random, TwoFillsDiffer) {
  SystemRandom random;
  Bytes first(32);
  Bytes second(32);
  random.fill(first);
  random.fill(second);
  EXPECT_NE(first, second);
  random.fill({});
}

}  // namespace
}  // namespace hallmark::crypto
