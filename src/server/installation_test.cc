#include "server/installation.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "base/file.h"
#include "server/check.h"
#include "server/test_installation.h"

namespace hallmark::server {
namespace {

namespace fs = std::filesystem;
using hallmark::test::error_of;
using hallmark::test::expect_done;
using test::create;
using test::make_installation;
using test::master_key;
using test::value_of;
using Fate = test::TestRootKey::Fate;

class InstallationTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Installation>> open(std::uint8_t key = 0) {
    return Installation::open(directory, master_key(key));
  }
  std::string content(const fs::path& path) { return value_of(read_file(path, 1 << 20)); }
  // Changes the closed store behind its back.
  void tamper(const std::string& sql) {
    const auto done =
        hallmark::test::run("sqlite3 " + directory.store().string() + " \"" + sql + "\"");
    ASSERT_EQ(done.status, 0) << done.output;
  }

  hallmark::test::TemporaryFolder folder;
  const DataDirectory directory{folder.path() / "data"};
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Making one.

TEST_F(InstallationTest, AFinishedOneOpensWithItsFacts) {
  make_installation(directory);
  const auto opened = value_of(open());
  EXPECT_EQ(opened->account().view(), "111122223333");
  EXPECT_EQ(opened->home().region, "cn-north-1");
  EXPECT_EQ(opened->home().partition, "aws-cn");
}

TEST_F(InstallationTest, SessionTokensAreSealedWithAKeyOfTheirOwn) {
  make_installation(directory);
  const auto opened = value_of(open());
  const Bytes token = opened->token_sealer().seal(bytes_of("session"), "context");
  EXPECT_EQ(text_of(value_of(opened->token_sealer().unseal(token, "context")).reveal()), "session");
  EXPECT_EQ(error_of(opened->sealer().unseal(token, "context")).kind, ErrorKind::corrupt);
  const Bytes secret = opened->sealer().seal(bytes_of("secret"), "context");
  EXPECT_EQ(error_of(opened->token_sealer().unseal(secret, "context")).kind, ErrorKind::corrupt);
}

TEST_F(InstallationTest, ItsFactsAreAFileForPeople) {
  make_installation(directory);
  EXPECT_EQ(content(directory.installation()),
            "account = 111122223333\nregion = cn-north-1\npartition = aws-cn\n");
  const NewInstallation facts = value_of(read_facts(directory));
  EXPECT_EQ(facts.account.view(), "111122223333");
  EXPECT_EQ(facts.home.region, "cn-north-1");
  EXPECT_EQ(facts.home.partition, "aws-cn");
}

TEST_F(InstallationTest, TheAdminsKeyWorksAfterReopening) {
  auto created = value_of(create(directory));
  expect_done(created.installation->finish());
  created.installation.reset();
  const auto opened = value_of(open());
  const auto credential = value_of(opened->identities().find(created.admin.id));
  EXPECT_TRUE(credential->secret_access_key == created.admin.secret);
  EXPECT_EQ(credential->principal->arn, "arn:aws-cn:iam::111122223333:user/admin");
}

TEST_F(InstallationTest, TheRootsArePublic) {
  make_installation(directory);
  EXPECT_TRUE(content(directory.root_certificates()).starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST_F(InstallationTest, TheDirectoryIsTheOwnersAlone) {
  make_installation(directory);
  EXPECT_EQ(fs::status(directory.path).permissions(), fs::perms::owner_all);
}

TEST_F(InstallationTest, NoSecretLiesInTheDirectoryUnsealed) {
  auto created = value_of(create(directory));
  expect_done(created.installation->finish());
  const std::string secret(text_of(created.admin.secret.reveal()));
  created.installation.reset();
  for (const auto& file : fs::recursive_directory_iterator(directory.path)) {
    if (!file.is_regular_file()) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_FALSE(has(all, secret)) << file.path();
  }
}

TEST_F(InstallationTest, AFinishedOneIsNotReplaced) {
  make_installation(directory);
  const Error error = error_of(create(directory));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_TRUE(has(error.message, "is initialised already"));
  EXPECT_TRUE(open());
}

TEST_F(InstallationTest, AnInterruptedOneIsNoneAndIsReplaced) {
  const std::string first = value_of(create(directory)).admin.id;  // and never finished
  EXPECT_FALSE(directory.initialised());
  EXPECT_TRUE(has(error_of(open()).message, "is not initialised"));
  auto created = value_of(create(directory));
  expect_done(created.installation->finish());
  EXPECT_FALSE(created.installation->identities().find(first));
  EXPECT_TRUE(created.installation->identities().find(created.admin.id));
}

TEST_F(InstallationTest, OneWhoseRootKeyCannotBeMadeIsNone) {
  EXPECT_FALSE(create(directory, Fate::fails));
  EXPECT_FALSE(directory.initialised());
  make_installation(directory);
  EXPECT_TRUE(open());
}

TEST_F(InstallationTest, WhatIsNotInitialisedDoesNotOpen) {
  const Error error = error_of(open());
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_TRUE(has(error.message, "is not initialised. Run `hallmark init` or `hallmark dev`."));
  EXPECT_FALSE(fs::exists(directory.path)) << "opening made the directory";
  EXPECT_EQ(error_of(read_facts(directory)).kind, ErrorKind::invalid);
}

TEST_F(InstallationTest, FactsThatCannotBeReadAreAnError) {
  make_installation(directory);
  for (const char* text : {"", "account = 111122223333\n", "account=1\nregion=r\npartition=p\n",
                           "account = x\nregion = r\npartition = p\n"}) {
    expect_done(write_file_durably(directory.installation(), bytes_of(text), 0600));
    EXPECT_FALSE(read_facts(directory)) << text;
  }
}

// The master key.

TEST_F(InstallationTest, AnotherMasterKeyIsRefusedAtOnce) {
  make_installation(directory);
  const Error error = error_of(open(1));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_TRUE(has(error.message,
                  "The master key is not the one that this installation was made with. If it was "
                  "replaced since, DIR/keys names the place of the new one."));
  EXPECT_TRUE(open()) << "the refusal left the directory locked";
}

// The lock.

TEST_F(InstallationTest, AnOpenOneIsNotOpenedAgain) {
  make_installation(directory);
  const auto opened = value_of(open());
  const Error error = error_of(open());
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_TRUE(has(error.message, "is in use by another hallmark process (process "));
}

TEST_F(InstallationTest, ALockOfAnotherProcessIsRespectedUntilItDies) {
  make_installation(directory);
  int ready[2] = {};
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = DirectoryLock::take(directory);
    const char byte = lock ? 1 : 0;
    if (::write(ready[1], &byte, 1) == 1) ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 1);
  EXPECT_EQ(error_of(open()).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(check_installation(directory)).kind, ErrorKind::invalid);
  ::kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(open());
}

TEST_F(InstallationTest, ALockFileThatIsALinkIsRefused) {
  fs::create_directories(directory.path);
  fs::create_symlink(folder.path() / "elsewhere", directory.path / "lock");
  EXPECT_FALSE(DirectoryLock::take(directory));
  EXPECT_FALSE(fs::exists(folder.path() / "elsewhere"));
}

// Checks.

TEST_F(InstallationTest, ASoundOnePassesTheCheck) {
  make_installation(directory);
  EXPECT_TRUE(check_installation(directory));
}

TEST_F(InstallationTest, TheCheckOfNothingIsInvalidAndMakesNothing) {
  EXPECT_EQ(error_of(check_installation(directory)).kind, ErrorKind::invalid);
  EXPECT_FALSE(fs::exists(directory.path));
}

TEST_F(InstallationTest, AStoreThatIsNotThereIsNotMadeAnew) {
  make_installation(directory);
  fs::remove(directory.store());
  const Error error = error_of(check_installation(directory));
  EXPECT_EQ(error.kind, ErrorKind::corrupt);
  EXPECT_NE(error.message.find("is not there"), std::string::npos);
  EXPECT_FALSE(open());
  EXPECT_FALSE(fs::exists(directory.store()));
}

TEST_F(InstallationTest, TheCheckFindsAStoreThatIsNotAsFarAsItWas) {
  make_installation(directory);
  WitnessedHead witnessed = value_of(read_head_file(directory.head()));
  witnessed.head.place += 7;
  expect_done(write_head_file(directory.head(), witnessed));
  const Error error = error_of(check_installation(directory));
  EXPECT_EQ(error.kind, ErrorKind::corrupt);
  EXPECT_NE(error.message.find("The store ends before audit record"), std::string::npos);
}

TEST_F(InstallationTest, AChangedAuditRecordIsFound) {
  make_installation(directory);
  tamper("UPDATE audit SET body = replace(body, 'Root', 'Boot') WHERE sequence = 1");
  const Error error = error_of(check_installation(directory));
  EXPECT_EQ(error.kind, ErrorKind::corrupt);
  EXPECT_EQ(error.message, "audit record 1 is not what was written");
}

TEST_F(InstallationTest, ARemovedAuditRecordIsFound) {
  make_installation(directory);
  tamper("DELETE FROM audit WHERE sequence = 1");
  EXPECT_EQ(error_of(check_installation(directory)).kind, ErrorKind::corrupt);
}

TEST_F(InstallationTest, ADamagedFileIsFound) {
  make_installation(directory);
  std::fstream file(directory.store(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(std::size_t(fs::file_size(directory.store())) - 4096, 'x');
  file.close();
  EXPECT_FALSE(check_installation(directory));
}

TEST_F(InstallationTest, AStoreThatIsNoStoreIsAnError) {
  make_installation(directory);
  std::ofstream(directory.store(), std::ios::trunc) << "this is no database, and never was one";
  EXPECT_FALSE(check_installation(directory));
  EXPECT_FALSE(open());
}

TEST_F(InstallationTest, AStoreWithoutItsFactsIsAnError) {
  make_installation(directory);
  tamper("DELETE FROM settings WHERE name = 'region'");
  EXPECT_EQ(error_of(open()).kind, ErrorKind::corrupt);
}

TEST_F(InstallationTest, AKeptRootKeyIsRefusedInProduction) {
  make_installation(directory, Fate::kept);
  const auto opened = value_of(open());
  EXPECT_EQ(error_of(refuse_kept_root_key(*opened)).kind, ErrorKind::invalid);
}

TEST_F(InstallationTest, ARootKeyThatWasTakenAwayIsFine) {
  make_installation(directory);
  const auto opened = value_of(open());
  expect_done(refuse_kept_root_key(*opened));
}

}  // namespace
}  // namespace hallmark::server
