#include "http/proxy_protocol.h"

#include <string>

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::http {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;
using namespace std::string_literals;

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;
const std::string tcp4_addresses = "\xcb\0\x71\x05\xc0\0\2\1\xc8\x22\x01\xbb"s;

std::string v2(char command, char family, const std::string& body) {
  return signature + command + family + char(body.size() >> 8) + char(body.size() & 0xff) + body;
}

std::string source_of(const std::string& bytes) {
  const auto header = value_of(parse_proxy_header(bytes));
  EXPECT_EQ(header.missing_bytes, 0U);
  return header.source ? text_of(*header.source) : "none";
}

bool is_refused(const std::string& bytes) {
  const auto header = parse_proxy_header(bytes);
  return !header && header.error().kind == ErrorKind::bad_request;
}

std::size_t missing(const std::string& bytes) {
  return value_of(parse_proxy_header(bytes)).missing_bytes;
}

TEST(ProxyProtocol, ALineNamesTheClient) {
  EXPECT_EQ(source_of("PROXY TCP4 203.0.113.5 192.0.2.1 51234 443\r\n"), "203.0.113.5");
  EXPECT_EQ(source_of("PROXY TCP6 2001:db8::5 2001:db8::1 0 65535\r\n"), "2001:db8::5");
}

TEST(ProxyProtocol, AProxyMaySpeakForItself) {
  EXPECT_EQ(source_of("PROXY UNKNOWN\r\n"), "none");
  EXPECT_EQ(source_of("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), "none");
  EXPECT_EQ(source_of(v2('\x20', '\x11', tcp4_addresses)), "none");
  EXPECT_EQ(source_of(v2('\x20', '\0', "")), "none");
  EXPECT_EQ(source_of(v2('\x21', '\0', "anything")), "none");
}

TEST(ProxyProtocol, OfALineIsReadWhatBelongsToIt) {
  EXPECT_EQ(missing(""), 15U);
  EXPECT_EQ(missing("PROXY "), 9U);
  EXPECT_EQ(missing("PROXY TCP4 203.0.113.5"), 2U);
  EXPECT_EQ(missing("PROXY TCP4 203.0.113.5 192.0.2.1 51234 443\r"), 1U);
}

TEST(ProxyProtocol, OfVersion2IsReadWhatBelongsToIt) {
  EXPECT_EQ(missing(signature), 4U);
  EXPECT_EQ(missing(signature + "\x21\x11\0\x0c"s), 12U);
  EXPECT_EQ(missing(signature + "\x21\x11\0\x0c\1\2\3"s), 9U);
}

TEST(ProxyProtocol, Version2NamesTheClient) {
  EXPECT_EQ(source_of(v2('\x21', '\x11', tcp4_addresses)), "203.0.113.5");
  std::string addresses(36, '\0');
  addresses.replace(0, 4, "\x20\x01\x0d\xb8");
  addresses[15] = 5;
  EXPECT_EQ(source_of(v2('\x21', '\x21', addresses)), "2001:db8::5");
}

TEST(ProxyProtocol, Version2SaysWhetherTheClientCameOverTls) {
  const auto secure = [](const std::string& extensions) {
    return value_of(parse_proxy_header(v2('\x21', '\x11', tcp4_addresses + extensions))).secure;
  };
  EXPECT_EQ(secure(""), std::nullopt);
  EXPECT_EQ(secure("\x20\0\5\1\0\0\0\0"s), true);
  EXPECT_EQ(secure("\x20\0\5\0\0\0\0\0"s), false);
  EXPECT_EQ(secure("\x05\0\2ab\x20\0\5\7\0\0\0\0"s), true);
  EXPECT_EQ(secure("\x05\0\2ab"s), std::nullopt);
}

TEST(ProxyProtocol, WhatIsNoHeaderIsRefusedAtOnce) {
  EXPECT_TRUE(is_refused("G"));
  EXPECT_TRUE(is_refused("GET / HTTP/1.1\r\n"));
  EXPECT_TRUE(is_refused("\x16\x03\x01"));
  EXPECT_TRUE(is_refused("\r\n\r\n\r"));
  EXPECT_TRUE(is_refused("PROXYTCP4 "));
}

TEST(ProxyProtocol, AMalformedLineIsRefused) {
  for (const char* line :
       {"TCP4 203.0.113.5 192.0.2.1 51234", "TCP4 203.0.113.5 192.0.2.1 51234 443 ",
        "TCP4 203.0.113.5  192.0.2.1 51234 443", "TCP4 203.0.113.256 192.0.2.1 1 443",
        "TCP4 2001:db8::5 2001:db8::1 1 443", "TCP6 203.0.113.5 192.0.2.1 1 443",
        "TCP4 203.0.113.5 192.0.2.1 65536 443", "TCP4 203.0.113.5 192.0.2.1 01 443",
        "TCP4 203.0.113.5 192.0.2.1 -1 443", "TCP4 203.0.113.0/24 192.0.2.1 1 443",
        "UDP4 203.0.113.5 192.0.2.1 1 443", "tcp4 203.0.113.5 192.0.2.1 1 443", "UNKNOWNS 1 2"}) {
    EXPECT_TRUE(is_refused("PROXY "s + line + "\r\n")) << line;
  }
  EXPECT_TRUE(is_refused("PROXY TCP4 203.0.113.5 192.0.2.1 51234 443\n"));
  EXPECT_TRUE(is_refused("PROXY TCP4 203.0.113.5 192.0.2.1 51234 443\rx"));
  EXPECT_TRUE(is_refused("PROXY UNKNOWN " + std::string(92, 'x')));
}

TEST(ProxyProtocol, MalformedBytesOfVersion2AreRefused) {
  EXPECT_TRUE(is_refused(v2('\x22', '\x11', tcp4_addresses)));
  EXPECT_TRUE(is_refused(v2('\x11', '\x11', tcp4_addresses)));
  EXPECT_TRUE(is_refused(v2('\x21', '\x11', "short")));
  EXPECT_TRUE(is_refused(v2('\x21', '\x21', tcp4_addresses)));
  EXPECT_TRUE(is_refused(v2('\x21', '\x11', tcp4_addresses + "\x20"s)));
  EXPECT_TRUE(is_refused(v2('\x21', '\x11', tcp4_addresses + "\x20\0\5\1"s)));
  EXPECT_TRUE(is_refused(v2('\x21', '\x11', tcp4_addresses + "\x20\0\1\1"s)));
  EXPECT_TRUE(is_refused(signature + "\x21\x11\xff\xff"s));
}

}  // namespace
}  // namespace hallmark::http
