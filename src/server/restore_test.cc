#include "server/restore.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/random.h"
#include "objects/file_objects.h"
#include "server/backup.h"
#include "server/check.h"
#include "server/test_installation.h"
#include "store/settings.h"

namespace hallmark::server {
namespace {

namespace fs = std::filesystem;
using hallmark::test::error_of;
using hallmark::test::expect_done;
using test::make_installation;
using test::master_key;
using test::value_of;

class Restoring : public testing::Test {
 protected:
  Restoring() { make_installation(directory); }

  Result<BackupFacts> back_up(BackedUpObjects objects = BackedUpObjects::left_out,
                              std::uint8_t key = 0) {
    const keys::Custody custody{master_key(key)};
    return server::back_up(
        {.directory = directory, .output = file, .version = "1.0", .objects = objects},
        custody.master_key(), random);
  }
  Result<BackupFacts> restore(std::uint8_t key = 0) {
    const keys::Custody custody{master_key(key)};
    TRY(const auto source, File::open(file));
    return server::restore(*source, restored, {{}, "/somewhere/master.key"}, custody.master_key());
  }
  static std::vector<std::string> names_in(const fs::path& path) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  hallmark::test::TemporaryFolder folder;
  const DataDirectory directory{folder.path() / "data"};
  const DataDirectory restored{folder.path() / "restored"};
  const fs::path file = folder.path() / "backup";
  crypto::SystemRandom random;
};

TEST_F(Restoring, ARestoredDirectoryIsSoundAndStandsStill) {
  const auto facts = value_of(back_up());
  EXPECT_EQ(value_of(restore()).head, facts.head);
  EXPECT_TRUE(check_installation(restored));
  const auto in = value_of(Installation::open(restored, master_key()));
  EXPECT_EQ(in->account().view(), "111122223333");
  ASSERT_TRUE(in->heads().standstill());
  EXPECT_NE(in->heads().standstill()->find("restored from a backup"), std::string::npos);
}

TEST_F(Restoring, TakesTheFilesThatMatterAndNoOther) {
  expect_done(write_file_durably(directory.master_key(), bytes_of("a secret"), 0400));
  expect_done(write_file_durably(directory.credentials(), bytes_of("a secret"), 0600));
  value_of(back_up());
  value_of(restore());
  EXPECT_EQ(names_in(restored.path),
            (std::vector<std::string>{"hallmark.db", "installation", "keys", "lock", "roots.pem"}));
  EXPECT_EQ(value_of(read_file(restored.key_places(), 4096)),
            "master_key = /somewhere/master.key\n");
}

TEST_F(Restoring, LeavesNothingBesideTheBackup) {
  value_of(back_up());
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"backup", "data"}));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Restoring, AnOpenInstallationIsBackedUpToo) {
  const auto in = value_of(Installation::open(directory, master_key()));
  expect_done(in->store().write(
      [](store::Transaction& tx) { return store::insert_setting(tx, "last", "yes"); }));
  value_of(back_up());
  value_of(restore());
  const auto copy = value_of(Installation::open(restored, master_key()));
  EXPECT_TRUE(value_of(
      copy->store().read([](store::Reader& rows) { return store::find_setting(rows, "last"); })));
}

TEST_F(Restoring, ObjectsComeWhenTheyAreWanted) {
  const SystemClock clock;
  objects::FileObjects objects(directory.objects(), clock, random);
  expect_done(objects.create_bucket("bucket", "111122223333"));
  value_of(objects.put({"bucket", "a/key"}, MemoryReadAt(bytes_of("content"))));
  value_of(back_up(BackedUpObjects::included));
  value_of(restore());
  const auto in = value_of(Installation::open(restored, master_key()));
  EXPECT_EQ(value_of(in->objects().pin({"bucket", "a/key"})).size, 7u);
}

TEST_F(Restoring, ABackupIsNeverReplaced) {
  value_of(back_up());
  EXPECT_EQ(error_of(back_up()).kind, ErrorKind::invalid);
}

// Does something of the test's when it is asked to wrap.
class MeddlingKey final : public keys::MasterKey {
 public:
  MeddlingKey(keys::MasterKey& real, std::function<void()> meddle)
      : real_(real), meddle_(std::move(meddle)) {}
  std::string fingerprint() const override { return real_.fingerprint(); }
  Result<Bytes> wrap(ByteView key, std::string_view context) override {
    meddle_();
    return real_.wrap(key, context);
  }
  Result<Secret> unwrap(ByteView wrapped, std::string_view context) override {
    return real_.unwrap(wrapped, context);
  }

 private:
  keys::MasterKey& real_;
  const std::function<void()> meddle_;
};

TEST_F(Restoring, AFileThatComesToTheBackupsPlaceMeanwhileStays) {
  const keys::Custody custody{master_key()};
  MeddlingKey key(custody.master_key(),
                  [&] { expect_done(write_file_durably(file, bytes_of("another's"), 0600)); });
  EXPECT_EQ(error_of(server::back_up({.directory = directory, .output = file, .version = "1.0"},
                                     key, random))
                .kind,
            ErrorKind::invalid);
  EXPECT_EQ(value_of(read_file(file, 4096)), "another's");
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"backup", "data"}));
}

TEST_F(Restoring, WhatAKilledBackupLeftIsRemovedByTheNext) {
  fs::create_directory(folder.path() / ".new-backup-abcdef");
  expect_done(write_file_durably(folder.path() / ".new-backup-abcdef" / "hallmark.db",
                                 bytes_of("x"), 0600));
  value_of(back_up());
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"backup", "data"}));
}

TEST_F(Restoring, WhatAnotherBackupIsAtIsLeftAlone) {
  const fs::path other = folder.path() / ".new-backup-abcdef";
  fs::create_directory(other);
  const int held = ::open(other.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  value_of(back_up());
  EXPECT_TRUE(fs::exists(other));
  ::close(held);
}

TEST_F(Restoring, ADirectoryThatHoldsAnythingIsLeftAlone) {
  value_of(back_up());
  fs::create_directory(restored.path);
  expect_done(write_file_durably(restored.path / "mine", bytes_of("x"), 0600));
  EXPECT_EQ(error_of(restore()).kind, ErrorKind::invalid);
  EXPECT_EQ(names_in(restored.path), std::vector<std::string>{"mine"});
}

TEST_F(Restoring, AnotherMasterKeyMakesNoBackupAndRestoresNone) {
  EXPECT_EQ(error_of(back_up(BackedUpObjects::left_out, 9)).kind, ErrorKind::invalid);
  EXPECT_FALSE(fs::exists(file));
  value_of(back_up());
  EXPECT_EQ(error_of(restore(9)).kind, ErrorKind::invalid);
  EXPECT_FALSE(fs::exists(restored.path));
}

TEST_F(Restoring, ADamagedBackupMakesNoDirectory) {
  value_of(back_up());
  std::string content = value_of(read_file(file, 1 << 26));
  content[content.size() / 2] ^= 1;
  expect_done(write_file_durably(file, bytes_of(content), 0600));
  EXPECT_EQ(error_of(restore()).kind, ErrorKind::corrupt);
  EXPECT_FALSE(fs::exists(restored.path));
}

TEST_F(Restoring, ADamagedStoreIsNotBackedUp) {
  const auto done = hallmark::test::run("sqlite3 " + directory.store().string() +
                                        " \"UPDATE audit SET body = '{}' WHERE sequence = 1\"");
  ASSERT_EQ(done.status, 0) << done.output;
  EXPECT_EQ(error_of(back_up()).kind, ErrorKind::corrupt);
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(Restoring, AStoreInADatabaseHasBackupsOfItsOwn) {
  expect_done(write_file_durably(directory.store_place(), bytes_of("url = x\nnode = y\n"), 0600));
  EXPECT_NE(error_of(back_up()).message.find("pg_dump"), std::string::npos);
}

TEST_F(Restoring, AnUninitialisedDirectoryHasNothingToBackUp) {
  fs::remove(directory.installation());
  EXPECT_EQ(error_of(back_up()).kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace hallmark::server
