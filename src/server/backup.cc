#include "server/backup.h"

#include <cerrno>
#include <utility>

#include <stdlib.h>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/folder_lock.h"
#include "base/log.h"
#include "server/backup_entries.h"
#include "server/installation.h"
#include "server/sealing_keys.h"
#include "store/head.h"
#include "store/sqlite_copy.h"

namespace hallmark::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view work_folder_prefix = ".new-backup-";

void remove_folder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) log::warning("a folder is left over", {{"path", folder.string()}});
}

// What backups left that were killed; not what others are at.
void remove_left_over(const fs::path& beside) {
  std::error_code error;
  auto entry = fs::directory_iterator(beside, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(work_folder_prefix)) continue;
    const auto lock = FolderLock::try_take(entry->path());
    if (lock && *lock) remove_folder(entry->path());
  }
}

// A folder of its own, gone with all that is in it at the end.
class WorkFolder {
 public:
  static Result<std::unique_ptr<WorkFolder>> make(const fs::path& beside) {
    remove_left_over(beside);
    std::string name = (beside / fmt::format("{}XXXXXX", work_folder_prefix)).string();
    if (::mkdtemp(name.data()) == nullptr) return system_error("mkdtemp", errno);
    auto lock = FolderLock::try_take(name);
    if (!lock) return std::move(lock.error());
    if (!*lock) return unavailable("another backup is removing the work folder");
    return std::unique_ptr<WorkFolder>(new WorkFolder(std::move(name), **std::move(lock)));
  }
  ~WorkFolder() { remove_folder(path_); }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  WorkFolder(std::string path, FolderLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  const fs::path path_;
  const FolderLock lock_;  // others know by it that the work goes on
};

Error is_there(const fs::path& output) {
  return invalid(fmt::format("{} exists: a backup is never replaced.", output.string()));
}

Result<void> check_order(const BackupOrder& order) {
  std::error_code unreadable;
  if (fs::exists(order.directory.store_place(), unreadable)) {
    return invalid(
        "The store is in a PostgreSQL database, which has backups of its own: use pg_dump or "
        "archive its log, and keep the master key (docs/operations.md, Backup and restore).");
  }
  if (fs::exists(fs::symlink_status(order.output, unreadable))) {
    return is_there(order.output);
  }
  if (fs::is_directory(order.output.parent_path(), unreadable)) return {};
  return invalid(
      fmt::format("The directory {} does not exist.", order.output.parent_path().string()));
}

// The head of a copy that is sound and that the master key opens.
Result<store::Head> check_copy(const fs::path& path, keys::MasterKey& master_key) {
  TRY(const auto store, store::open_sqlite(path, audit::link));
  TRY(const auto keys, load_sealing_keys(*store, master_key));
  TRY(store->check());
  TRY(audit::check_records(*store));
  TRY(const auto head, store->read([&](store::Reader& rows) {
    return store::find_head(rows, store->node_number());
  }));
  store->close();
  return head;
}

Result<void> write_file_entry(Sink& to, const std::string& name, const fs::path& path) {
  auto file = File::open(path);
  // Removed, or never there.
  if (!file && file.error().kind == ErrorKind::not_found) return {};
  if (!file) return std::move(file.error());
  return write_backup_entry(to, name, **file);
}

// They never change once they are there, so those of a later moment are good for the store's.
Result<void> write_objects(Sink& to, const DataDirectory& directory) {
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(directory.objects(), error);
  if (error == std::errc::no_such_file_or_directory) return {};
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    const std::string name = fs::relative(entry->path(), directory.path, gone).string();
    if (gone || !entry->is_regular_file(gone) || !is_backup_name(name)) continue;
    TRY(write_file_entry(to, name, entry->path()));
  }
  if (error) return internal_error(fmt::format("list the objects: {}", error.message()));
  return {};
}

Result<void> write_entries(Sink& to, const BackupOrder& order, const fs::path& store) {
  const DataDirectory& directory = order.directory;
  TRY(write_file_entry(to, "hallmark.db", store));
  for (const fs::path& path :
       {directory.installation(), directory.key_places(), directory.root_certificates()}) {
    TRY(write_file_entry(to, path.filename().string(), path));
  }
  if (order.objects == BackedUpObjects::included) TRY(write_objects(to, directory));
  return write_backup_end(to);
}

}  // namespace

Result<BackupFacts> back_up(const BackupOrder& order, keys::MasterKey& master_key, Random& random) {
  TRY(const auto installation, read_facts(order.directory));
  TRY(check_order(order));
  const fs::path folder = order.output.parent_path();
  TRY(const auto work, WorkFolder::make(folder));
  const fs::path copy = work->path() / "hallmark.db";
  BackupFacts facts{.time = SystemClock().now(),
                    .version = order.version,
                    .account = installation.account.text()};
  TRY(store::copy_sqlite(order.directory.store(), copy));
  TRY(facts.head, check_copy(copy, master_key));
  TRY(auto file, NewFile::create(work->path(), 0600));
  TRY(auto writer, BackupWriter::begin(*file, facts, master_key, random));
  TRY(write_entries(*writer, order, copy));
  TRY(writer->finish());
  if (auto published = file->publish_new(order.output); !published) {
    if (published.error().kind == ErrorKind::conflict) return is_there(order.output);
    return std::move(published.error());
  }
  return facts;
}

}  // namespace hallmark::server
