#include "server/tls_files.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_support.h"

namespace hallmark::server {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;
using namespace std::chrono_literals;

// Of this machine, as openssl's, until it is set ahead.
class AheadClock final : public Clock {
 public:
  Timestamp now() const override { return SystemClock().now() + ahead.load(); }
  std::atomic<std::chrono::hours> ahead{std::chrono::hours(0)};
};

class TlsFilesTest : public ::testing::Test {
 protected:
  TlsFilesTest() { make(folder_.path()); }

  // A pair in `folder`: tls.pem, tls.key.
  void make(const std::filesystem::path& folder, const std::string& days = "2") const {
    const std::string base = folder / "tls";
    const auto made = test::run(
        "openssl req -x509 -nodes -subj /CN=test -addext subjectAltName=DNS:localhost "
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -days " +
        days + " -keyout " + base + ".key -out " + base + ".pem");
    CHECK(made.status == 0);
    std::filesystem::permissions(
        base + ".key", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  Result<std::unique_ptr<TlsFiles>> open(const std::string& client_authorities = "") const {
    TlsSettings settings = {folder_.path() / "tls.pem", folder_.path() / "tls.key", {}};
    if (!client_authorities.empty()) settings.client_ca_file = folder_.path() / client_authorities;
    return TlsFiles::open(settings, {"localhost"}, clock_);
  }
  void write(const std::string& name, const std::string& content) const {
    CHECK(write_file_durably(folder_.path() / name, bytes_of(content), 0600));
  }

  const test::TemporaryFolder folder_;
  AheadClock clock_;
};

TEST_F(TlsFilesTest, AreReadAgainWhenAsked) {
  const auto files = value_of(open());
  const Timestamp before = files->not_after();
  make(folder_.path(), "3");
  files->reload();
  EXPECT_GT(files->not_after(), before);
}

TEST_F(TlsFilesTest, ThatAreBrokenChangeNothing) {
  const auto files = value_of(open());
  const auto before = files->for_api().current();
  write("tls.pem", "garbage");
  files->reload();
  EXPECT_EQ(files->for_api().current(), before);
  std::filesystem::remove(folder_.path() / "tls.pem");
  files->reload();
  EXPECT_EQ(files->for_api().current(), before);
}

TEST_F(TlsFilesTest, OfAnExpiredCertificateChangeNothing) {
  const auto files = value_of(open());
  const auto before = files->for_api().current();
  clock_.ahead = 49h;
  files->reload();
  EXPECT_EQ(files->for_api().current(), before);
}

TEST_F(TlsFilesTest, ThatFailedOnceAreReadAgainThoughTheyAreTheSame) {
  const auto files = value_of(open());
  const auto before = files->for_api().current();
  clock_.ahead = 49h;
  files->reload();
  EXPECT_EQ(files->for_api().current(), before);
  clock_.ahead = 0h;
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (files->for_api().current() == before && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_NE(files->for_api().current(), before);
}

TEST_F(TlsFilesTest, AKeyThatOthersMayReadIsRefused) {
  std::filesystem::permissions(folder_.path() / "tls.key", std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  const Error error = error_of(open());
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_NE(error.message.find("Others may read or write"), std::string::npos) << error.message;
}

TEST_F(TlsFilesTest, WhatCannotBeReadIsNamed) {
  std::filesystem::remove(folder_.path() / "tls.pem");
  EXPECT_EQ(describe(error_of(open())), "not found: cannot open " +
                                            (folder_.path() / "tls.pem").string() +
                                            ": No such file or directory");
}

TEST_F(TlsFilesTest, CertificatesOfClientsAreForTheApiOnly) {
  std::filesystem::copy_file(folder_.path() / "tls.pem", folder_.path() / "ca.pem");
  const auto files = value_of(open("ca.pem"));
  EXPECT_NE(files->for_api().current(), files->for_operations().current());
  const auto without = value_of(open());
  EXPECT_EQ(without->for_api().current(), without->for_operations().current());
}

TEST_F(TlsFilesTest, AFileWithoutAuthoritiesIsRefused) {
  for (const char* content : {"", "garbage"}) {
    write("ca.pem", content);
    const Error error = error_of(open("ca.pem"));
    EXPECT_TRUE(error.message.starts_with((folder_.path() / "ca.pem").string())) << error.message;
  }
}

}  // namespace
}  // namespace hallmark::server
