// Who may come in: host names, proxies that are trusted, and places for each address.
#include "http/entry.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/places.h"
#include "http/testing.h"

namespace hallmark::http {
namespace {

using testing::Client;
using testing::TestServer;

const Entry named = {.host_names = {"signer.example.com", "192.0.2.7", "2001:db8::7"}};

// Answers who asks.
constexpr auto answer_peer = [](const Request& request, Reply reply) {
  reply(testing::response_of(request.peer.address + (request.peer.secure ? " secure" : "")));
};

TestServer server_with(const Entry& entry) {
  return TestServer(answer_peer, {}, {.address = "127.0.0.1", .threads = 1, .entry = entry});
}

Entry trusting_loopback(TrustedProxies::Says says) {
  return {.proxies = {.addresses = {*parse_address("127.0.0.1")}, .says = says}};
}

std::string get(const std::string& fields = "") {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

TEST(OwnHost, IsANameOrOneOfItsFormsWithAnyPort) {
  for (const char* host :
       {"signer.example.com", "Signer.Example.COM:9443", "data-signer.example.com",
        "verification.signer.example.com:443", "192.0.2.7:9443", "data-192.0.2.7",
        "[2001:db8::7]:9443", "[2001:DB8::7]"}) {
    EXPECT_TRUE(is_own_host(named, host)) << host;
  }
}

TEST(OwnHost, IsNoOther) {
  for (const char* host :
       {"", "example.com", "signer.example.com.", "signer.example.com.evil.org",
        "xsigner.example.com", "data-data-signer.example.com", "data.signer.example.com",
        "verification.example.com", "127.0.0.1", "localhost", "192.0.2.70", "data-"}) {
    EXPECT_FALSE(is_own_host(named, host)) << host;
  }
}

TEST(OwnHost, IsAnyWhereNoneIsNamed) { EXPECT_TRUE(is_own_host({}, "whatever")); }

TEST(Entry, RefusesRequestsForOthers) {
  const TestServer server = server_with({.host_names = {"a"}});
  EXPECT_EQ(Client(server.port()).ask(get()).status, 200);
  EXPECT_EQ(Client(server.port()).ask("GET / HTTP/1.1\r\nHost: b\r\n\r\n").status, 400);
  EXPECT_EQ(Client(server.port()).ask("GET http://b/ HTTP/1.1\r\nHost: b\r\n\r\n").status, 400);
  EXPECT_EQ(Client(server.port()).ask("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
}

TEST(Entry, NobodysWordOnTheClientCountsUnasked) {
  const TestServer server = server_with({});
  const std::string fields = "X-Forwarded-For: 203.0.113.5\r\nX-Forwarded-Proto: https\r\n";
  EXPECT_EQ(Client(server.port()).ask(get(fields)).body, "127.0.0.1");
  EXPECT_EQ(Client(server.port()).ask("PROXY TCP4 203.0.113.5 192.0.2.1 1 443\r\n" + get()).status,
            400);
}

TEST(Entry, AnUntrustedPeersWordDoesNotCount) {
  const Entry entry = {.proxies = {.addresses = {*parse_address("127.0.0.2")}}};
  const TestServer server = server_with(entry);
  EXPECT_EQ(Client(server.port()).ask(get("X-Forwarded-For: 203.0.113.5\r\n")).body, "127.0.0.1");
  EXPECT_EQ(Client(server.port()).ask(get("X-Forwarded-For: ,\r\n")).body, "127.0.0.1");
}

TEST(Entry, ATrustedProxysFieldsCount) {
  const TestServer server = server_with(trusting_loopback(TrustedProxies::Says::in_fields));
  Client client(server.port());
  EXPECT_EQ(client.ask(get("X-Forwarded-For: 203.0.113.5\r\nX-Forwarded-Proto: https\r\n")).body,
            "203.0.113.5 secure");
  EXPECT_EQ(client.ask(get("X-Forwarded-For: 203.0.113.6\r\n")).body, "203.0.113.6");
  EXPECT_EQ(client.ask(get()).body, "127.0.0.1");
  EXPECT_EQ(client.ask(get("X-Forwarded-For: ,\r\n")).body, "127.0.0.1");
  EXPECT_EQ(client.ask(get("X-Forwarded-For: nobody\r\n")).status, 400);
}

TEST(Entry, ATrustedProxysHeaderCountsForItsConnection) {
  const TestServer server = server_with(trusting_loopback(TrustedProxies::Says::before_all));
  Client client(server.port());
  client.send("PROXY TCP4 203.0.1");
  client.send("13.5 192.0.2.1 51234 443\r\n" + get());
  EXPECT_EQ(client.read_answer().body, "203.0.113.5");
  EXPECT_EQ(client.ask(get("X-Forwarded-For: 203.0.113.6\r\n")).body, "203.0.113.5");
}

TEST(Entry, ATrustedProxyMaySpeakForItself) {
  const TestServer server = server_with(trusting_loopback(TrustedProxies::Says::before_all));
  EXPECT_EQ(Client(server.port()).ask("PROXY UNKNOWN\r\n" + get()).body, "127.0.0.1");
}

TEST(Entry, AProxyThatDoesNotSpeakTheProtocolIsClosed) {
  const TestServer server = server_with(trusting_loopback(TrustedProxies::Says::before_all));
  Client without(server.port());
  without.send(get());
  EXPECT_TRUE(without.is_closed());
  Client garbled(server.port());
  garbled.send("PROXY TCP4 203.0.113.555 192.0.2.1 51234 443\r\n" + get());
  EXPECT_TRUE(garbled.is_closed());
}

TEST(Entry, AProxysHeaderHasADeadline) {
  const TestServer server(answer_peer, testing::quick(&ServerLimits::header_deadline),
                          {.address = "127.0.0.1",
                           .threads = 1,
                           .entry = trusting_loopback(TrustedProxies::Says::before_all)});
  Client client(server.port());
  client.send("PROXY TCP4 ");
  EXPECT_TRUE(client.is_closed());
}

TEST(Places, AreGivenUpToTheBoundAndComeBack) {
  Places places;
  places.set_bounds(2, 2);
  {
    const auto first = places.take(std::nullopt);
    const auto second = places.take(std::nullopt);
    EXPECT_TRUE(first.place && second.place);
    const auto third = places.take(std::nullopt);
    EXPECT_FALSE(third.place);
    EXPECT_EQ(third.full, Places::Full::all);
  }
  EXPECT_TRUE(places.take(std::nullopt).place);
}

TEST(Places, OneAddressDoesNotTakeThemAll) {
  Places places;
  places.set_bounds(3, 1);
  const auto address = parse_address("203.0.113.5");
  auto first = places.take(address);
  EXPECT_TRUE(first.place);
  EXPECT_EQ(places.take(address).full, Places::Full::of_source);
  EXPECT_TRUE(places.take(parse_address("203.0.113.6")).place);
  first.place.reset();
  EXPECT_TRUE(places.take(address).place);
}

TEST(Places, ANetworkOfIpv6IsOneAddress) {
  Places places;
  places.set_bounds(9, 1);
  const auto first = places.take(parse_address("2001:db8:0:1::5"));
  EXPECT_TRUE(first.place);
  EXPECT_FALSE(places.take(parse_address("2001:db8:0:1:ffff::6")).place);
  EXPECT_TRUE(places.take(parse_address("2001:db8:0:2::5")).place);
}

}  // namespace
}  // namespace hallmark::http
