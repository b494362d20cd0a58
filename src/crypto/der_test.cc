#include "crypto/der.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace hallmark::crypto::der {
namespace {

Timestamp at(std::string_view text) { return *from_rfc3339(text); }

TEST(Der, LengthsAreShortThenLong) {
  EXPECT_EQ(to_hex(octet_string(Bytes(2, 7))), "04020707");
  EXPECT_EQ(to_hex(ByteView(octet_string(Bytes(127))).first(2)), "047f");
  EXPECT_EQ(to_hex(ByteView(octet_string(Bytes(128))).first(3)), "048180");
  EXPECT_EQ(to_hex(ByteView(octet_string(Bytes(256))).first(4)), "04820100");
  EXPECT_EQ(to_hex(ByteView(octet_string(Bytes(65536))).first(5)), "0483010000");
}

TEST(Der, IntegersAreMinimalAndNeverNegative) {
  EXPECT_EQ(to_hex(integer({})), "020100");
  EXPECT_EQ(to_hex(integer(Bytes{0, 0, 0})), "020100");
  EXPECT_EQ(to_hex(integer(Bytes{0, 0x7f})), "02017f");
  EXPECT_EQ(to_hex(integer(Bytes{0x80})), "02020080");
  EXPECT_EQ(to_hex(integer(Bytes{0, 0xff, 1})), "020300ff01");
}

// The examples of RFC 5480 (P-384), of CMS, and of AWS's own attributes.
TEST(Der, ObjectIdentifiersAreWrittenByArcs) {
  EXPECT_EQ(to_hex(known_identifier("1.3.132.0.34")), "06052b81040022");
  EXPECT_EQ(to_hex(known_identifier("1.2.840.113549.1.7.2")), "06092a864886f70d010702");
  EXPECT_EQ(to_hex(known_identifier("1.3.187.137.1.2")), "06072b813b81090102");
  EXPECT_EQ(to_hex(known_identifier("2.999.3")), "0603883703");
  EXPECT_EQ(to_hex(known_identifier("0.0")), "060100");
}

TEST(Der, WrongObjectIdentifiersAreRefused) {
  for (const auto text : {"", "1", ".", "1.", ".1", "1..2", "3.1", "1.40", "1.2.03", "1.2.-3",
                          "1.2.x", "1.2.4294967296", "1.2 ", " 1.2"}) {
    EXPECT_FALSE(object_identifier(text)) << text;
  }
}

TEST(Der, SetsAreInTheOrderOfTheirEncodings) {
  EXPECT_EQ(to_hex(set_of({utf8_string("b"), small_integer(5), utf8_string("a")})),
            "31090201050c01610c0162");
}

TEST(Der, NamedBitsLoseTheirTrailingZeros) {
  EXPECT_EQ(to_hex(named_bits(0x80)), "03020780");  // digitalSignature
  EXPECT_EQ(to_hex(named_bits(0x06)), "03020106");  // keyCertSign and cRLSign
  EXPECT_EQ(to_hex(named_bits(0)), "030100");
}

TEST(Der, CertificatesChangeTheirTimesIn2050) {
  EXPECT_EQ(text_of(certificate_time(at("2049-12-31T23:59:59Z"))),
            "\x17\x0d"
            "491231235959Z");
  EXPECT_EQ(text_of(certificate_time(at("2050-01-01T00:00:00Z"))),
            "\x18\x0f"
            "20500101000000Z");
}

TEST(Der, GeneralizedTimesDropTrailingZeros) {
  EXPECT_EQ(text_of(generalized_time(at("2026-09-28T09:19:26.806Z"))),
            "\x18\x13"
            "20260928091926.806Z");
  EXPECT_EQ(text_of(generalized_time(at("2026-09-28T09:19:26.8Z"))),
            "\x18\x11"
            "20260928091926.8Z");
  EXPECT_EQ(text_of(generalized_time(at("2026-09-28T09:19:26Z"))),
            "\x18\x0f"
            "20260928091926Z");
}

TEST(Der, Utf8IsToldFromOtherBytes) {
  for (const auto text : {"", "abc", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\x91"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const auto text :
       {"\x80", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xff"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

}  // namespace
}  // namespace hallmark::crypto::der
