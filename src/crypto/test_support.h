// What the tests of this module share: an authority with a root, an intermediate and a leaf,
// folders that go away, and commands to run. Included by *_test.cc only.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <stdlib.h>
#include <sys/wait.h>

#include <fmt/format.h>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "crypto/random.h"
#include "crypto/signer.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hallmark-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(std::string_view name) const { return (path_ / name).string(); }
  // Returns the file's path.
  std::string write(std::string_view name, std::string_view content) const {
    CHECK(write_file_durably(path_ / name, bytes_of(content), 0600).has_value());
    return path(name);
  }
  std::string read(std::string_view name) const { return *read_file(path_ / name, 1 << 20); }

 private:
  std::filesystem::path path_;
};

struct CommandResult {
  int status;
  std::string output;  // both streams
};

inline CommandResult run(const std::string& command) {
  FILE* pipe = ::popen(("{ " + command + "; } 2>&1").c_str(), "r");
  CHECK(pipe != nullptr);
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

struct TestKey {
  PrivateKey key;
  std::unique_ptr<Signer> signer;

  TestKey(KeyKind kind, Random& random)
      : key(*generate_private_key(kind, random)), signer(*software_signer(key, random)) {}
};

// A key with its certificate.
struct TestIdentity : TestKey {
  Certificate certificate;

  explicit TestIdentity(Random& random) : TestKey(KeyKind::p384, random) {}

  std::string private_key_pem() const {
    return fmt::format("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
                       to_base64(key.pkcs8.reveal()));
  }
};

struct TestAuthority {
  SystemRandom random;
  Timestamp now = *from_rfc3339("2026-09-28T09:19:26.806Z");
  TestIdentity root = TestIdentity(random);
  TestIdentity intermediate = TestIdentity(random);
  TestIdentity leaf = TestIdentity(random);

  TestAuthority() {
    const auto shape = [&](CertificateShape s) { return request(s); };
    root.certificate = *issue(shape(CertificateShape::root), std::nullopt, *root.signer, random);
    intermediate.certificate =
        *issue(shape(CertificateShape::intermediate), root.certificate, *root.signer, random);
    leaf.certificate = *issue(shape(CertificateShape::code_signing_leaf), intermediate.certificate,
                              *intermediate.signer, random);
  }

  // A request that is in order, for the authority's own key of that shape. The leaf is the one of
  // the profile MyProfile of the account 123456789012.
  CertificateRequest request(CertificateShape shape) const {
    const TestIdentity& identity = shape == CertificateShape::root           ? root
                                   : shape == CertificateShape::intermediate ? intermediate
                                                                             : leaf;
    const std::string_view name = shape == CertificateShape::root           ? "Test root"
                                  : shape == CertificateShape::intermediate ? "Test intermediate"
                                                                            : "MyProfile";
    const std::string_view unit =
        shape == CertificateShape::code_signing_leaf ? "123456789012" : "Signing";
    const auto days = shape == CertificateShape::code_signing_leaf ? 7 : 20 * 365;
    const Timestamp begin = from_unix_seconds(unix_seconds(now)) - std::chrono::hours(1);
    return {.shape = shape,
            .subject = {.common_name = std::string(name),
                        .organization = "Hallmark",
                        .organizational_unit = std::string(unit),
                        .state = "WA",
                        .country = "US"},
            .not_before = begin,
            .not_after = begin + std::chrono::days(days),
            .public_key = identity.signer->public_key()};
  }

  CertificateChain chain() const {
    return {leaf.certificate, intermediate.certificate, root.certificate};
  }
};

}  // namespace hallmark::crypto
