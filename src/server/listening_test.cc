#include "server/listening.h"

#include <gtest/gtest.h>

#include "base/test_support.h"
#include "server/service.h"

namespace hallmark::server {
namespace {

using hallmark::test::error_of;

const ListenAddress loopback = {"127.0.0.1", 9400};
const ListenAddress open = {"0.0.0.0", 9443};
const TlsSettings tls = {"/tls.pem", "/tls.key", {}};
constexpr std::size_t connections = 1000;

bool is_permitted(const ServiceOptions& options) { return check_listening(options).has_value(); }

TEST(Listening, OnLoopbackNeedsNothing) {
  EXPECT_TRUE(is_permitted({.listen = loopback, .operations = loopback}));
  EXPECT_TRUE(is_permitted({.listen = {"::1", 1}, .operations = {"127.3.4.5", 1}}));
}

TEST(Listening, OnTheNetworkNeedsTls) {
  ServiceOptions options = {.listen = open, .configuration = {.host_names = {"a"}}};
  EXPECT_NE(error_of(check_listening(options)).message.find("0.0.0.0:9443"), std::string::npos);
  options.configuration.tls = tls;
  EXPECT_TRUE(is_permitted(options));
}

TEST(Listening, OnTheNetworkNeedsHostNames) {
  EXPECT_FALSE(is_permitted({.listen = open, .configuration = {.tls = tls}}));
}

TEST(Listening, OperationsAreBoundByTheSameRules) {
  EXPECT_FALSE(is_permitted({.operations = open}));
  EXPECT_TRUE(
      is_permitted({.operations = open, .configuration = {.host_names = {"a"}, .tls = tls}}));
}

TEST(Listening, WithoutTlsOnTheNetworkIsAskedForAloud) {
  const ServiceOptions options = {
      .listen = open,
      .configuration = {.host_names = {"a"}, .insecure_plain_http_on_network = true}};
  EXPECT_TRUE(is_permitted(options));
  EXPECT_EQ(api_listener(options, nullptr, connections).plain, http::Plain::on_network);
  EXPECT_EQ(operations_listener(options, nullptr).plain, http::Plain::on_loopback);
}

TEST(Listening, ProxiesThatSpeakTheProtocolAreNamed) {
  EXPECT_FALSE(is_permitted({.configuration = {.proxy_protocol = true}}));
}

TEST(Listening, HostNamesBindTheNetworkOnly) {
  const Configuration configuration = {.host_names = {"a"}, .tls = tls};
  const ServiceOptions options = {
      .listen = open, .operations = loopback, .configuration = configuration};
  EXPECT_EQ(api_listener(options, nullptr, connections).entry.host_names, configuration.host_names);
  EXPECT_TRUE(operations_listener(options, nullptr).entry.host_names.empty());
}

TEST(Listening, OneAddressTakesAQuarterOfTheConnections) {
  const auto of_each = [](std::size_t chosen, std::size_t in_all) {
    return api_listener({.configuration = {.connections_per_address_max = chosen}}, nullptr, in_all)
        .entry.connections_per_address_max;
  };
  EXPECT_EQ(of_each(0, 1000), 250U);
  EXPECT_EQ(of_each(0, 2), 1U);
  EXPECT_EQ(of_each(7, 1000), 7U);
}

TEST(Listening, ProxiesCountForTheApiOnly) {
  const ServiceOptions options = {
      .configuration = {.trusted_proxies = {"10.0.0.0/28"}, .proxy_protocol = true}};
  const auto entry = api_listener(options, nullptr, connections).entry;
  EXPECT_TRUE(entry.proxies.contain(*parse_address("10.0.0.7")));
  EXPECT_FALSE(entry.proxies.contain(*parse_address("10.0.0.16")));
  EXPECT_EQ(entry.proxies.says, http::TrustedProxies::Says::before_all);
  EXPECT_TRUE(operations_listener(options, nullptr).entry.proxies.addresses.empty());
}

TEST(Listening, AnEndpointHasANameWhereOneIsNeeded) {
  const auto endpoint = [](const ListenAddress& address, const Configuration& configuration) {
    const ServiceOptions options = {.listen = address, .configuration = configuration};
    return endpoint_of(api_listener(options, nullptr, connections), configuration, 80);
  };
  EXPECT_EQ(endpoint(loopback, {}), "http://127.0.0.1:80");
  EXPECT_EQ(endpoint(loopback, {.host_names = {"a"}}), "http://127.0.0.1:80");
  EXPECT_EQ(endpoint({"::1", 0}, {}), "http://[::1]:80");
  EXPECT_EQ(endpoint(open, {.host_names = {"a", "b"}}), "http://a:80");
  EXPECT_EQ(endpoint(open, {.host_names = {"2001:db8::1"}}), "http://[2001:db8::1]:80");
}

}  // namespace
}  // namespace hallmark::server
