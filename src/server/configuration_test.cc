#include "server/configuration.h"

#include <array>
#include <initializer_list>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_support.h"

namespace hallmark::server {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

constexpr std::array<std::string_view, 2> operations = {"StartSigningJob", "SignPayload"};
const ConfigurationSource source = {"/etc/hallmark/hallmark.toml", operations};

Configuration parsed(std::string_view toml) { return value_of(Configuration::parse(toml, source)); }

// What follows "FILE:" in the refusal.
std::string refusal(std::string_view toml) {
  const auto configuration = Configuration::parse(toml, source);
  if (configuration) return "";
  EXPECT_EQ(configuration.error().kind, ErrorKind::invalid) << toml;
  const std::string& message = configuration.error().message;
  const std::string file = source.file.string() + ":";
  EXPECT_TRUE(message.starts_with(file)) << message;
  return message.substr(file.size());
}

constexpr std::string_view issuer = R"([[web_identity]]
issuer = "https://token.actions.githubusercontent.com"
key_set_url = "https://token.actions.githubusercontent.com/.well-known/jwks"
audiences = ["sts.amazonaws.com", "hallmark"]
)";

TEST(Configuration, AnEmptyFileHasAllDefaults) {
  EXPECT_EQ(parsed(""), Configuration());
  EXPECT_EQ(parsed("# nothing\n"), Configuration());
  EXPECT_FALSE(Configuration().listen);
  EXPECT_EQ(Configuration().base_path, "/Prod");
  EXPECT_EQ(Configuration().throttle.requests_per_second, limits::request_rate_default);
}

TEST(Configuration, ReadsEverySetting) {
  const Configuration read = parsed(R"(
listen = "127.0.0.1:9400"
ops_listen = "[::1]:0"
host_names = ["signer.example.com", "192.0.2.7"]
insecure_plain_http_on_network = true
trusted_proxies = ["10.0.0.7", "2001:db8::/64"]
proxy_protocol = true
connections_per_address_max = 100
base_path = ""
keys = "pkcs11:token=a?module-path=/p.so"
master_key = "credential:master"

[throttle]
requests_per_second = 0
burst_seconds = 5
sign_payload_throttling_exception = true

[throttle.operations]
StartSigningJob = 100

[tls]
certificate_file = "tls.pem"
key_file = "/run/tls.key"
client_ca_file = "ca.pem"

[[web_identity]]
issuer = "https://ci.example.com:8443/realms/build"
key_set_url = "https://ci.example.com/jwks"
key_set_ca_file = "ca.pem"
audiences = ["sts.amazonaws.com"]

[[web_identity]]
issuer = "https://b.example.com"
key_set_file = "/var/lib/keys.json"
audiences = ["x"]
)");
  EXPECT_EQ(read,
            (Configuration{.listen = ListenAddress{"127.0.0.1", 9400},
                           .ops_listen = ListenAddress{"::1", 0},
                           .host_names = {"signer.example.com", "192.0.2.7"},
                           .insecure_plain_http_on_network = true,
                           .trusted_proxies = {"10.0.0.7", "2001:db8::/64"},
                           .proxy_protocol = true,
                           .connections_per_address_max = 100,
                           .base_path = "",
                           .keys = "pkcs11:token=a?module-path=/p.so",
                           .master_key = "credential:master",
                           .throttle = {.requests_per_second = 0,
                                        .burst_seconds = 5,
                                        .sign_payload_throttling_exception = true,
                                        .operations = {{"StartSigningJob", 100}}},
                           .tls = {.certificate_file = "/etc/hallmark/tls.pem",
                                   .key_file = "/run/tls.key",
                                   .client_ca_file = "/etc/hallmark/ca.pem"},
                           .web_identity = {{.issuer = "https://ci.example.com:8443/realms/build",
                                             .key_set_url = "https://ci.example.com/jwks",
                                             .key_set_ca_file = "/etc/hallmark/ca.pem",
                                             .audiences = {"sts.amazonaws.com"}},
                                            {.issuer = "https://b.example.com",
                                             .key_set_file = "/var/lib/keys.json",
                                             .audiences = {"x"}}}}));
}

TEST(Configuration, TakesTheOtherSpellingsOfToml) {
  EXPECT_EQ(
      parsed("throttle.burst_seconds = 1_0\nthrottle.operations = {SignPayload = 0x10}").throttle,
      (Throttle{.burst_seconds = 10, .operations = {{"SignPayload", 16}}}));
}

TEST(Configuration, RatesAreOfTheOperationOrOfAll) {
  const Throttle throttle = {.requests_per_second = 7, .operations = {{"SignPayload", 0}}};
  EXPECT_EQ(throttle.rate_of("SignPayload"), 0U);
  EXPECT_EQ(throttle.rate_of("StartSigningJob"), 7U);
}

TEST(Configuration, AnIssuerIsNamedInPoliciesWithoutItsScheme) {
  EXPECT_EQ(parsed(issuer).web_identity.front().federated_name(),
            "token.actions.githubusercontent.com");
  EXPECT_EQ(WebIdentityIssuer().federated_name(), "");
}

TEST(Configuration, SettingsAreAFileThatReadsBack) {
  const Configuration defaults;
  EXPECT_EQ(parsed(defaults.settings()), defaults);
  Configuration all = parsed(issuer);
  all.listen = ListenAddress{"::1", 80};
  all.host_names = {"a", "b"};
  all.trusted_proxies = {"10.0.0.7"};
  all.tls = {"/a", "/b", {}};
  all.throttle = {1, 2, true, {{"SignPayload", 3}}};
  all.web_identity.front().audiences = {R"(a "quoted" \ text)"};
  all.web_identity.push_back(
      {.issuer = "https://b.example.com", .key_set_file = "/keys.json", .audiences = {"a", "b"}});
  EXPECT_EQ(parsed(all.settings()), all);
}

TEST(Configuration, SettingsShowDefaultsAndHelp) {
  EXPECT_TRUE(Configuration().settings().starts_with(
      "# ADDRESS:PORT of the API; port 0 picks a free one; other than loopback with TLS only\n"
      "# listen = \"127.0.0.1:9400\"\n"));
  EXPECT_NE(Configuration().settings().find("\n[throttle]\n"
                                            "# of each account and operation; 0 sets no limit\n"
                                            "requests_per_second = 20000\n"),
            std::string::npos);
}

TEST(Configuration, ExamplesOfItsSettingsAreValid) {
  std::string text = Configuration().settings();
  for (const std::string name : {"listen", "ops_listen", "StartSigningJob"}) {
    const std::size_t at = text.find("# " + name + " = ");
    ASSERT_NE(at, std::string::npos) << name;
    text.erase(at, 2);
  }
  EXPECT_EQ(parsed(text).listen, (ListenAddress{"127.0.0.1", 9400}));
}

struct Wrong {
  std::string_view toml, refusal;
};

TEST(Configuration, UnknownNamesAreRefused) {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"\nlisen = 1", "2: lisen is not a setting."},
           {"[throttles]", "1: throttles is not a setting."},
           {"[throttle]\n\nrequests = 1", "3: throttle.requests is not a setting."},
           {"[throttle.operations]\nStartSigningJobs = 1",
            "2: throttle.operations.StartSigningJobs is not an operation."},
           {"[[web_identity]]\nname = 1", "2: web_identity[0].name is not a setting."},
           {"\"a\\u001bb\" = 1", "1: a name that cannot be shown is not a setting."}}) {
    EXPECT_EQ(refusal(wrong.toml), wrong.refusal);
  }
}

TEST(Configuration, WrongTypesAreRefused) {
  constexpr std::string_view rate = " must be a whole number from 0 to 1000000.";
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"listen = 9400",
            "1: listen must be a string ADDRESS:PORT with a numeric address, or localhost."},
           {"host_names = \"a\"", "1: host_names must be an array of at most 32 host names."},
           {"host_names = [\"a\", \"b/\"]", "1: host_names[1] must be a host name or an address."},
           {"trusted_proxies = [\"10.0.0.0/33\"]",
            "1: trusted_proxies[0] must be an address, or a block like 10.0.0.0/28."},
           {"tls = {}", "1: tls must have certificate_file and key_file."},
           {"[tls]\ncertificate_file = \"a\"", "1: tls must have certificate_file and key_file."},
           {"keys = \"vault:x\"",
            "1: keys must be file: or a URI "
            "pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH."},
           {"keys = \"pkcs11:token=a?module-path=/p.so&pin-value=1234\"",
            "1: keys must be file: or a URI "
            "pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH."},
           {"master_key = \"master.key\"",
            "1: master_key must be an absolute path, credential:NAME or a pkcs11: URI."},
           {"base_path = true", "1: base_path must be a string, empty or a path like /Prod."},
           {"throttle = 1", "1: throttle must be a table."},
           {"throttle.burst_seconds = 1.5",
            "1: throttle.burst_seconds must be a whole number from 1 to 3600."},
           {"throttle.sign_payload_throttling_exception = 1",
            "1: throttle.sign_payload_throttling_exception must be true or false."},
           {"throttle.operations = 1", "1: throttle.operations must be a table."},
           {"web_identity = {}", "1: web_identity must be an array of at most 32 tables."},
           {"web_identity = [1]", "1: web_identity[0] must be a table."},
           {"[[web_identity]]\naudiences = \"a\"",
            "2: web_identity[0].audiences must be an array of 1 to 64 strings."},
           {"[[web_identity]]\naudiences = [\"a\",\n1]",
            "3: web_identity[0].audiences[1] must be a string, not empty."}}) {
    EXPECT_EQ(refusal(wrong.toml), wrong.refusal);
  }
  EXPECT_EQ(refusal("throttle.requests_per_second = \"1\""),
            "1: throttle.requests_per_second" + std::string(rate));
  EXPECT_EQ(refusal("throttle.operations.SignPayload = 1979-05-27"),
            "1: throttle.operations.SignPayload" + std::string(rate));
}

TEST(Configuration, NumbersOutOfRangeAreRefused) {
  for (const std::string number : {"-1", "1000001", "9223372036854775807"}) {
    EXPECT_NE(refusal("throttle.requests_per_second = " + number), "") << number;
  }
  for (const std::string number : {"0", "3601"}) {
    EXPECT_NE(refusal("throttle.burst_seconds = " + number), "") << number;
  }
}

TEST(Configuration, ListensOnNumericAddresses) {
  EXPECT_EQ(parsed("listen = \"localhost:65535\"").listen, (ListenAddress{"127.0.0.1", 65535}));
  EXPECT_EQ(parsed("listen = \"127.9.8.7:1\"").listen->text(), "127.9.8.7:1");
  EXPECT_EQ(parsed("listen = \"[::1]:1\"").listen->text(), "[::1]:1");
  EXPECT_EQ(parsed("listen = \"0.0.0.0:1\"").listen->text(), "0.0.0.0:1");
  EXPECT_EQ(parsed("listen = \"[2001:db8::1]:1\"").listen->text(), "[2001:db8::1]:1");
  for (const std::string address :
       {"", "9400", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1.example.com:9400", "127.:1", "::1:9400", "[127.0.0.1]:9400", "[::1:9400",
        "0.0.0.0/0:1", "example.com:9400", ":9400"}) {
    EXPECT_NE(refusal("listen = \"" + address + "\""), "") << address;
  }
}

TEST(Configuration, KnowsWhichAddressesOnlyThisMachineReaches) {
  for (const char* own : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1"}) {
    EXPECT_TRUE(value_of(ListenAddress::parse(own)).is_loopback()) << own;
  }
  for (const char* open : {"0.0.0.0:1", "[::]:1", "192.0.2.1:1"}) {
    EXPECT_FALSE(value_of(ListenAddress::parse(open)).is_loopback()) << open;
  }
}

TEST(Configuration, BasePathIsAPathWithoutASlashAtItsEnd) {
  EXPECT_EQ(parsed("base_path = \"/a/b-c_1\"").base_path, "/a/b-c_1");
  for (const std::string path : {"/", "Prod", "/Prod/", "//Prod", "/a//b", "/a b", "/a?b", "/.."}) {
    EXPECT_NE(refusal("base_path = \"" + path + "\""), "") << path;
  }
}

TEST(Configuration, IssuersAreHttpsUrls) {
  for (const std::string url :
       {"", "ci.example.com", "http://ci.example.com", "https://", "https://ci.example.com?x",
        "https://user@ci.example.com", "https://ci.example.com:", "https://ci.example.com/ü"}) {
    EXPECT_EQ(refusal("[[web_identity]]\nissuer = \"" + url + "\""),
              "2: web_identity[0].issuer must be a string https://HOST[:PORT][/PATH].");
  }
}

TEST(Configuration, KeySetsComeOverHttpsOrFromThisMachine) {
  constexpr std::string_view rest =
      "[[web_identity]]\nissuer = \"https://a.example\"\naudiences = [\"a\"]\nkey_set_url = ";
  for (const std::string url : {"https://a.example/jwks?x=1", "http://127.0.0.1:8080/jwks",
                                "http://localhost/jwks", "http://[::1]:80/jwks"}) {
    EXPECT_EQ(parsed(std::string(rest) + '"' + url + '"').web_identity.size(), 1U) << url;
  }
  for (const std::string url :
       {"", "http://a.example/jwks", "file:///jwks", "https://u:p@a.example/", "https://",
        "http://localhost.example.com/", "http://127.0.0.1.example.com/", "https://a.example/#x"}) {
    EXPECT_EQ(refusal(std::string(rest) + '"' + url + '"'),
              "4: web_identity[0].key_set_url must be a string, an https URL, or an http URL of "
              "this machine.")
        << url;
  }
}

TEST(Configuration, AnIssuerIsWhole) {
  const auto of = [](std::string_view settings) {
    return refusal("\n[[web_identity]]\n" + std::string(settings));
  };
  constexpr std::string_view named = "issuer = \"https://a.example\"\naudiences = [\"a\"]\n";
  EXPECT_EQ(of(""), "2: web_identity[0] must have issuer.");
  EXPECT_EQ(of("issuer = \"https://a.example\""), "2: web_identity[0] must have audiences.");
  EXPECT_EQ(of(named), "2: web_identity[0] must have either key_set_file or key_set_url.");
  EXPECT_EQ(of(std::string(named) + "key_set_file = \"a\"\nkey_set_url = \"https://a.example\""),
            "2: web_identity[0] must have either key_set_file or key_set_url.");
  EXPECT_EQ(of(std::string(named) + "key_set_file = \"a\"\nkey_set_ca_file = \"b\""),
            "2: web_identity[0] has key_set_ca_file, which serves key_set_url only.");
  EXPECT_EQ(of("audiences = []"),
            "3: web_identity[0].audiences must be an array of 1 to 64 strings.");
}

TEST(Configuration, AnIssuerIsNamedOnce) {
  EXPECT_EQ(refusal(std::string(issuer) + std::string(issuer)),
            "5: web_identity[1] has the issuer of another table.");
}

TEST(Configuration, HasABoundedNumberOfIssuers) {
  std::string toml;
  for (std::size_t i = 0; i <= limits::web_identity_issuers_max; ++i) {
    EXPECT_EQ(parsed(toml).web_identity.size(), i);
    toml += "[[web_identity]]\nissuer = \"https://a.example/" + std::to_string(i) +
            "\"\nkey_set_file = \"a\"\naudiences = [\"a\"]\n";
  }
  EXPECT_NE(refusal(toml), "");
}

TEST(Configuration, WhatIsNotTomlIsRefusedWithItsLine) {
  for (const std::string toml : {"a = ", "[[[", "a = [1,}", "a = 1\na = 2", "a", "= 1", "a = \"",
                                 "x = \xff", "a = 99999999999999999999", "a = 1\r"}) {
    EXPECT_TRUE(refusal(toml).find(": this is not TOML") != std::string::npos ||
                refusal(toml).find(": a is not a setting") != std::string::npos)
        << toml << " " << refusal(toml);
  }
  EXPECT_TRUE(refusal("\n\nlisten = ").starts_with("3: this is not TOML: ")) << refusal("\n\nl =");
}

TEST(Configuration, DeepNestingIsRefused) {
  EXPECT_NE(refusal("listen = " + std::string(60'000, '[')), "");
  std::string dots = "a";
  for (int i = 0; i < 30'000; ++i) dots += ".a";
  const auto deep = Configuration::parse(dots + " = 1", source);
  EXPECT_EQ(error_of(deep).message,
            "/etc/hallmark/hallmark.toml: the file has more than 4096 dots.");
}

TEST(Configuration, IsReadFromItsFile) {
  const hallmark::test::TemporaryFolder folder;
  const ConfigurationSource file = {folder.path() / "hallmark.toml", operations};
  EXPECT_EQ(error_of(Configuration::read(file)).kind, ErrorKind::not_found);
  const auto write = [&](const std::string& text) {
    hallmark::test::expect_done(write_file_durably(
        file.file, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, 0600));
  };
  write("base_path = \"/Dev\"");
  EXPECT_EQ(value_of(Configuration::read(file)).base_path, "/Dev");
  write(std::string(limits::configuration_bytes_max, '\n'));
  EXPECT_TRUE(Configuration::read(file));
  write(std::string(limits::configuration_bytes_max + 1, '\n'));
  EXPECT_EQ(error_of(Configuration::read(file)).message,
            "cannot read " + file.file.string() + ": File too large");
}

}  // namespace
}  // namespace hallmark::server
