#include "http/buffered_random.h"

#include <gtest/gtest.h>

#include <set>

#include "base/test_support.h"

namespace hallmark::http {
namespace {

class CountedRandom final : public Random {
 public:
  void fill(MutableByteView bytes) override {
    ++draws;
    random_.fill(bytes);
  }
  int draws = 0;

 private:
  test::CountingRandom random_;
};

TEST(BufferedRandomTest, DrawsOnceForMany) {
  CountedRandom source;
  BufferedRandom random(source);
  std::array<std::uint8_t, 16> bytes;
  for (int i = 0; i < 64; ++i) random.fill(bytes);
  EXPECT_EQ(source.draws, 1);
  random.fill(bytes);
  EXPECT_EQ(source.draws, 2);
}

TEST(BufferedRandomTest, GivesEachByteOnce) {
  CountedRandom source;
  BufferedRandom random(source);
  std::set<std::array<std::uint8_t, 15>> seen;  // 15 bytes: some of two draws
  std::array<std::uint8_t, 15> bytes;
  for (int i = 0; i < 1000; ++i) {
    random.fill(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

TEST(BufferedRandomTest, GivesMoreThanItHoldsAtOnce) {
  CountedRandom source;
  test::CountingRandom same;
  BufferedRandom random(source);
  std::array<std::uint8_t, 3000> bytes = {};
  std::array<std::uint8_t, 3000> expected = {};
  random.fill(bytes);
  same.fill(expected);
  EXPECT_EQ(bytes, expected);
}

}  // namespace
}  // namespace hallmark::http
