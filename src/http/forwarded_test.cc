#include "http/forwarded.h"

#include <initializer_list>

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::http {
namespace {

using hallmark::test::value_of;

const TrustedProxies trusted = {.addresses = {*parse_address_block("192.0.2.0/28")}};
const Peer proxy = {.address = "192.0.2.1"};

Headers headers_of(std::initializer_list<std::pair<const char*, const char*>> fields) {
  Headers headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

// The client's address; "bad" when the request is refused.
std::string client(std::initializer_list<const char*> forwarded_for) {
  Headers headers;
  for (const char* value : forwarded_for) headers.add("x-forwarded-for", value);
  const auto peer = forwarded_peer(headers, proxy, trusted);
  if (peer) return peer->address;
  EXPECT_EQ(peer.error().kind, ErrorKind::bad_request);
  return "bad";
}

bool is_secure(std::initializer_list<const char*> protocols) {
  Headers headers;
  for (const char* value : protocols) headers.add("X-Forwarded-Proto", value);
  return value_of(forwarded_peer(headers, proxy, trusted)).secure;
}

TEST(Forwarded, TheClientIsTheRightmostThatIsNoTrustedProxy) {
  EXPECT_EQ(client({"203.0.113.5"}), "203.0.113.5");
  EXPECT_EQ(client({"10.0.0.1, 203.0.113.5"}), "203.0.113.5");
  EXPECT_EQ(client({"10.0.0.1, 203.0.113.5, 192.0.2.2,192.0.2.3"}), "203.0.113.5");
  EXPECT_EQ(client({"10.0.0.1", "203.0.113.5", "192.0.2.2"}), "203.0.113.5");
}

TEST(Forwarded, OfTrustedProxiesAloneTheFarthestCounts) {
  EXPECT_EQ(client({"192.0.2.3, 192.0.2.2"}), "192.0.2.3");
}

TEST(Forwarded, WithoutAnAddressTheProxysOwnCounts) {
  EXPECT_EQ(client({}), proxy.address);
  EXPECT_EQ(client({""}), proxy.address);
  EXPECT_EQ(client({","}), proxy.address);
  EXPECT_EQ(client({" , ,\t"}), proxy.address);
}

TEST(Forwarded, TheClientsOwnWordIsNotLookedAt) {
  EXPECT_EQ(client({"' or 1=1, unknown, 203.0.113.5"}), "203.0.113.5");
}

TEST(Forwarded, WhatIsNoAddressIsRefusedWhereOneIsLookedFor) {
  for (const char* value : {"unknown", "_hidden", "203.0.113.5, unknown", "203.0.113.5/24",
                            "203.0.113.256", "[2001:db8::5", "203.0.113.5:", "203.0.113.5:x",
                            "[2001:db8::5]x", "\"203.0.113.5\"", "1.2.3.4 5.6.7.8"}) {
    EXPECT_EQ(client({value}), "bad") << value;
  }
}

TEST(Forwarded, AnAddressMayHaveAPort) {
  EXPECT_EQ(client({"203.0.113.5:51234"}), "203.0.113.5");
  EXPECT_EQ(client({"[2001:db8::5]:51234"}), "2001:db8::5");
  EXPECT_EQ(client({"[2001:db8::5]"}), "2001:db8::5");
  EXPECT_EQ(client({"2001:DB8:0::5"}), "2001:db8::5");
}

TEST(Forwarded, TheClientIsSecureIfTheProxySaysHttpsAndNothingElse) {
  EXPECT_TRUE(is_secure({"https"}));
  EXPECT_TRUE(is_secure({"HTTPS"}));
  EXPECT_TRUE(is_secure({"https, https"}));
  EXPECT_FALSE(is_secure({}));
  EXPECT_FALSE(is_secure({""}));
  EXPECT_FALSE(is_secure({"http"}));
  EXPECT_FALSE(is_secure({"https, http"}));
  EXPECT_FALSE(is_secure({"https", "http"}));
}

TEST(Forwarded, TheProxysOwnTlsSaysNothingOfItsClient) {
  EXPECT_FALSE(value_of(forwarded_peer(headers_of({{"X-Forwarded-For", "203.0.113.5"}}),
                                       {.address = "192.0.2.1", .secure = true}, trusted))
                   .secure);
}

}  // namespace
}  // namespace hallmark::http
