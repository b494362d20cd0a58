#include "base/file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace hallmark {
namespace {

constexpr std::uint64_t written_back_bytes = 8 * 1024 * 1024;  // at a time, of a large file

Error file_error(std::string_view what, const std::filesystem::path& path, int number) {
  return system_error(fmt::format("{} {}", what, path.string()), number);
}

// A message for the caller, and for operators what was asked of which file.
Error refused(Error error, std::string_view what, const std::filesystem::path& path, int number) {
  error.detail = file_error(what, path, number).detail;
  return error;
}

Error irregular(const std::filesystem::path& path, mode_t mode) {
  Error error = refused(invalid("This is not a regular file."), "open", path, EISDIR);
  if (!S_ISDIR(mode))
    error.detail = fmt::format("cannot open {}: Not a regular file", path.string());
  return error;
}

}  // namespace

Result<std::unique_ptr<File>> File::open(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return refused(not_found("There is no such file."), "open", path, errno);
  }
  if (descriptor < 0) return file_error("open", path, errno);
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return irregular(path, status.st_mode);
  }
  return std::make_unique<File>(descriptor, std::uint64_t(status.st_size));
}

File::~File() { ::close(descriptor_); }

Result<void> File::read_at(std::uint64_t offset, MutableByteView into) const {
  if (offset > size_ || into.size() > size_ - offset) {
    return corrupt("a read past the end of the data");
  }
  while (!into.empty()) {
    const ssize_t count = ::pread(descriptor_, into.data(), into.size(), off_t(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read", errno);
    if (count == 0) return corrupt("a read past the end of the data");
    offset += std::uint64_t(count);
    into = into.subspan(std::size_t(count));
  }
  return {};
}

Result<std::unique_ptr<NewFile>> NewFile::create(const std::filesystem::path& folder,
                                                 unsigned mode) {
  const std::filesystem::path within = folder.empty() ? "." : folder;
  std::string name = (within / fmt::format("{}XXXXXX", temporary_file_prefix)).string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return file_error("create a file in", folder, errno);
  auto file = std::unique_ptr<NewFile>(new NewFile(descriptor, name));
  if (::fchmod(descriptor, mode_t(mode)) != 0) return file_error("set the mode of", name, errno);
  return file;
}

NewFile::~NewFile() {
  ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> NewFile::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error("write", temporary_, errno);
    bytes = bytes.subspan(std::size_t(count));
    written_ += std::uint64_t(count);
  }
  if (written_ - handed_on_ >= written_back_bytes) start_writing_back();
  return {};
}

// Lets the disk write while more comes, so that fsync waits for the rest only. Whether it worked is
// for fsync to say.
void NewFile::start_writing_back() {
  (void)::sync_file_range(descriptor_, off_t(handed_on_), off_t(written_ - handed_on_),
                          SYNC_FILE_RANGE_WRITE);
  handed_on_ = written_;
}

Result<void> NewFile::sync() {
  if (::fsync(descriptor_) != 0) return file_error("fsync", temporary_, errno);
  return {};
}

Result<void> NewFile::publish(const std::filesystem::path& path) {
  TRY(sync());
  if (::rename(temporary_.c_str(), path.c_str()) != 0) return file_error("rename to", path, errno);
  temporary_.clear();
  return sync_folder(path.parent_path());
}

Result<void> NewFile::publish_new(const std::filesystem::path& path) {
  TRY(sync());
  TRY(rename_to_new(temporary_, path));
  temporary_.clear();
  return {};
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  TRY(auto file, File::open(path));
  if (file->size() > bytes_max) {
    return refused(invalid("The file is too large."), "read", path, EFBIG);
  }
  std::string content(std::size_t(file->size()), '\0');
  TRY(file->read_at(0, {reinterpret_cast<std::uint8_t*>(content.data()), content.size()}));
  return content;
}

Result<void> write_file_durably(const std::filesystem::path& path, ByteView content,
                                unsigned mode) {
  TRY(auto file, NewFile::create(path.parent_path(), mode));
  TRY(file->write(content));
  return file->publish(path);
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const std::filesystem::path name = folder.empty() ? "." : folder;
  const int descriptor = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return file_error("open", name, errno);
  const int status = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  if (status != 0) return file_error("fsync", name, number);
  return {};
}

// Not every file system can rename so: there the file has both names for a moment.
Result<void> rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  int renamed = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (renamed != 0 && errno == EINVAL) {
    renamed = ::link(from.c_str(), to.c_str());
    if (renamed == 0) renamed = ::unlink(from.c_str());
  }
  if (renamed != 0 && errno == EEXIST) {
    return refused({ErrorKind::conflict, "This exists already.", {}, {}}, "rename to", to, EEXIST);
  }
  if (renamed != 0) return file_error("rename to", to, errno);
  return sync_folder(to.parent_path());
}

Result<void> make_folders(const std::filesystem::path& folder) {
  std::filesystem::path made;
  for (const auto& part : folder) {
    made /= part;
    if (::mkdir(made.c_str(), 0700) == 0) {
      TRY(sync_folder(made.parent_path()));
    } else if (errno != EEXIST) {
      return file_error("make the folder", made, errno);
    }
  }
  struct stat status = {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return refused(invalid("This is not a folder."), "use", folder, ENOTDIR);
  }
  return {};
}

}  // namespace hallmark
