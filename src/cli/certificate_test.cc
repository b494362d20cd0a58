// `hallmark certificate`, against a running server; and without one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "base/json.h"
#include "cli/test_running.h"

namespace hallmark::cli {
namespace {

using hallmark::test::value_of;
using test::Done;
using test::has;

class CertificateTest : public test::RunningTest {
 protected:
  static std::vector<std::string> import_command(std::string_view name = "signer") {
    return {"certificate",   "import",
            "--certificate", vector_file(fmt::format("{}.pem", name)),
            "--chain",       vector_file(fmt::format("{}.chain.pem", name)),
            "--private-key", vector_file(fmt::format("{}.key", name))};
  }
  std::string imported() const {
    std::string arn = done(import_command());
    if (arn.ends_with('\n')) arn.pop_back();
    return arn;
  }
};

TEST_F(CertificateTest, AnImportPrintsTheArn) {
  const std::string arn = imported();
  EXPECT_TRUE(arn.starts_with("arn:aws-cn:acm:cn-north-1:111122223333:certificate/")) << arn;
  EXPECT_TRUE(has(done({"certificate", "list"}), "imported      " + arn + "  ISSUED  until "));
}

TEST_F(CertificateTest, AnImportSaysItInJsonToo) {
  auto command = import_command();
  command.insert(command.end(), {"--json"});
  const auto document = value_of(JsonDocument::parse(done(command)));
  EXPECT_TRUE(value_of(value_of(document.root().object()).get_text("CertificateArn"))
                  .starts_with("arn:aws-cn:acm:"));
}

TEST_F(CertificateTest, AKeyMayComeFromStandardInput) {
  auto command = import_command();
  ASSERT_NE(std::freopen(command.back().c_str(), "r", stdin), nullptr);
  command.back() = "-";
  EXPECT_TRUE(done(command).starts_with("arn:"));
  ASSERT_NE(std::freopen("/dev/null", "r", stdin), nullptr);
}

TEST_F(CertificateTest, AnImportMayReplaceACertificate) {
  const std::string arn = imported();
  auto command = import_command("renewed");
  command.insert(command.end(), {"--certificate-arn", arn});
  EXPECT_EQ(done(command), arn + "\n");
}

TEST_F(CertificateTest, WhatAnImportRefusesIsSaidInOneLine) {
  auto command = import_command();
  command.back() = vector_file("unrelated.key");
  const Done refused = run(command);
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
  command.back() = "/nowhere.key";
  expect_status(run(command), 1,
                "--private-key: cannot open /nowhere.key: No such file or directory");
  expect_status(run({"certificate", "import", "--certificate", vector_file("signer.pem")}), 2,
                "--private-key");
}

TEST_F(CertificateTest, ARevocationIsPrintedTheSameEveryTime) {
  const std::string arn = imported();
  const std::string first = done({"certificate", "revoke", arn, "--reason", "key-compromise"});
  EXPECT_TRUE(first.starts_with("revoked ")) << first;
  EXPECT_TRUE(has(first, "(CN=signer,O=Example) since ")) << first;
  EXPECT_TRUE(has(first, ", KEY_COMPROMISE\n")) << first;
  EXPECT_EQ(done({"certificate", "revoke", vector_file("signer.pem")}), first);
  EXPECT_TRUE(has(done({"certificate", "list"}), "  REVOKED since "));
}

TEST_F(CertificateTest, TheIntermediateIsListedAndRevokedByItsSerialNumber) {
  const std::string listed = done({"certificate", "list"});
  ASSERT_TRUE(listed.starts_with("intermediate  ")) << listed;
  const std::string serial = listed.substr(14, listed.find("  ", 14) - 14);
  EXPECT_TRUE(has(done({"certificate", "revoke", serial}), "revoked " + serial));
  EXPECT_TRUE(has(done({"certificate", "list"}), serial + "  REVOKED since "));
}

TEST_F(CertificateTest, WhatIsUnknownIsRefusedWithAHint) {
  expect_status(run({"certificate", "revoke", "0A1B"}), 1, "hallmark certificate list");
  expect_status(run({"certificate", "revoke", vector_file("tls.pem")}), 1, "cannot be revoked");
  expect_status(run({"certificate", "revoke", "nowhere.pem"}), 1,
                "nowhere.pem is neither an ARN nor a serial number in hex, nor a file: ");
  expect_status(run({"certificate", "revoke", "0A1B", "--reason", "mood"}), 2, "key-compromise");
}

TEST_F(CertificateTest, TheListIsJsonToo) {
  const std::string arn = imported();
  const auto document = value_of(JsonDocument::parse(done({"certificate", "list", "--json"})));
  const auto object = value_of(document.root().object());
  const auto imported_ones = value_of(value_of(object.get("Imported")).array());
  ASSERT_EQ(imported_ones.size(), 1u);
  const auto one = value_of(imported_ones[0].object());
  EXPECT_EQ(value_of(one.get_text("CertificateArn")), arn);
  EXPECT_EQ(value_of(one.get_text("Status")), "ISSUED");
  EXPECT_EQ(value_of(value_of(object.get("Issued")).array()).size(), 1u);
}

// Without a server.
TEST(CertificateOffline, IsImportedListedAndRevoked) {
  const hallmark::test::TemporaryFolder folder;
  const std::string data = (folder.path() / "data").string();
  const std::string key = (folder.path() / "master.key").string();
  const Done made =
      test::hallmark({"init", "--data-dir", data, "--master-key", key, "--root-out",
                      (folder.path() / "root.pem").string(), "--account-id", "111122223333"});
  ASSERT_EQ(made.status, 0) << made.err;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data-dir", data, "--master-key", key});
    return test::hallmark(std::move(arguments));
  };
  const auto file = [](std::string_view name) {
    return fmt::format("{}/certificates/{}", HALLMARK_VECTORS, name);
  };
  const Done imported = run({"certificate", "import", "--certificate", file("p384.pem"),
                             "--private-key", file("p384.key")});
  ASSERT_EQ(imported.status, 0) << imported.err;
  EXPECT_TRUE(has(run({"certificate", "list"}).out, "imported      arn:"));
  EXPECT_EQ(run({"certificate", "revoke", file("p384.pem")}).status, 0);
  EXPECT_TRUE(has(run({"certificate", "list"}).out, "REVOKED"));
}

}  // namespace
}  // namespace hallmark::cli
