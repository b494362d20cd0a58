#include "cli/serial_number.h"

#include <gtest/gtest.h>

namespace hallmark::cli {
namespace {

TEST(SerialNumber, IsReadInEveryUsualSpelling) {
  for (const char* text :
       {"0A1B", "0a1b", "0a:1b", "0A:1B", "a1b", "0xa1b", "serial=0A1B", "00:0a:1b", "00000A1B"}) {
    EXPECT_EQ(serial_number_of(text), "0A1B") << text;
  }
  EXPECT_EQ(serial_number_of("0"), "00");
}

TEST(SerialNumber, IsNothingElse) {
  for (const char* text : {"", ":", "leaf.pem", "0A 1B", "arn:aws:acm", "0x", "serial="}) {
    EXPECT_FALSE(serial_number_of(text)) << text;
  }
  EXPECT_TRUE(serial_number_of(std::string(42, '1')));
  EXPECT_FALSE(serial_number_of(std::string(64, '1')));  // a fingerprint
}

}  // namespace
}  // namespace hallmark::cli
