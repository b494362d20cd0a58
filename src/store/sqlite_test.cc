#include "store/sqlite.h"

#include <gtest/gtest.h>

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <limits>

#include "base/file.h"
#include "store/conformance_test.h"
#include "store/settings.h"

namespace {

std::atomic<bool> sync_fails = false;
std::atomic<bool> disk_is_full = false;

ssize_t write_unless_full(int descriptor, const void* data, size_t size, off_t offset) {
  if (disk_is_full) {
    errno = ENOSPC;
    return -1;
  }
  return ::pwrite(descriptor, data, size, offset);
}

}  // namespace

// SQLite finds this one before libc's.
extern "C" int fdatasync(int descriptor) {
  if (sync_fails) {
    errno = EIO;
    return -1;
  }
  return int(::syscall(SYS_fdatasync, descriptor));
}

namespace hallmark::store {
namespace {

class Sqlite : public testing::Test {
 protected:
  ~Sqlite() override { sync_fails = disk_is_full = false; }

  std::unique_ptr<Store> opened() {
    auto store = open_sqlite(path_, test_link);
    CHECK(store.has_value());
    return *std::move(store);
  }
  static Work setting(std::string name) {
    return [name = std::move(name)](Transaction& tx) -> Result<void> {
      TRY(append_audit(tx, {.body = name, .body_hash = hash_of(1)}));
      return insert_setting(tx, name, "v");
    };
  }
  static bool holds(Store& store, std::string_view name) {
    return store.read([&](Reader& rows) { return find_setting(rows, name); })->has_value();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "store.db";
};

// A unit in a transaction that presumes, and so has no savepoint.
class SqliteUnit : public Sqlite {
 protected:
  SqliteUnit() {
    CHECK(connection_->begin_write(Pace::presuming).has_value());
    CHECK(connection_->savepoint().has_value());
  }
  ~SqliteUnit() override { connection_->rollback(); }

  const bool has_schema_ = opened() != nullptr;
  const std::unique_ptr<Driver> driver_ = sqlite_driver(path_);
  const std::unique_ptr<Connection> connection_ = *driver_->open_writer();
  Chain chain_{test_link, 0, {}};
  Transaction unit_{*connection_, chain_};
};

TEST_F(SqliteUnit, IsUndoneAloneIfItWroteNothing) {
  EXPECT_TRUE(connection_->rollback_to_savepoint());
}

TEST_F(SqliteUnit, TakesItsGroupWithItIfItWrote) {
  ASSERT_TRUE(insert_setting(unit_, "name", "v"));
  EXPECT_EQ(connection_->rollback_to_savepoint().error().kind, ErrorKind::conflict);
}

TEST_F(SqliteUnit, IsUndoneAloneIfAConstraintRefusedWhatItWrote) {
  ASSERT_TRUE(insert_setting(unit_, "name", "v"));
  ASSERT_TRUE(connection_->savepoint());
  ASSERT_FALSE(insert_setting(unit_, "name", "v"));
  EXPECT_TRUE(connection_->rollback_to_savepoint());
}

// It may have written a part, to an index that is damaged in the middle, say.
TEST_F(SqliteUnit, TakesItsGroupWithItIfTheEngineFailed) {
  {
    auto query = ask(unit_, "SELECT abs($1)", std::numeric_limits<std::int64_t>::min());
    ASSERT_FALSE(query->next());
  }
  EXPECT_EQ(connection_->rollback_to_savepoint().error().kind, ErrorKind::conflict);
}

// Makes SQLite's writes fail while `disk_is_full` says so.
class FullDisk {
 public:
  FullDisk() : vfs_(sqlite3_vfs_find("unix")) {
    for (const char* call : {"pwrite", "pwrite64"}) {
      if (vfs_->xGetSystemCall(vfs_, call) == nullptr) continue;
      CHECK(vfs_->xSetSystemCall(
                vfs_, call, reinterpret_cast<sqlite3_syscall_ptr>(write_unless_full)) == SQLITE_OK);
    }
  }
  ~FullDisk() {
    for (const char* call : {"pwrite", "pwrite64"}) vfs_->xSetSystemCall(vfs_, call, nullptr);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  sqlite3_vfs* vfs_;
};

TEST_F(Sqlite, TheFileIsReadableByItsOwnerAlone) {
  const auto store = opened();
  ASSERT_TRUE(store->write(setting("one")));
  for (const char* end : {"", "-wal", "-shm"}) {
    struct stat info = {};
    ASSERT_EQ(::stat((path_.string() + end).c_str(), &info), 0) << end;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << end;
  }
}

TEST_F(Sqlite, AFileOfAnotherProgramIsRefusedUntouched) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE notes (text)", nullptr, nullptr, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_close(other), SQLITE_OK);
  const auto refused = open_sqlite(path_, test_link);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
}

TEST_F(Sqlite, AFileThatIsNoDatabaseIsCorrupt) {
  ASSERT_TRUE(write_file_durably(path_, bytes_of(std::string(4096, 'x')), 0600));
  EXPECT_EQ(open_sqlite(path_, test_link).error().kind, ErrorKind::corrupt);
}

TEST_F(Sqlite, AFolderThatIsNotThereIsAnError) {
  EXPECT_FALSE(open_sqlite(folder_.path() / "none" / "store.db", test_link));
}

TEST_F(Sqlite, ReadConnectionsCannotWrite) {
  const auto store = opened();
  const auto written = store->read([](Reader& rows) -> Result<int> {
    TRY(Query query, ask(rows, "INSERT INTO settings (name, value) VALUES ('a', 'b')"));
    TRY(query.next());
    return 1;
  });
  EXPECT_FALSE(written);
  EXPECT_FALSE(holds(*store, "a"));
}

TEST_F(Sqlite, ParametersAreBoundByNumberAndNotByAppearance) {
  const auto store = opened();
  const auto text = store->read([](Reader& rows) -> Result<std::string> {
    TRY(Query query,
        ask(rows, "SELECT $2 || $1 || $2", std::string_view("a"), std::string_view("b")));
    TRY(query.next());
    return query.text(0);
  });
  EXPECT_EQ(*text, "bab");
}

TEST_F(Sqlite, AFullDiskFailsTheUnitsAndTheStoreGoesOn) {
  const FullDisk full;
  const auto store = opened();
  ASSERT_TRUE(store->write(setting("before")));
  disk_is_full = true;
  const auto refused = store->write(setting("refused"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(holds(*store, "before"));
  EXPECT_FALSE(holds(*store, "refused"));
  disk_is_full = false;
  EXPECT_TRUE(store->write(setting("after")));
  EXPECT_TRUE(store->check());
}

using SqliteDeathTest = Sqlite;

TEST_F(SqliteDeathTest, AFailedSyncStopsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        const auto store = opened();
        CHECK(store->write(setting("before")).has_value());
        sync_fails = true;
        const auto outcome = store->write(setting("lost"));
        std::fprintf(stderr, "acknowledged\n");
      },
      "the store cannot write; stopping");
}

TEST_F(Sqlite, ManyCheckpointsLoseNothing) {
  auto store = opened();
  const std::string value(4 << 20, 'x');
  for (int i = 0; i < 25; ++i) {
    ASSERT_TRUE(store->write(
        [&](Transaction& tx) { return insert_setting(tx, std::to_string(i), value); }));
  }
  // 100 MiB were written; the log was begun anew, so it is about as long as one checkpoint allows.
  EXPECT_LT(std::filesystem::file_size(path_.string() + "-wal"), 80u << 20);
  EXPECT_GT(std::filesystem::file_size(path_), 50u << 20);
  EXPECT_TRUE(holds(*store, "0"));
  EXPECT_TRUE(holds(*store, "24"));
}

}  // namespace
}  // namespace hallmark::store
