#include "store/sqlite.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <unordered_map>

#include <fmt/format.h>

#include "base/file.h"
#include "base/free_space.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/row_memory.h"
#include "store/sqlite_statement.h"

namespace hallmark::store {
namespace {

enum class Role { writer, reader };

constexpr int application_id = 0x484c4d4b;  // "HLMK", for `file` and for refusing other files

// 2 MiB. Everybody who writes waits for a checkpoint, and it takes the longer the more it copies:
// with 64 MiB one request in a hundred waited 70 ms. Below this its own two fsyncs are what counts.
constexpr int checkpoint_pages = 512;
constexpr int short_wal_pages = 256;  // 1 MiB, when the disk has less than
constexpr std::uint64_t short_free_bytes = 3 * free_bytes_min;

// What a script's words in braces are here (see Connection::run_script).
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> script_words = {{
    {"{integer}", "INTEGER"},
    {"{text}", "TEXT"},
    {"{bytes}", "BLOB"},
    {"{table}", "STRICT"},
    {"{clustered}", "STRICT, WITHOUT ROWID"},
}};

// The process ends rather than answer: whether the last transaction is durable cannot be known, and
// after a failed fsync the kernel may have dropped what it could not write. Recovery reads the WAL.
[[noreturn]] void stop(const Error& error) {
  log::error("the store cannot write; stopping", {{"error", describe(error)}});
  std::abort();
}

class SqliteConnection final : public Connection {
 public:
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Role role);
  explicit SqliteConnection(Database database) : database_(std::move(database)) {}

  // Null where another process writes. Once, before the connection is used.
  void set_memory(std::shared_ptr<RowMemory> memory) { memory_ = std::move(memory); }

  Result<Statement*> prepare(Sql sql) override;
  Result<void> begin_read() override;
  Result<Begun> begin_write(Pace pace) override;
  Result<void> commit() override;
  void rollback() override;
  bool in_transaction() override { return sqlite3_get_autocommit(database_.get()) == 0; }
  Result<void> savepoint() override;
  Result<void> release_savepoint() override;
  Result<void> rollback_to_savepoint() override;
  Result<const Recollection*> recollection() override { return known_ ? &*known_ : nullptr; }
  void mark_changed(RowKind kind) override { changed_[std::size_t(kind)] = true; }
  bool is_shared() const override { return false; }
  Result<void> begin_schema_change() override { return run("BEGIN IMMEDIATE"); }
  Result<std::int64_t> join(std::string_view) override { return std::int64_t(0); }
  Result<std::optional<ChangeCounts>> change_counts() override {
    return std::optional<ChangeCounts>();
  }
  Result<std::optional<Timestamp>> shared_time() override { return std::optional<Timestamp>(); }
  Result<void> run_script(std::string_view script) override;
  void tidy() override;
  Result<void> check_structure() override;

  Result<void> claim_file();

 private:
  Result<void> configure(Role role);
  Result<void> run(Sql sql);
  Result<std::string> answer(Sql sql);
  bool is_checkpoint_due() const;
  std::int64_t rows_written() const { return sqlite3_total_changes64(database_.get()); }

  Database database_;
  std::unordered_map<const char*, std::unique_ptr<SqliteStatement>> statements_;
  bool snapshot_waits_ = false;  // it is begun by the first statement
  std::shared_ptr<RowMemory> memory_;
  std::optional<Recollection> known_;  // of a read that has begun
  RowKinds changed_ = {};              // since the last commit
  Pace pace_ = Pace::looking;          // of the last transaction that writes
  std::int64_t written_before_unit_ = 0;
  bool faulted_ = false;  // a statement of the unit failed in the engine
  int wal_pages_ = 0;     // after the last commit
  int checkpoint_at_ = checkpoint_pages;
};

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path,
                                                                 Role role) {
  const int access = role == Role::writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw,
                                   access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(raw);  // is to be closed also when opening failed
  if (raw == nullptr) return unavailable("sqlite3_open_v2: out of memory");
  if (code != SQLITE_OK) return sqlite_error(raw, "open " + path);
  auto connection = std::make_unique<SqliteConnection>(std::move(database));
  TRY(connection->configure(role));
  return connection;
}

Result<void> SqliteConnection::configure(Role role) {
  constexpr std::array<std::pair<int, int>, 5> settings = {{
      {SQLITE_DBCONFIG_DEFENSIVE, 1},  // no SQL can damage the file
      {SQLITE_DBCONFIG_DQS_DML, 0},    // "x" is a name, never a text by mistake
      {SQLITE_DBCONFIG_DQS_DDL, 0},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
  }};
  for (const auto& [setting, value] : settings) {
    if (sqlite3_db_config(database_.get(), setting, value, nullptr) != SQLITE_OK) {
      return sqlite_error(database_.get(), "configure");
    }
  }
  TRY(
      run_script("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; "
                 "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0"));
  if (role == Role::reader) {
    if (sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) !=
        SQLITE_OK) {
      return sqlite_error(database_.get(), "configure");
    }
    return run_script(fmt::format("PRAGMA query_only = ON; PRAGMA cache_size = -{}",
                                  limits::read_cache_bytes / 1024));
  }
  TRY(run_script(fmt::format("PRAGMA synchronous = FULL; PRAGMA cache_size = -{}",
                             limits::write_cache_bytes / 1024)));
  TRY(const std::string mode, answer("PRAGMA journal_mode = WAL"));
  if (mode != "wal") return internal_error("the file system does not allow WAL: " + mode);
  // Replaces SQLite's own checkpoint after a commit, which drops the errors of fsync.
  const auto remember = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_.get(), remember, this);
  return {};
}

// A new file becomes ours; another program's is refused before it is touched.
Result<void> SqliteConnection::claim_file() {
  TRY(const std::string id, answer("PRAGMA application_id"));
  TRY(const std::string objects, answer("SELECT COUNT(*) FROM sqlite_schema"));
  if (id == std::to_string(application_id)) return {};
  if (id != "0" || objects != "0") return invalid("The store's file is not one of Hallmark.");
  return run_script(fmt::format("PRAGMA application_id = {}", application_id));
}

// Many reads are answered from memory and need no snapshot.
Result<void> SqliteConnection::begin_read() {
  snapshot_waits_ = true;
  if (memory_ != nullptr) known_.emplace(Recollection{*memory_, memory_->numbers()});
  return {};
}

Result<Statement*> SqliteConnection::prepare(Sql sql) {
  if (std::exchange(snapshot_waits_, false)) {
    auto begun = run("BEGIN DEFERRED");
    snapshot_waits_ = !begun.has_value();  // nothing is read outside of one
    if (!begun) return std::move(begun.error());
  }
  auto& cached = statements_[sql.text()];
  if (cached == nullptr) {
    TRY(auto prepared, SqliteStatement::prepare(database_.get(), sql, faulted_));
    cached = std::move(prepared);
  }
  CHECK(!cached->in_use());
  cached->take();
  return cached.get();
}

Result<void> SqliteConnection::run(Sql sql) {
  TRY(Statement * statement, prepare(sql));
  Query query(*statement);
  TRY(query.next());
  return {};
}

Result<std::string> SqliteConnection::answer(Sql sql) {
  TRY(Statement * statement, prepare(sql));
  Query query(*statement);
  TRY(const bool found, query.next());
  if (!found) return internal_error("no answer to " + std::string(sql.text()));
  return query.text(0);
}

Result<Connection::Begun> SqliteConnection::begin_write(Pace pace) {
  TRY(run("BEGIN IMMEDIATE"));
  pace_ = pace;
  return Begun::going_on;  // no other process has the file
}

Result<void> SqliteConnection::commit() {
  const RowMemory::Change change(memory_.get(), std::exchange(changed_, {}));
  auto committed = run("COMMIT");
  if (committed) return {};
  const int code = sqlite3_extended_errcode(database_.get());
  rollback();
  // These three are found before the commit record is written. After anything else nobody knows
  // what is on the disk.
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return conflict("The commit breaks a constraint.");
    case SQLITE_BUSY:
    case SQLITE_FULL: return committed;
    default: stop(committed.error());
  }
}

void SqliteConnection::rollback() {
  snapshot_waits_ = false;
  known_.reset();
  if (!in_transaction()) return;
  if (auto undone = run("ROLLBACK"); !undone) stop(undone.error());
}

// For a savepoint SQLite keeps every page that the unit changes as it was, which nearly no unit
// needs. In a transaction that presumes there is none: who failed after it wrote, or in the middle
// of a statement (an index that is damaged), takes the others back with it, and all are run again,
// looking.
Result<void> SqliteConnection::savepoint() {
  written_before_unit_ = rows_written();
  faulted_ = false;
  if (pace_ == Pace::presuming) return {};
  return run("SAVEPOINT unit");
}

Result<void> SqliteConnection::release_savepoint() {
  if (pace_ == Pace::presuming) return {};
  return run("RELEASE unit");
}

Result<void> SqliteConnection::rollback_to_savepoint() {
  if (pace_ == Pace::presuming) {
    if (rows_written() == written_before_unit_ && !faulted_) return {};
    return conflict("The unit has no savepoint.");
  }
  TRY(run("ROLLBACK TO unit"));
  return run("RELEASE unit");
}

Result<void> SqliteConnection::run_script(std::string_view script) {
  std::string sql(script);
  for (const auto& [word, replacement] : script_words) {
    for (auto at = sql.find(word); at != std::string::npos; at = sql.find(word, at)) {
      sql.replace(at, word.size(), replacement);
    }
  }
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sqlite_error(database_.get(), "script");
  }
  return {};
}

// On a disk that is almost full the log begins anew soon, lest it take what is left for
// revocations.
bool SqliteConnection::is_checkpoint_due() const {
  if (wal_pages_ >= checkpoint_at_) return true;
  if (wal_pages_ < short_wal_pages) return false;
  const auto free = find_free_bytes(sqlite3_db_filename(database_.get(), "main"));
  return free && *free < short_free_bytes;
}

// PASSIVE waits for nobody: what a reader still needs stays in the WAL for the next time.
void SqliteConnection::tidy() {
  if (!is_checkpoint_due()) return;
  int pages = 0;
  int copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             &pages, &copied);
  if ((code & 0xff) == SQLITE_IOERR) stop(sqlite_error(database_.get(), "checkpoint"));
  const bool whole = code == SQLITE_OK && pages == copied;
  // A whole checkpoint lets the next commit begin the WAL anew; else it grows by a part and another
  // try is made.
  checkpoint_at_ = whole ? checkpoint_pages : wal_pages_ + checkpoint_pages / 4;
  wal_pages_ = 0;
}

Result<void> SqliteConnection::check_structure() {
  TRY(const std::string faults, answer("PRAGMA integrity_check(1)"));
  if (faults != "ok") return corrupt("The store is damaged: " + faults);
  TRY(Statement * statement, prepare("PRAGMA foreign_key_check"));
  Query query(*statement);
  TRY(const bool orphan, query.next());
  if (orphan) return corrupt("A row of " + query.text(0) + " refers to one that is not there.");
  return {};
}

class SqliteDriver final : public Driver {
 public:
  explicit SqliteDriver(std::string path) : path_(std::move(path)) {}

  bool is_shared() const override { return false; }
  std::string_view node() const override { return {}; }

  Result<std::unique_ptr<Connection>> open_writer() override {
    // Spares every allocation a mutex that all connections share. Refused, harmlessly, when SQLite
    // is in use already.
    static_cast<void>(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0));
    TRY(create_file());
    TRY(auto connection, SqliteConnection::open(path_, Role::writer));
    TRY(connection->claim_file());
    memory_ = std::make_shared<RowMemory>();
    connection->set_memory(memory_);
    return std::unique_ptr<Connection>(std::move(connection));
  }

  Result<std::unique_ptr<Connection>> open_reader() override {
    TRY(auto connection, SqliteConnection::open(path_, Role::reader));
    connection->set_memory(memory_);
    return std::unique_ptr<Connection>(std::move(connection));
  }

 private:
  // SQLite would make the file readable by others, and its WAL like it.
  Result<void> create_file() {
    const int descriptor = ::open(path_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno == EEXIST) return {};
    if (descriptor < 0) return system_error("create the store's file", errno);
    if (::close(descriptor) != 0) return system_error("close the store's file", errno);
    return sync_folder(std::filesystem::path(path_).parent_path());
  }

  const std::string path_;
  // Shared with the connections, which may outlive the driver. Null: another process writes.
  std::shared_ptr<RowMemory> memory_;
};

}  // namespace

std::unique_ptr<Driver> sqlite_driver(const std::filesystem::path& path) {
  // An absolute path, so that no name is taken for a URI.
  return std::make_unique<SqliteDriver>(std::filesystem::absolute(path).string());
}

}  // namespace hallmark::store
