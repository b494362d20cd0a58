#include "server/restore.h"

#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/clock.h"
#include "base/file.h"
#include "server/backup_entries.h"
#include "server/installation.h"
#include "server/key_places.h"
#include "server/sealing_keys.h"
#include "store/head.h"
#include "store/standstill.h"

namespace hallmark::server {
namespace {

namespace fs = std::filesystem;

class NoSink final : public Sink {
 public:
  Result<void> write(ByteView) override { return {}; }
};

// Looks only.
class Discarded final : public BackupEntries {
 public:
  Result<Sink*> begin(const std::string& name) override {
    names_.insert(name);
    return &nowhere_;
  }
  Result<void> end() override { return {}; }
  bool is_whole() const {
    return names_.contains("hallmark.db") && names_.contains("installation");
  }

 private:
  NoSink nowhere_;
  std::set<std::string> names_;
};

// Under a name that does not make the directory an initialised one.
constexpr std::string_view unfinished = ".restoring";

// Files of a directory.
class Extracted final : public BackupEntries {
 public:
  explicit Extracted(fs::path folder) : folder_(std::move(folder)) {}
  Result<Sink*> begin(const std::string& name) override {
    path_ = folder_ / name;
    if (name == "installation") path_ += unfinished;
    const bool is_object = name.starts_with("objects/");
    if (is_object) TRY(make_folders(path_.parent_path()));
    TRY(file_, NewFile::create(path_.parent_path(), is_object ? 0400 : 0600));
    return file_.get();
  }
  Result<void> end() override { return file_->publish(path_); }

 private:
  const fs::path folder_;
  fs::path path_;
  std::unique_ptr<NewFile> file_;
};

Result<void> read_all(BackupReader& reader, BackupEntries& entries) {
  TRY(read_backup_entries([&](MutableByteView into) { return reader.read(into); }, entries));
  return reader.expect_end();
}

Result<void> require_unused(const DataDirectory& directory) {
  std::error_code error;
  const bool is_empty = fs::is_empty(directory.path, error);
  if (error == std::errc::no_such_file_or_directory || (!error && is_empty)) return {};
  return invalid(fmt::format("{} is not empty. Name a missing or an empty directory.",
                             directory.path.string()));
}

Result<void> stand_still(store::Store& store, const BackupFacts& facts,
                         const NewInstallation& installation) {
  const Timestamp now = SystemClock().now();
  const std::string cause =
      fmt::format("The store was restored from a backup of {}.", to_rfc3339(facts.time));
  const auto record =
      audit::record_event("RestoreBackup", now, installation.home, {{"cause", cause}});
  return store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(const auto standing, store::find_standing(tx));
    const std::int64_t open = standing.standstill ? standing.standstill->number : 0;
    const std::int64_t number = std::max(standing.epoch, open) + 1;
    TRY(store::insert_standstill(tx, {.number = number, .cause = cause, .noticed_at = now}));
    return store::append_audit(tx, record);
  });
}

Result<void> check_store(store::Store& store, const BackupFacts& facts,
                         keys::MasterKey& master_key) {
  TRY(const auto keys, load_sealing_keys(store, master_key));
  TRY(store.check());
  TRY(audit::check_records(store));
  TRY(const auto head,
      store.read([&](store::Reader& rows) { return store::find_head(rows, store.node_number()); }));
  if (head == facts.head) return {};
  return corrupt("The store of the backup is not the one that its header tells of.");
}

}  // namespace

Result<BackupFacts> check_backup(const ReadAt& file, keys::MasterKey& master_key) {
  TRY(const auto reader, BackupReader::open(file, master_key));
  Discarded entries;
  TRY(read_all(*reader, entries));
  if (!entries.is_whole()) return corrupt("The backup holds no store.");
  return reader->facts();
}

Result<BackupFacts> restore(const ReadAt& file, const DataDirectory& directory,
                            const keys::KeyPlaces& places, keys::MasterKey& master_key) {
  TRY(require_unused(directory));
  TRY(const BackupFacts facts, check_backup(file, master_key));
  TRY(const auto lock, DirectoryLock::take(directory));
  {
    TRY(const auto reader, BackupReader::open(file, master_key));
    Extracted entries(directory.path);
    TRY(read_all(*reader, entries));
  }
  fs::path installation = directory.installation();
  installation += unfinished;
  TRY(const auto restored, read_facts_file(installation));
  {
    TRY(const auto store, store::open_sqlite(directory.store(), audit::link));
    TRY(check_store(*store, facts, master_key));
    TRY(stand_still(*store, facts, restored));
    store->close();
  }
  TRY(const auto all_places, find_key_places(directory, places));
  TRY(write_key_places(directory, all_places));
  std::error_code error;  // from here on it is whole
  fs::rename(installation, directory.installation(), error);
  if (error) return internal_error(fmt::format("finish the restore: {}", error.message()));
  TRY(sync_folder(directory.path));
  return facts;
}

}  // namespace hallmark::server
