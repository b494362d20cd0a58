#include "base/uuid.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace hallmark {
namespace {

// Fills with one byte, so that a test knows what is random.
class Constant final : public Random {
 public:
  explicit Constant(std::uint8_t byte) : byte_(byte) {}
  void fill(MutableByteView bytes) override { std::ranges::fill(bytes, byte_); }

 private:
  std::uint8_t byte_;
};

TEST(Uuid, ReadsAndWritesTheExampleOfRfc9562) {
  const auto id = Uuid::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  EXPECT_EQ(to_rfc3339(id->time()), "2022-02-22T19:22:22Z");
}

TEST(Uuid, RefusesEveryOtherForm) {
  for (const char* text :
       {"", "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398\n", "017f22e2-79b0-7cc3-98c4--c0c0c07398f"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, IsMadeOfExactlySixteenBytes) {
  EXPECT_TRUE(Uuid::from(Bytes(16)));
  EXPECT_FALSE(Uuid::from(Bytes(15)));
  EXPECT_FALSE(Uuid::from(Bytes(17)));
}

TEST(UuidV7, CarriesItsVersionVariantAndTime) {
  for (const int byte : {0x00, 0xff}) {
    Constant random{std::uint8_t(byte)};
    const Uuid id = Uuid::v7(from_unix_millis(1'795'338'487'042), random);
    EXPECT_EQ(id.bytes[6] >> 4, 7);
    EXPECT_EQ(id.bytes[8] >> 6, 2);
    EXPECT_EQ(unix_millis(id.time()), 1'795'338'487'042);
  }
}

TEST(UuidV7, KeepsTheRestRandom) {
  Constant random(0xff);
  EXPECT_EQ(Uuid::v7(Timestamp(), random).text(), "00000000-0000-7fff-bfff-ffffffffffff");
}

TEST(UuidV7, SortsByTimeAsBytesAndAsText) {
  Constant high(0xff);
  Constant low(0x00);
  const Uuid earlier = Uuid::v7(from_unix_millis(1'795'338'487'042), high);
  const Uuid later = Uuid::v7(from_unix_millis(1'795'338'487'043), low);
  EXPECT_LT(earlier, later);
  EXPECT_LT(earlier.text(), later.text());
}

}  // namespace
}  // namespace hallmark
