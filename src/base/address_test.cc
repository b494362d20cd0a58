#include "base/address.h"

#include <initializer_list>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace hallmark {
namespace {

bool within(std::string_view address, std::string_view block) {
  const auto a = parse_address(address);
  const auto b = parse_address_block(block);
  EXPECT_TRUE(a) << address;
  EXPECT_TRUE(b) << block;
  return a && b && b->contains(*a);
}

TEST(Address, LiesInItsBlock) {
  EXPECT_TRUE(within("203.0.113.77", "203.0.113.0/24"));
  EXPECT_FALSE(within("203.0.114.1", "203.0.113.0/24"));
  EXPECT_TRUE(within("2001:db8::1", "2001:db8::/32"));
  EXPECT_FALSE(within("2001:db9::1", "2001:db8::/32"));
}

TEST(Address, IsABlockOfOne) {
  EXPECT_TRUE(within("203.0.113.77", "203.0.113.77"));
  EXPECT_TRUE(within("203.0.113.77", "203.0.113.77/32"));
  EXPECT_FALSE(within("203.0.113.78", "203.0.113.77"));
}

TEST(Address, OfEachFamilyLiesInTheBlockOfAll) {
  EXPECT_TRUE(within("10.1.2.3", "0.0.0.0/0"));
  EXPECT_TRUE(within("2001:db8::1", "::/0"));
}

TEST(Address, NeverLiesInABlockOfTheOtherFamily) {
  EXPECT_FALSE(within("10.1.2.3", "::/0"));
  EXPECT_FALSE(within("::1", "0.0.0.0/0"));
}

TEST(Address, ComparesBitsWithinAByte) {
  EXPECT_TRUE(within("10.0.0.130", "10.0.0.128/25"));
  EXPECT_FALSE(within("10.0.0.127", "10.0.0.128/25"));
  EXPECT_TRUE(within("10.255.0.1", "10.0.0.1/8"));
}

TEST(Address, MappedIntoIpv6IsTheIpv4Address) {
  EXPECT_TRUE(within("::ffff:203.0.113.77", "203.0.113.0/24"));
  EXPECT_TRUE(within("203.0.113.77", "::ffff:203.0.113.0/120"));
}

TEST(Address, ThatIsNoneIsRefused) {
  for (const std::string text :
       {"", "10.0.0", "10.0.0.256", "10.0.0.1 ", "01.2.3.4", "::g", "localhost", "10.0.0.0/33",
        "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "/8", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(parse_address_block(text)) << text;
  }
  EXPECT_FALSE(parse_address_block(std::string_view("10.0.0.1\0x", 10)));
  EXPECT_FALSE(parse_address("10.0.0.0/8"));
}

TEST(Address, HasOneSpelling) {
  for (const auto& [written, spelled] : std::initializer_list<std::pair<const char*, const char*>>{
           {"203.0.113.5", "203.0.113.5"},
           {"::ffff:203.0.113.5", "203.0.113.5"},
           {"2001:0DB8:0:0::1", "2001:db8::1"},
           {"::", "::"}}) {
    EXPECT_EQ(text_of(*parse_address(written)), spelled);
  }
  EXPECT_EQ(text_of(ipv4_address({203, 0, 113, 5})), "203.0.113.5");
}

TEST(Address, KnowsThisMachines) {
  for (const char* own : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(*parse_address(own))) << own;
  }
  for (const char* other : {"128.0.0.1", "0.0.0.0", "::", "::2", "7f00::1"}) {
    EXPECT_FALSE(is_loopback(*parse_address(other))) << other;
  }
}

}  // namespace
}  // namespace hallmark
