// Files, with the durability rules in one place: what `write_file_durably` returned from is there
// after a power cut.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/read_at.h"
#include "base/result.h"

namespace hallmark {

// An open file, closed by its owner's end. Not copyable. `read_at` is safe from any thread.
class File final : public ReadAt {
 public:
  // Opens an existing regular file. Not found: ErrorKind::not_found, without the path in the
  // message.
  static Result<std::unique_ptr<File>> open(const std::filesystem::path& path);

  explicit File(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~File() override;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::uint64_t size() const override { return size_; }  // at the time of opening
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  std::uint64_t size_;
};

// A file that appears under its name whole and durable, or not at all.
//
//   TRY(auto file, NewFile::create(folder, 0600));
//   TRY(artifact.write_to(*file, source));
//   TRY(file->publish(folder / "name"));
class NewFile final : public Sink {
 public:
  // A temporary file in `folder` (empty: the current one), which exists and is on the file system
  // of the target. A process that is killed leaves it there (temporary_file_prefix).
  static Result<std::unique_ptr<NewFile>> create(const std::filesystem::path& folder,
                                                 unsigned mode);
  ~NewFile() override;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  Result<void> write(ByteView bytes) override;
  int descriptor() const { return descriptor_; }
  // fsync of what is written so far; `publish` does it too.
  Result<void> sync();
  // fsync, rename to `path` (replacing what is there), fsync of the folder. Once.
  Result<void> publish(const std::filesystem::path& path);
  // The same, but replaces nothing. Conflict: something has that name.
  Result<void> publish_new(const std::filesystem::path& path);

 private:
  NewFile(int descriptor, std::filesystem::path temporary)
      : descriptor_(descriptor), temporary_(std::move(temporary)) {}
  void start_writing_back();
  int descriptor_;
  std::filesystem::path temporary_;
  std::uint64_t written_ = 0;
  std::uint64_t handed_on_ = 0;  // of these, to the disk
};

// Temporary files begin so; whoever owns a folder may delete left-over ones at its start.
inline constexpr std::string_view temporary_file_prefix = ".new-";

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);
Result<void> write_file_durably(const std::filesystem::path& path, ByteView content, unsigned mode);
Result<void> sync_folder(const std::filesystem::path& folder);
// Renames a file within its file system, durably, and replaces nothing, also what came meanwhile.
// Conflict: something has that name.
Result<void> rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);
// Makes the folder and those above it, each 0700 and durable.
Result<void> make_folders(const std::filesystem::path& folder);

}  // namespace hallmark
