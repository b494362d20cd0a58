// `hallmark probe` and the commands of backups, beside a server in this process.
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/test_running.h"

namespace hallmark::cli {
namespace {

using hallmark::test::value_of;
using test::Done;
using test::has;

class ProbeTest : public test::RunningTest {
 protected:
  ProbeTest() {
    put_profile("Images", "Notation-OCI-SHA384-ECDSA");
    put_profile("Packages", "AWSLambda-SHA384-ECDSA");
  }
  void put_profile(const std::string& name, std::string_view platform) const {
    const SystemClock clock;
    const ApiClient client(value_of(read_client_settings({.endpoint = {}, .directory = directory})),
                           clock);
    value_of(client.call({.method = http::Method::put,
                          .path = "/signing-profiles/" + name,
                          .body = fmt::format(R"({{"platformId":"{}"}})", platform)}));
  }
};

TEST_F(ProbeTest, SignsVerifiesAndAsksForRevocationsOfEachProfile) {
  const std::string out = done({"probe", "--profile", "Images", "--profile", "Packages"});
  for (const char* step : {"profile", "sign", "job", "verify", "revocation"}) {
    EXPECT_TRUE(has(out, step)) << out;
  }
  EXPECT_FALSE(has(out, "FAIL")) << out;
  EXPECT_EQ(done({"object", "list", "--bucket", "hallmark-probe"}), "");
}

TEST_F(ProbeTest, TellsMachinesWhatItDid) {
  const auto document =
      value_of(JsonDocument::parse(done({"probe", "--profile", "Images", "--json"})));
  const auto object = value_of(document.root().object());
  EXPECT_EQ(value_of(value_of(object.get("steps")).array()).size(), 4u);
}

TEST_F(ProbeTest, AFailedStepIsNamedAndIsItsExitStatus) {
  const Done ran = run({"probe", "--profile", "Missing", "--profile", "Images"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_TRUE(has(ran.out, "FAIL Missing")) << ran.out;
  EXPECT_TRUE(has(ran.out, "revocation")) << ran.out;  // the other profile is probed all the same
}

TEST_F(ProbeTest, ARootThatDidNotSignIsAFailure) {
  const Done ran =
      run({"probe", "--profile", "Images", "--trust-root", vector_file("authority.pem")});
  EXPECT_EQ(ran.status, 1) << ran.out;
}

TEST_F(ProbeTest, WithoutAProfileIsWrongUsage) { expect_status(run({"probe"}), 2, "--profile"); }

TEST_F(ProbeTest, ABackupOfARunningServerIsCheckedAndRestored) {
  const std::string key = path("master.key");
  write("master.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
  EXPECT_TRUE(has(done({"backup", "-o", path("backup"), "--master-key", key}), "backup of"));
  expect_status(run({"backup", "-o", path("backup"), "--master-key", key}), 1, "exists");
  const Done checked = test::hallmark({"restore", path("backup"), "--check", "--master-key", key});
  EXPECT_EQ(checked.status, 0) << checked.err;
  const Done restored = test::hallmark(
      {"restore", path("backup"), "--data-dir", path("restored"), "--master-key", key});
  EXPECT_EQ(restored.status, 0) << restored.err;
  EXPECT_TRUE(has(restored.out, "accept-restore"));
  EXPECT_EQ(test::hallmark({"check", "--data-dir", path("restored")}).status, 0);
  const auto accept = [&](const std::vector<std::string>& options) {
    std::vector<std::string> line = {"accept-restore", "--data-dir", path("restored"),
                                     "--master-key", key};
    line.insert(line.end(), options.begin(), options.end());
    return test::hallmark(line);
  };
  const Done shown = accept({});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_TRUE(shown.out.starts_with("1  ")) << shown.out;
  EXPECT_TRUE(has(shown.out, "backup")) << shown.out;
  expect_status(accept({"--reason", "a drill"}), 2, "--accept");
  expect_status(accept({"--accept", "1"}), 2, "--reason");
  expect_status(accept({"--accept", "all", "--reason", "a drill"}), 2, "number");
  expect_status(accept({"--accept", "2", "--reason", "a drill"}), 1, "not the doubts");
  const Done accepted = accept({"--accept", "1", "--reason", "a drill"});
  EXPECT_EQ(accepted.status, 0) << accepted.err;
  EXPECT_TRUE(has(accepted.out, "backup")) << accepted.out;
  expect_status(accept({"--accept", "1", "--reason", "a drill"}), 1, "Nothing is to be accepted");
  expect_status(accept({}), 1, "Nothing is to be accepted");
}

TEST_F(ProbeTest, ARestoreNamesWhatItNeeds) {
  expect_status(test::hallmark({"restore", path("backup"), "--check"}), 2, "--master-key");
  expect_status(test::hallmark({"restore", path("backup"), "--master-key", path("k")}), 2,
                "--data-dir");
  expect_status(test::hallmark({"restore", path("backup"), "--check", "--master-key", path("k")}),
                1, "cannot open");
}

}  // namespace
}  // namespace hallmark::cli
