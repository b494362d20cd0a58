#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace hallmark::crypto {
namespace {

// FIPS 180-4 examples (NIST's "abc" and the empty message).
TEST(Digest, Sha256MatchesTheExamplesOfNist) {
  EXPECT_EQ(to_hex(sha256(bytes_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, Sha384MatchesTheExampleOfNist) {
  EXPECT_EQ(to_hex(sha384(bytes_of("abc"))),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
            "8086072ba1e7cc2358baeca134c825a7");
}

std::string hash_in_parts(DigestAlgorithm algorithm) {
  Hasher hasher(algorithm);
  hasher.update(bytes_of("a"));
  hasher.update({});
  hasher.update(bytes_of("bc"));
  return to_hex(hasher.finish());
}

TEST(Digest, AHasherGivesTheDigestOfAllItsParts) {
  EXPECT_EQ(hash_in_parts(DigestAlgorithm::sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hash_in_parts(DigestAlgorithm::sha256), to_hex(sha256(bytes_of("abc"))));
  EXPECT_EQ(hash_in_parts(DigestAlgorithm::sha384), to_hex(sha384(bytes_of("abc"))));
  EXPECT_EQ(hash_in_parts(DigestAlgorithm::sha512),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Digest, AHasherStartsAnewAfterItsDigest) {
  Hasher hasher(DigestAlgorithm::sha256);
  hasher.update(bytes_of("something else"));
  (void)hasher.finish();
  hasher.update(bytes_of("abc"));
  EXPECT_EQ(to_hex(hasher.finish()), to_hex(sha256(bytes_of("abc"))));
}

TEST(Digest, AHasherGoesOnFromWhereAnotherIs) {
  Hasher first(DigestAlgorithm::sha256);
  first.update(bytes_of("a"));
  Hasher second(first);
  first.update(bytes_of("x"));
  second.update(bytes_of("bc"));
  EXPECT_EQ(to_hex(second.finish()), to_hex(sha256(bytes_of("abc"))));
  EXPECT_EQ(to_hex(first.finish()), to_hex(sha256(bytes_of("ax"))));
}

TEST(Digest, HmacMatchesRfc4231) {
  const Bytes key_of_case_1(20, 0x0b);
  EXPECT_EQ(to_hex(hmac_sha256(key_of_case_1, bytes_of("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const Bytes key_longer_than_a_block(131, 0xaa);
  EXPECT_EQ(to_hex(hmac_sha256(key_longer_than_a_block,
                               bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, HmacOfNothingUnderNoKeyIsDefined) {
  EXPECT_EQ(to_hex(hmac_sha256({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Digest, EqualComparesLengthsAndBytes) {
  EXPECT_TRUE(equal({}, {}));
  EXPECT_TRUE(equal(bytes_of("abc"), bytes_of("abc")));
  EXPECT_FALSE(equal(bytes_of("abc"), bytes_of("abd")));
  EXPECT_FALSE(equal(bytes_of("abc"), bytes_of("ab")));
}

TEST(Digest, SizesAreThoseOfTheDigests) {
  for (const auto algorithm : {DigestAlgorithm::sha1, DigestAlgorithm::sha256,
                               DigestAlgorithm::sha384, DigestAlgorithm::sha512}) {
    EXPECT_EQ(Hasher(algorithm).finish().size(), digest_size(algorithm));
  }
}

}  // namespace
}  // namespace hallmark::crypto
