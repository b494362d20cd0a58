// What is in a backup's stream: files, one after the other, each with its name below the data
// directory and its length, and an empty name at the end.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/read_at.h"
#include "base/result.h"

namespace hallmark::server {

inline constexpr std::size_t backup_name_bytes_max = 300;

// Whether a backup may hold a file of this name: one of the small files and the store of a data
// directory, or one of its objects. Never a secret that is not sealed, nor anything outside.
bool is_backup_name(std::string_view name);

Result<void> write_backup_entry(Sink& to, std::string_view name, const ReadAt& content);
Result<void> write_backup_end(Sink& to);

// Fills its argument with what comes next, or fails.
using BackupSource = std::function<Result<void>(MutableByteView into)>;

// What is made of the files of a backup.
class BackupEntries {
 public:
  virtual ~BackupEntries() = default;
  // Where the content of this one goes; it is asked for once before the next `end`.
  virtual Result<Sink*> begin(const std::string& name) = 0;
  virtual Result<void> end() = 0;  // its content was written
};

// Reads all files. Corrupt: a name that no backup has, or what is no entry.
Result<void> read_backup_entries(const BackupSource& source, BackupEntries& entries);

}  // namespace hallmark::server
