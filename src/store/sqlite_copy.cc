#include "store/sqlite_copy.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "store/sqlite_statement.h"

namespace hallmark::store {
namespace {

// Ends when it is finished, which says how the copy went; for when it never got there.
using Backup = Handle<sqlite3_backup, sqlite3_backup_finish>;

Result<Database> open(const std::filesystem::path& path, int access) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(std::filesystem::absolute(path).c_str(), &raw,
                                   access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(raw);  // is to be closed also when opening failed
  if (raw == nullptr) return unavailable("sqlite3_open_v2: out of memory");
  if (code != SQLITE_OK) return sqlite_error(raw, "open");
  return database;
}

// As the driver's readers are: it can neither write nor checkpoint (see sqlite.h).
Result<Database> open_source(const std::filesystem::path& path) {
  std::error_code unreadable;
  if (!std::filesystem::exists(path, unreadable)) {
    return invalid(fmt::format("There is no store at {}.", path.string()));
  }
  TRY(auto source, open(path, SQLITE_OPEN_READONLY));
  if (sqlite3_db_config(source.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) != SQLITE_OK) {
    return sqlite_error(source.get(), "configure");
  }
  return source;
}

// SQLite would make the file readable by others. It is worthless after a crash, so nothing waits
// for the disk.
Result<Database> create_target(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_error("create the copy of the store", errno);
  if (::close(descriptor) != 0) return system_error("close the copy of the store", errno);
  TRY(auto target, open(path, SQLITE_OPEN_READWRITE));
  const char* settings = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF";
  if (sqlite3_exec(target.get(), settings, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sqlite_error(target.get(), "configure");
  }
  return target;
}

}  // namespace

// In one step, which is one transaction of a reader: in several, each change between two of them
// would begin the copy anew.
Result<void> copy_sqlite(const std::filesystem::path& path, const std::filesystem::path& to) {
  TRY(const Database source, open_source(path));
  TRY(const Database target, create_target(to));
  Backup backup(sqlite3_backup_init(target.get(), "main", source.get(), "main"));
  if (backup == nullptr) return sqlite_error(target.get(), "copy");
  constexpr int all_pages = -1;
  const int copied = sqlite3_backup_step(backup.get(), all_pages);
  const int finished = sqlite3_backup_finish(backup.release());
  if (copied == SQLITE_DONE && finished == SQLITE_OK) return {};
  return sqlite_error(target.get(), "copy");
}

}  // namespace hallmark::store
