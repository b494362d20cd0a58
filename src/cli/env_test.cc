// `hallmark env`: what a shell makes of it.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "cli/test_command.h"

namespace hallmark::cli {
namespace {

namespace fs = std::filesystem;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::Done;
using test::hallmark;
using test::has;

class EnvTest : public test::CommandTest {
 protected:
  // What `sh` makes of the exports.
  std::string shell(const server::DataDirectory& of, std::string_view variable) {
    const Done done = hallmark({"env", "--data-dir", of.path.string()});
    EXPECT_EQ(done.status, 0) << done.err;
    const std::string script = write("exports.sh", done.out);
    return ::hallmark::test::run(". " + script + " && printf %s \"$" + std::string(variable) + "\"")
        .output;
  }
  static void expect_failure(const Done& done, std::string_view message) {
    EXPECT_EQ(done.status, 1);
    EXPECT_TRUE(has(done.err, message)) << done.err;
  }
  // As far as `env` can see.
  void run_server_on(const server::DataDirectory& of) {
    lock_ = value_of(server::DirectoryLock::take(of));
    expect_done(write_file_durably(of.endpoint(), bytes_of("http://127.0.0.1:1234\n"), 0644));
  }
  std::unique_ptr<server::DirectoryLock> lock_;
};

TEST_F(EnvTest, WithoutAServerThereIsNothingToExport) {
  make();
  expect_failure(hallmark({"env", "--data-dir", data()}), "No server runs on");
  run_server_on(directory);
  lock_.reset();  // killed: its endpoint stays behind
  expect_failure(hallmark({"env", "--data-dir", data()}), "No server runs on");
}

TEST_F(EnvTest, ExportsTheEndpointAndTheRegionOfTheInstallation) {
  make();
  run_server_on(directory);
  EXPECT_EQ(shell(directory, "AWS_ENDPOINT_URL_SIGNER"), "http://127.0.0.1:1234");
  EXPECT_EQ(shell(directory, "AWS_REGION"), "cn-north-1");
  EXPECT_EQ(shell(directory, "AWS_DEFAULT_REGION"), "cn-north-1");
  EXPECT_EQ(shell(directory, "AWS_SHARED_CREDENTIALS_FILE"), "");
}

TEST_F(EnvTest, ExportsTheCredentialsThatDevWrote) {
  make();
  run_server_on(directory);
  expect_done(write_file_durably(directory.credentials(), bytes_of("[default]\n"), 0600));
  EXPECT_EQ(shell(directory, "AWS_SHARED_CREDENTIALS_FILE"), directory.credentials().string());
}

TEST_F(EnvTest, ForgetsTheCredentialsOfAnotherInstallationOnly) {
  make();
  run_server_on(directory);
  const server::DataDirectory other{folder.path() / "other"};
  server::test::make_installation(other);
  ::setenv("AWS_SHARED_CREDENTIALS_FILE", other.credentials().c_str(), 1);
  EXPECT_TRUE(
      has(hallmark({"env", "--data-dir", data()}).out, "unset AWS_SHARED_CREDENTIALS_FILE"));
  ::setenv("AWS_SHARED_CREDENTIALS_FILE", write("credentials.mine", "[default]\n").c_str(), 1);
  EXPECT_FALSE(has(hallmark({"env", "--data-dir", data()}).out, "AWS_SHARED_CREDENTIALS_FILE"));
  ::unsetenv("AWS_SHARED_CREDENTIALS_FILE");
}

TEST_F(EnvTest, NamesEveryServiceOfThePort) {
  make();
  run_server_on(directory);
  for (const char* service : {"SIGNER", "SIGNER_DATA", "STS", "ACM"}) {
    EXPECT_EQ(shell(directory, fmt::format("AWS_ENDPOINT_URL_{}", service)),
              "http://127.0.0.1:1234");
  }
}

TEST_F(EnvTest, ForgetsCredentialsThatAreGone) {
  make();
  run_server_on(directory);
  ::setenv("AWS_SHARED_CREDENTIALS_FILE", (folder.path() / "gone").c_str(), 1);
  EXPECT_EQ(shell(directory, "AWS_SHARED_CREDENTIALS_FILE"), "");
  ::unsetenv("AWS_SHARED_CREDENTIALS_FILE");
}

TEST_F(EnvTest, ForgetsATokenThatBelongsToNoTemporaryKey) {
  make();
  run_server_on(directory);
  ::setenv("AWS_SESSION_TOKEN", "token", 1);
  ::setenv("AWS_ACCESS_KEY_ID", "AKIA0000000000000000", 1);
  EXPECT_EQ(shell(directory, "AWS_SESSION_TOKEN"), "");
  ::setenv("AWS_ACCESS_KEY_ID", "ASIA0000000000000000", 1);
  EXPECT_EQ(shell(directory, "AWS_SESSION_TOKEN"), "token");
  ::unsetenv("AWS_SESSION_TOKEN");
  ::unsetenv("AWS_ACCESS_KEY_ID");
}

TEST_F(EnvTest, WithDevsCredentialsNothingOfTheCallersIsLeft) {
  make();
  run_server_on(directory);
  expect_done(write_file_durably(directory.credentials(), bytes_of("[default]\n"), 0600));
  for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID",
                           "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE"}) {
    ::setenv(name, "x", 1);
    EXPECT_EQ(shell(directory, name), "") << name;
    ::unsetenv(name);
  }
}

TEST_F(EnvTest, TheFileOfAnAuthorityHoldsCertificates) {
  make();
  run_server_on(directory);
  expect_failure(hallmark({"env", "--data-dir", data(), "--ca-file", write("ca.pem", "none")}),
                 "hallmark: --ca-file: ");
  const Done done =
      hallmark({"env", "--data-dir", data(), "--ca-file", directory.root_certificates().string()});
  EXPECT_TRUE(has(done.out, "export AWS_CA_BUNDLE='" + directory.root_certificates().string()))
      << done.err;
}

TEST_F(EnvTest, ADotInTheDirectoryIsLeftOut) {
  make();
  run_server_on(directory);
  expect_done(write_file_durably(directory.credentials(), bytes_of("[default]\n"), 0600));
  const std::string dotted = (folder.path() / "." / "data").string();
  EXPECT_TRUE(has(hallmark({"env", "--data-dir", dotted}).out, directory.credentials().string()));
}

TEST_F(EnvTest, AnOddDirectoryIsQuoted) {
  const server::DataDirectory odd{folder.path() / "it's $HOME; `id` \"x\"\n \\"};
  server::test::make_installation(odd);
  run_server_on(odd);
  expect_done(write_file_durably(odd.credentials(), bytes_of("[default]\n"), 0600));
  EXPECT_EQ(shell(odd, "AWS_SHARED_CREDENTIALS_FILE"), odd.credentials().string());
}

}  // namespace
}  // namespace hallmark::cli
