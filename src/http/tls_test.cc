#include "http/tls.h"

#include <sys/socket.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_support.h"
#include "http/client.h"
#include "http/testing.h"

namespace hallmark::http {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;
using testing::Client;
using testing::TestServer;

constexpr std::size_t file_bytes_max = 64 * 1024;

// Keys and certificates that openssl makes, each pair once in a folder of its own.
class Tls : public ::testing::Test {
 protected:
  struct Pair {
    std::string certificate_file;
    TlsMaterial material;
  };

  Pair make_pair(const std::string& name,
                 const std::string& key = "ec -pkeyopt ec_paramgen_curve:P-256") const {
    const std::string base = folder_.path() / name;
    const auto made = test::run(
        "openssl req -x509 -days 2 -nodes -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost,DNS:*.example.com,IP:127.0.0.1 -newkey " +
        key + " -keyout " + base + ".key -out " + base + ".pem");
    CHECK(made.status == 0);
    return {base + ".pem",
            {.certificate_chain = value_of(read_file(base + ".pem", file_bytes_max)),
             .private_key = Secret(bytes_of(value_of(read_file(base + ".key", file_bytes_max))))}};
  }
  std::shared_ptr<const TlsIdentity> identity_of(const TlsMaterial& material) const {
    return value_of(TlsIdentity::make(material, clock_.now()));
  }
  Error refusal(const TlsMaterial& material) const {
    return error_of(TlsIdentity::make(material, clock_.now()));
  }
  static std::string url(const TestServer& server, const std::string& host = "127.0.0.1") {
    return "https://" + host + ":" + std::to_string(server.port()) + "/simple";
  }
  static ServerOptions options_of(const TlsIdentities& identities) {
    return {.address = "127.0.0.1", .threads = 2, .entry = {.tls = &identities}};
  }

  const test::TemporaryFolder folder_;
  const SystemClock clock_;
};

TEST_F(Tls, RequestsComeOverIt) {
  const Pair pair = make_pair("a");
  const TlsIdentities identities(identity_of(pair.material));
  const TestServer server(
      [](const Request& request, Reply reply) {
        reply(testing::response_of(request.peer.address + (request.peer.secure ? " secure" : "")));
      },
      {}, options_of(identities));
  const auto response = value_of(fetch({.url = url(server), .ca_file = pair.certificate_file}));
  EXPECT_EQ(response.body, "127.0.0.1 secure");
}

TEST_F(Tls, AConnectionServesManyRequestsOfAnySize) {
  const Pair pair = make_pair("a");
  const TlsIdentities identities(identity_of(pair.material));
  const TestServer server(
      [](Request request, Reply reply) { reply(testing::response_of(std::move(request.body))); },
      {}, options_of(identities));
  http::Client client(1);
  for (const std::size_t bytes : {0U, 1U, 16'383U, 16'384U, 16'385U, 500'000U}) {
    const std::string body(bytes, 'x');
    const auto response = value_of(client.fetch({.method = Method::post,
                                                 .url = url(server),
                                                 .body = body,
                                                 .ca_file = pair.certificate_file}));
    EXPECT_EQ(response.body, body);
  }
}

TEST_F(Tls, ManyClientsAtOnce) {
  const Pair pair = make_pair("a");
  const TlsIdentities identities(identity_of(pair.material));
  const TestServer server(testing::echo, {}, options_of(identities));
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int turn = 0; turn < 5; ++turn) {
          const auto response = fetch({.url = url(server), .ca_file = pair.certificate_file});
          if (response && response->status == 200) ++answered;
        }
      });
    }
  }
  EXPECT_EQ(answered, 40);
}

TEST_F(Tls, NewConnectionsGetTheNewCertificate) {
  const Pair first = make_pair("a");
  const Pair second = make_pair("b");
  TlsIdentities identities(identity_of(first.material));
  const TestServer server(testing::echo, {}, options_of(identities));
  http::Client kept(1);
  const ClientRequest with_first = {.url = url(server), .ca_file = first.certificate_file};
  EXPECT_TRUE(kept.fetch(with_first));
  identities.replace(identity_of(second.material));
  EXPECT_TRUE(fetch({.url = url(server), .ca_file = second.certificate_file}));
  EXPECT_FALSE(fetch(with_first));
  EXPECT_TRUE(kept.fetch(with_first)) << "a connection keeps the certificate it began with";
}

TEST_F(Tls, AConnectionEndsAtItsNextRequestWhenOtherAuthoritiesOfClientsAreAskedFor) {
  const Pair pair = make_pair("a");
  TlsIdentities identities(identity_of(pair.material));
  const TestServer server(testing::echo, {}, options_of(identities));
  http::Client kept(1);
  const ClientRequest request = {.url = url(server), .ca_file = pair.certificate_file};
  EXPECT_TRUE(kept.fetch(request));
  Pair strict = make_pair("a");
  strict.material.certificate_chain = pair.material.certificate_chain;
  strict.material.private_key = pair.material.private_key.copy();
  strict.material.client_authorities = pair.material.certificate_chain;
  identities.replace(identity_of(strict.material));
  EXPECT_FALSE(kept.fetch(request)) << "it has shown no certificate, on the old connection or new";
}

TEST_F(Tls, WhatIsNoTlsIsAnsweredByTheEndOfTheConnection) {
  const TlsIdentities identities(identity_of(make_pair("a").material));
  const TestServer server(testing::echo, testing::quick(), options_of(identities));
  for (const std::string& bytes :
       {std::string(testing::simple_get), std::string(300, '\0'), std::string(300, '\x16'),
        std::string("\x16\x03\x01\xff\xff\x01", 6) + std::string(70'000, 'x')}) {
    Client client(server.port());
    client.send(bytes);
    client.end_sending();
    const auto rest = client.read_to_end();
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->find("HTTP"), std::string::npos);
  }
}

TEST_F(Tls, AHandshakeHasADeadline) {
  const TlsIdentities identities(identity_of(make_pair("a").material));
  const TestServer server(testing::echo, testing::quick(&ServerLimits::header_deadline),
                          options_of(identities));
  Client silent(server.port());
  Client slow(server.port());
  slow.send("\x16\x03\x01");
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(slow.is_closed());
}

TEST_F(Tls, StoppingWaitsForNoHandshake) {
  const TlsIdentities identities(identity_of(make_pair("a").material));
  TestServer server(testing::echo, {}, options_of(identities));
  Client silent(server.port());
  const Pair other = make_pair("b");
  EXPECT_FALSE(fetch({.url = url(server), .ca_file = other.certificate_file}));  // both are there
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, testing::patience);
  EXPECT_TRUE(silent.is_closed());
}

TEST_F(Tls, AClientWithoutACertificateIsRefusedWhereOneIsAskedFor) {
  Pair pair = make_pair("a");
  pair.material.client_authorities = pair.material.certificate_chain;
  const TlsIdentities identities(identity_of(pair.material));
  const TestServer server(testing::echo, {}, options_of(identities));
  EXPECT_FALSE(fetch({.url = url(server), .ca_file = pair.certificate_file}));
}

TEST_F(Tls, AKeyOfAnotherCertificateIsRefused) {
  Pair pair = make_pair("a");
  pair.material.private_key = make_pair("b").material.private_key.copy();
  EXPECT_EQ(refusal(pair.material).message, "The private key is not the certificate's.");
}

TEST_F(Tls, AnExpiredCertificateIsRefused) {
  const Pair pair = make_pair("a");
  const auto later = TlsIdentity::make(pair.material, clock_.now() + std::chrono::hours(49));
  EXPECT_TRUE(error_of(later).message.starts_with("The certificate is valid from "));
  const auto before = TlsIdentity::make(pair.material, clock_.now() - std::chrono::hours(1));
  EXPECT_TRUE(error_of(before).message.starts_with("The certificate is valid from "));
}

TEST_F(Tls, AWeakKeyIsRefused) {
  EXPECT_EQ(refusal(make_pair("a", "rsa:1024").material).message,
            "The certificate cannot be used for TLS.");
}

TEST_F(Tls, WhatIsNoPemIsRefused) {
  const Pair pair = make_pair("a");
  const std::string& chain = pair.material.certificate_chain;
  const auto refused = [&](const std::string& certificate, const std::string& key,
                           const std::string& authorities) {
    const TlsMaterial material{certificate, Secret(bytes_of(key)), authorities};
    return refusal(material).kind == ErrorKind::invalid;
  };
  const std::string key(text_of(pair.material.private_key.reveal()));
  EXPECT_TRUE(refused("", key, ""));
  EXPECT_TRUE(refused("garbage", key, ""));
  EXPECT_TRUE(refused(chain, "", ""));
  EXPECT_TRUE(refused(chain, "garbage", ""));
  EXPECT_TRUE(refused(chain, chain, ""));
  EXPECT_TRUE(refused(chain, key, "garbage"));
  EXPECT_TRUE(refused(chain, key, chain + chain.substr(0, chain.size() / 2)));
}

TEST_F(Tls, AKeyWithAPassphraseIsRefused) {
  const Pair pair = make_pair("a");
  const std::string base = folder_.path() / "a";
  CHECK(test::run("openssl pkey -aes128 -passout pass:x -in " + base + ".key -out " + base + ".enc")
            .status == 0);
  const TlsMaterial material{pair.material.certificate_chain,
                             Secret(bytes_of(value_of(read_file(base + ".enc", file_bytes_max))))};
  EXPECT_EQ(refusal(material).message, "The private key is no PEM without a passphrase.");
}

TEST_F(Tls, ACertificateCoversTheNamesThatItHas) {
  const auto identity = identity_of(make_pair("a").material);
  for (const char* name : {"localhost", "127.0.0.1", "signer.example.com", "LOCALHOST"}) {
    EXPECT_TRUE(identity->covers(name)) << name;
  }
  for (const char* name :
       {"example.com", "verification.signer.example.com", "127.0.0.2", "other", ""}) {
    EXPECT_FALSE(identity->covers(name)) << name;
  }
}

}  // namespace
}  // namespace hallmark::http
