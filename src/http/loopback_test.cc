#include "http/loopback.h"

#include <gtest/gtest.h>

namespace hallmark::http {
namespace {

TEST(Loopback, IsThisMachineByNumberOrName) {
  for (const char* host : {"127.0.0.1", "127.255.0.9", "[::1]", "localhost", "a.b.localhost"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
}

TEST(Loopback, IsNoOtherMachine) {
  for (const char* host : {"", "signer", "128.0.0.1", "127.0.0.1.example", "127.1", "127.0.0.1.5",
                           "localhost.example", "xlocalhost", "[::2]", "::1", "0.0.0.0",
                           "[::ffff:8.8.8.8]", "e@a.localhost", "example.com\\.localhost"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(Loopback, AUrlIsOfItsHost) {
  for (const char* url : {"http://127.0.0.1", "http://127.0.0.1:9400/a", "https://localhost?a",
                          "HTTP://[::1]:80#a", "http://[::1]/"}) {
    EXPECT_TRUE(is_loopback_url(url)) << url;
  }
  for (const char* url :
       {"", "127.0.0.1", "ftp://127.0.0.1", "http://", "http://example.com/127.0.0.1",
        "http://127.0.0.1@example.com", "http://127.0.0.1:80@example.com", "http://example.com",
        "http://example.com#.localhost", "http://127.0.0.1:a"}) {
    EXPECT_FALSE(is_loopback_url(url)) << url;
  }
}

}  // namespace
}  // namespace hallmark::http
