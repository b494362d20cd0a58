// The commands of administrators, each against a running server and without one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/json.h"
#include "cli/administrator.h"
#include "cli/test_program.h"
#include "keys/file_keys.h"
#include "server/service.h"
#include "server/test_installation.h"

namespace hallmark::cli {
namespace {

namespace fs = std::filesystem;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::Done;
using test::has;

enum class Way { server, offline };

constexpr std::string_view list_only =
    R"({"Version":"2012-10-17","Statement":[{"Sid":"Look","Effect":"Allow",)"
    R"("Action":"signer:List*","Resource":"*"}]})";
constexpr std::string_view trust_all =
    R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]})";

class Administering : public testing::TestWithParam<Way> {
 protected:
  Administering() {
    const Done made = test::hallmark({"init", "--data-dir", data(), "--master-key", master_key,
                                      "--root-out", root_out, "--account-id", "111122223333"});
    EXPECT_EQ(made.status, 0) << made.err;
    if (GetParam() == Way::server) start();
  }
  ~Administering() override { stop(); }

  void start() {
    auto opened = value_of(
        server::Installation::open(directory, value_of(keys::read_master_key(master_key))));
    installation = opened.get();
    service = value_of(server::Service::start(
        std::move(opened), {.listen = {"127.0.0.1", 0}, .operations = {"127.0.0.1", 0}}));
  }
  void stop() {
    if (service != nullptr) service->stop();
    service.reset();
    installation = nullptr;
  }
  std::string data() const { return directory.path.string(); }
  std::string write(std::string_view name, std::string_view content) const {
    const fs::path path = folder.path() / name;
    expect_done(write_file_durably(path, bytes_of(content), 0600));
    return path.string();
  }
  Done run(std::vector<std::string> arguments) const {
    for (const std::string& more : {std::string("--data-dir"), data()}) arguments.push_back(more);
    for (const std::string& more : {std::string("--master-key"), master_key}) {
      arguments.push_back(more);
    }
    return test::hallmark(std::move(arguments));
  }
  // The output of what must succeed.
  std::string done(const std::vector<std::string>& arguments) const {
    const Done ran = run(arguments);
    EXPECT_EQ(ran.status, 0) << testing::PrintToString(arguments) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
  void expect_status(const Done& ran, int status, std::string_view message) const {
    EXPECT_EQ(ran.status, status) << ran.err;
    EXPECT_TRUE(has(ran.err, message)) << ran.err;
    EXPECT_EQ(std::ranges::count(ran.err, '\n'), 1) << ran.err;
  }
  std::string policy_file() const { return write("policy.json", list_only); }
  std::string trust_file() const { return write("trust.json", trust_all); }

  hallmark::test::TemporaryFolder folder;
  const server::DataDirectory directory{folder.path() / "data"};
  const std::string master_key = (folder.path() / "master.key").string();
  const std::string root_out = (folder.path() / "root.pem").string();
  server::Installation* installation = nullptr;  // the server's
  std::unique_ptr<server::Service> service;
};
INSTANTIATE_TEST_SUITE_P(Ways, Administering, testing::Values(Way::server, Way::offline),
                         [](const auto& each) {
                           return each.param == Way::server ? "Server" : "Offline";
                         });

std::string text_in(const std::string& json, std::string_view name) {
  const auto document = value_of(JsonDocument::parse(json));
  return text_of(value_of(document.root().object()), name);
}

TEST_P(Administering, AnAccountIsMadeAndListed) {
  const std::string made = done({"account", "create", "444455556666"});
  EXPECT_TRUE(has(made, "account 444455556666, with the user admin")) << made;
  EXPECT_TRUE(has(made, "access key id     AKIA")) << made;
  EXPECT_TRUE(has(made, "(shown once)")) << made;
  EXPECT_EQ(done({"account", "list"}), "111122223333\n444455556666\n");
  expect_status(run({"account", "create", "444455556666"}), 1, "already exists");
  EXPECT_EQ(text_in(done({"account", "create", "--json"}), "UserName"), "admin");
}

TEST_P(Administering, AUserIsMadeListedAndDeletedWithWhatItHas) {
  EXPECT_TRUE(has(done({"user", "create", "ci"}), "arn:aws:iam::111122223333:user/ci (AIDA"));
  done({"policy", "put", "--user", "ci", "--name", "look", policy_file()});
  const std::string key =
      text_in(done({"access-key", "create", "--user", "ci", "--json"}), "AccessKeyId");
  EXPECT_TRUE(has(done({"user", "list"}), "ci  "));
  EXPECT_EQ(done({"user", "delete", "ci"}),
            "deleted ci\n  with the access key " + key + "\n  with the policy look\n");
  EXPECT_FALSE(has(done({"user", "list"}), "ci  "));
  expect_status(run({"user", "delete", "ci"}), 1, "The user with name ci cannot be found.");
}

TEST_P(Administering, LongListsAreShownWhole) {
  for (int i = 0; i < 3; ++i) done({"user", "create", "user" + std::to_string(i)});
  const std::string all = done({"user", "list"});
  EXPECT_EQ(std::ranges::count(all, '\n'), 4) << all;
}

TEST_P(Administering, AnotherAccountIsNamed) {
  done({"account", "create", "444455556666"});
  EXPECT_TRUE(has(done({"user", "create", "ci", "--account", "444455556666"}),
                  "arn:aws:iam::444455556666:user/ci"));
  EXPECT_FALSE(has(done({"user", "list"}), "ci  "));
  expect_status(run({"user", "list", "--account", "999999999999"}), 1,
                "The account 999999999999 cannot be found.");
}

TEST_P(Administering, ARoleIsMadeTrustedOtherwiseListedAndDeleted) {
  EXPECT_TRUE(
      has(done({"role", "create", "deploy", "--trust", trust_file(), "--session-seconds", "7200"}),
          "arn:aws:iam::111122223333:role/deploy (AROA"));
  EXPECT_EQ(done({"role", "set-trust", "deploy", "--trust", trust_file()}), "");
  done({"policy", "put", "--role", "deploy", "--name", "look", policy_file()});
  EXPECT_TRUE(has(done({"role", "list"}), "deploy  "));
  EXPECT_EQ(done({"role", "delete", "deploy"}), "deleted deploy\n  with the policy look\n");
}

TEST_P(Administering, AMalformedDocumentIsRefusedWithThePlaceNamed) {
  const std::string broken = write("broken.json", R"({"Statement":[{"Effect":"Permit"}]})");
  expect_status(run({"policy", "put", "--user", "admin", "--name", "x", broken}), 1,
                "Statement[0].Effect");
  expect_status(run({"role", "create", "deploy", "--trust", broken}), 1, "Statement[0].Effect");
  expect_status(run({"policy", "put", "--user", "admin", "--name", "x", "/nowhere"}), 1,
                "cannot open /nowhere: No such file or directory");
}

TEST_P(Administering, AccessKeysAreMadeListedDisabledEnabledAndDeleted) {
  done({"user", "create", "ci"});
  const std::string made = done({"access-key", "create", "--user", "ci"});
  EXPECT_TRUE(made.starts_with("access key id     AKIA")) << made;
  const std::string id = made.substr(18, 20);
  EXPECT_TRUE(has(done({"access-key", "list", "--user", "ci"}), id + "  Active "));
  EXPECT_EQ(done({"access-key", "disable", id, "--user", "ci"}), "");
  EXPECT_TRUE(has(done({"access-key", "list", "--user", "ci"}), id + "  Inactive"));
  EXPECT_EQ(done({"access-key", "enable", id, "--user", "ci"}), "");
  EXPECT_TRUE(has(done({"access-key", "list", "--user", "ci"}), "never used"));
  const std::string listed = done({"access-key", "list", "--user", "ci", "--json"});
  EXPECT_TRUE(listed.starts_with("[{\"AccessKeyId\":\"" + id + "\",\"Status\":\"Active\","))
      << listed;
  EXPECT_EQ(done({"access-key", "delete", id, "--user", "ci"}), "");
  EXPECT_EQ(done({"access-key", "list", "--user", "ci", "--json"}), "[]\n");
  EXPECT_EQ(done({"access-key", "list", "--user", "ci"}), "");
  expect_status(run({"access-key", "delete", id, "--user", "ci"}), 1, "cannot be found");
}

TEST_P(Administering, AKeyIsBroughtAlongFromAFile) {
  const std::string secret = write("secret", "0123456789abcdefghij\n");
  const std::string json = done({"access-key", "create", "--root", "--id", "AKIABROUGHTALONG0001",
                                 "--secret-file", secret, "--json"});
  EXPECT_EQ(text_in(json, "AccessKeyId"), "AKIABROUGHTALONG0001");
  EXPECT_EQ(text_in(json, "SecretAccessKey"), "0123456789abcdefghij");
  expect_status(run({"access-key", "create", "--root", "--id", "AKIABROUGHTALONG0001",
                     "--secret-file", secret}),
                1, "already exists");
}

TEST_P(Administering, AKeyIsBroughtAlongFromStandardInput) {
  const std::string secret = write("secret", "0123456789abcdefghij");
  ASSERT_NE(std::freopen(secret.c_str(), "r", stdin), nullptr);
  const std::string credentials =
      done({"access-key", "create", "--root", "--id", "AKIABROUGHTALONG0001", "--secret-file", "-",
            "--credentials"});
  ASSERT_NE(std::freopen("/dev/null", "r", stdin), nullptr);
  EXPECT_EQ(credentials,
            "[default]\naws_access_key_id = AKIABROUGHTALONG0001\n"
            "aws_secret_access_key = 0123456789abcdefghij\nregion = us-east-1\n");
}

TEST_P(Administering, PoliciesArePutPrintedListedAndTakenAway) {
  EXPECT_EQ(done({"policy", "put", "--user", "admin", "--name", "look", policy_file()}), "");
  EXPECT_EQ(done({"policy", "get", "--user", "admin", "--name", "look"}),
            std::string(list_only) + "\n");
  EXPECT_EQ(done({"policy", "list", "--user", "admin"}), "allow-everything\nlook\n");
  EXPECT_EQ(done({"policy", "delete", "--user", "admin", "--name", "look"}), "");
  EXPECT_EQ(done({"policy", "list", "--user", "admin"}), "allow-everything\n");
}

TEST_P(Administering, ASimulationSaysWhatDecides) {
  done({"user", "create", "ci"});
  done({"policy", "put", "--user", "ci", "--name", "look", policy_file()});
  EXPECT_EQ(done({"policy", "simulate", "--user", "ci", "--action", "signer:ListSigningJobs"}),
            "allowed by Statement[0] (Sid Look) of look, identity-based policy\n");
  const Done denied =
      run({"policy", "simulate", "--user", "ci", "--action", "signer:SignPayload", "--resource",
           "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release"});
  EXPECT_EQ(denied.out, "implicitDeny, identity-based policy\n");
  expect_status(denied, 1,
                "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: "
                "signer:SignPayload on resource: "
                "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release");
}

TEST_P(Administering, ASimulationTakesContextAndSessionPolicyAndAnswersJson) {
  const std::string session = write(
      "session.json",
      R"({"Statement":[{"Effect":"Allow","Action":"signer:*","Resource":"*","Condition":)"
      R"({"StringEquals":{"aws:RequestTag/team":"kernel","aws:RequestTag/stage":"test"}}}]})");
  std::vector<std::string> asked = {"policy",
                                    "simulate",
                                    "--user",
                                    "admin",
                                    "--action",
                                    "signer:TagResource",
                                    "--session-policy",
                                    session,
                                    "--json",
                                    "--context",
                                    "aws:RequestTag/team=kernel"};
  const Done denied = run(asked);
  EXPECT_EQ(denied.status, 1);
  EXPECT_EQ(text_in(denied.out, "PolicyType"), "session policy");
  asked.insert(asked.end(), {"--context", "aws:RequestTag/stage=test"});
  EXPECT_EQ(text_in(done(asked), "EvalDecision"), "allowed");
}

TEST_P(Administering, WrongUsageExitsWith2) {
  const std::string file = policy_file();
  const std::vector<std::vector<std::string>> all = {
      {"access-key", "create"},
      {"access-key", "create", "--user", "a", "--root"},
      {"access-key", "create", "--root", "--id", "AKIABROUGHTALONG0001"},
      {"access-key", "create", "--root", "--secret-file", file},
      {"access-key", "create", "--root", "--json", "--credentials"},
      {"access-key", "disable", "AKIABROUGHTALONG0001"},
      {"policy", "put", file, "--name", "x"},
      {"policy", "put", file, "--name", "x", "--user", "a", "--role", "b"},
      {"policy", "list", "--user", ""},
      {"user", "delete", "admin", "--account", ""},
      {"policy", "simulate", "--root", "--action", "signer:SignPayload", "--context", "team"},
      {"role", "create", "deploy", "--trust", file, "--session-seconds", "long"},
  };
  for (const auto& arguments : all) {
    const Done ran = run(arguments);
    EXPECT_EQ(ran.status, 2) << testing::PrintToString(arguments) << ran.err;
    EXPECT_EQ(ran.out, "") << testing::PrintToString(arguments);
  }
}

TEST_P(Administering, TheAuditChainIsSoundAfterwards) {
  done({"user", "create", "ci"});
  done({"access-key", "create", "--user", "ci"});
  stop();
  EXPECT_EQ(test::hallmark({"check", "--data-dir", data()}).status, 0);
}

// Only with a server.

class AdministeringAServer : public Administering {};
INSTANTIATE_TEST_SUITE_P(Ways, AdministeringAServer, testing::Values(Way::server));

TEST_P(AdministeringAServer, AChangeIsInEffectWhenTheCommandReturns) {
  const std::string json = done({"access-key", "create", "--user", "admin", "--json"});
  const std::string id = text_in(json, "AccessKeyId");
  EXPECT_TRUE(installation->identities().find(id));
  done({"access-key", "disable", id, "--user", "admin"});
  EXPECT_FALSE(installation->identities().find(id));
}

TEST_P(AdministeringAServer, TheSocketIsForItsOwnerAloneAndGoesWithTheServer) {
  const auto status = fs::status(directory.admin_socket());
  EXPECT_EQ(status.type(), fs::file_type::socket);
  EXPECT_EQ(status.permissions(), fs::perms::owner_read | fs::perms::owner_write);
  stop();
  EXPECT_FALSE(fs::exists(directory.admin_socket()));
}

TEST_P(AdministeringAServer, NoMasterKeyIsNeeded) {
  EXPECT_EQ(test::hallmark({"user", "list", "--data-dir", data()}).status, 0);
}

// Only without one.

class AdministeringOffline : public Administering {};
INSTANTIATE_TEST_SUITE_P(Ways, AdministeringOffline, testing::Values(Way::offline));

TEST_P(AdministeringOffline, WhatAKilledServerLeftIsNoServer) {
  write("data/admin.sock", "");
  EXPECT_TRUE(has(done({"user", "list"}), "admin  "));
}

TEST_P(AdministeringOffline, TheMasterKeyIsWhereInitWasTold) {
  EXPECT_EQ(test::hallmark({"user", "list", "--data-dir", data()}).status, 0);
}

TEST_P(AdministeringOffline, TheMasterKeyMustBeNamedWhereNothingSaysWhereItIs) {
  fs::remove(directory.key_places());
  expect_status(test::hallmark({"user", "list", "--data-dir", data()}), 1, "--master-key");
}

TEST_P(AdministeringOffline, AnotherProcessKeepsTheDirectory) {
  const auto lock = value_of(server::DirectoryLock::take(directory));
  expect_status(run({"user", "list"}), 1, "is in use by another hallmark process");
}

TEST_P(AdministeringOffline, AnEmptyDirectoryIsNotInitialised) {
  const std::string empty = (folder.path() / "empty").string();
  expect_status(test::hallmark({"user", "list", "--data-dir", empty}), 1, "is not initialised");
  EXPECT_FALSE(fs::exists(empty));
}

// A Unix socket's name has 107 bytes.
TEST(AdminSocketPath, ALongDirectoryIsNoObstacle) {
  const hallmark::test::TemporaryFolder folder;
  const server::DataDirectory directory{folder.path() / std::string(150, 'd')};
  auto created = value_of(server::test::create(directory));
  expect_done(created.installation->finish());
  const auto service = value_of(
      server::Service::start(std::move(created.installation),
                             {.listen = {"127.0.0.1", 0}, .operations = {"127.0.0.1", 0}}));
  const Done listed = test::hallmark({"user", "list", "--data-dir", directory.path.string()});
  EXPECT_EQ(listed.status, 0) << listed.err;
  service->stop();
  EXPECT_FALSE(fs::exists(directory.admin_socket()));
}

}  // namespace
}  // namespace hallmark::cli
