#include "keys/sealer.h"

#include <gtest/gtest.h>

#include "base/test_support.h"
#include "crypto/aead.h"
#include "crypto/random.h"

namespace hallmark::keys {
namespace {

using hallmark::test::value_of;

std::vector<Secret> keys(std::initializer_list<std::uint8_t> bytes) {
  std::vector<Secret> made;
  for (const std::uint8_t byte : bytes) {
    made.emplace_back(ByteView(Bytes(crypto::aead_key_bytes, byte)));
  }
  return made;
}

class SealerTest : public testing::Test {
 protected:
  static bool opens(const Sealer& sealer, ByteView sealed) {
    return sealer.open(Sealed::secret, sealed, "context").has_value();
  }
  Bytes sealed_by(std::uint8_t key) {
    return Sealer(keys({key}), random).seal(Sealed::secret, bytes_of("x"), "context");
  }
  crypto::SystemRandom random;
};

TEST_F(SealerTest, TheNewestKeySealsAndAllOpen) {
  const Sealer sealer(keys({2, 1}), random);
  EXPECT_TRUE(opens(sealer, sealed_by(1)));
  EXPECT_TRUE(opens(sealer, sealed_by(2)));
  EXPECT_FALSE(opens(sealer, sealed_by(3)));
  const Bytes sealed = sealer.seal(Sealed::secret, bytes_of("x"), "context");
  EXPECT_TRUE(opens(Sealer(keys({2}), random), sealed));
  EXPECT_FALSE(opens(Sealer(keys({1}), random), sealed));
}

TEST_F(SealerTest, KnowsWhatIsToBeSealedAnew) {
  const Sealer sealer(keys({2, 1}), random);
  EXPECT_TRUE(sealer.is_newest(Sealed::secret, sealed_by(2), "context"));
  EXPECT_FALSE(sealer.is_newest(Sealed::secret, sealed_by(1), "context"));
}

TEST_F(SealerTest, ReplacedKeysServeAtOnce) {
  Sealer sealer(keys({1}), random);
  const Bytes old = sealer.seal(Sealed::secret, bytes_of("x"), "context");
  sealer.replace(keys({2, 1}));
  EXPECT_TRUE(opens(sealer, old));
  sealer.replace(keys({2}));
  EXPECT_FALSE(opens(sealer, old));
}

TEST_F(SealerTest, ASecretIsNoPrivateKeyNorThisASecret) {
  const Sealer sealer(keys({1}), random);
  EXPECT_FALSE(sealer.open(Sealed::private_key, sealed_by(1), "context"));
  const Bytes key = sealer.seal(Sealed::private_key, bytes_of("x"), "context");
  EXPECT_FALSE(opens(sealer, key));
}

TEST_F(SealerTest, AContextIsBound) {
  const Sealer sealer(keys({1}), random);
  EXPECT_FALSE(sealer.open(Sealed::secret, sealed_by(1), "another"));
}

}  // namespace
}  // namespace hallmark::keys
