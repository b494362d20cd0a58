#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "audit/log_line.h"
#include "audit/log_sink.h"
#include "base/descriptor.h"
#include "base/file.h"

namespace hallmark::audit {
namespace {

constexpr unsigned file_mode = 0600;
constexpr int files_aside_max = 1'000;

class FileSink final : public LogSink {
 public:
  explicit FileSink(std::string path) : path_(std::move(path)) {}

  std::string_view name() const override { return "file"; }
  std::size_t line_bytes_max() const override { return audit::line_bytes_max; }
  std::int64_t records_in_doubt() const override { return 0; }  // each write is synced

  Result<std::optional<LastRecord>> open() override {
    std::error_code unreadable;
    if (std::filesystem::is_symlink(path_, unreadable) &&
        std::filesystem::is_regular_file(path_, unreadable)) {
      return internal_error(fmt::format("{} is a link to a file: name the file itself", path_));
    }
    file_.reset(
        ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, file_mode));
    if (!file_.is_open()) {
      return system_error("open the copy of the audit log, " + path_, errno);
    }
    struct stat status = {};
    if (::fstat(file_.get(), &status) != 0) return system_error("fstat the audit log", errno);
    device_ = status.st_dev;
    inode_ = status.st_ino;
    is_regular_ = S_ISREG(status.st_mode);
    if (!is_regular_) return std::optional<LastRecord>();
    TRY(sync_folder(std::filesystem::path(path_).parent_path()));
    return find_end(std::uint64_t(status.st_size));
  }

  // Whether the file that is open is still the one at the path.
  bool is_current() const override {
    struct stat status = {};
    return file_.is_open() && ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
           status.st_ino == inode_;
  }

  Result<void> set_aside() override {
    file_.reset(-1);
    for (int number = 1; number <= files_aside_max; ++number) {
      const std::string aside = fmt::format("{}.differs-{}", path_, number);
      auto renamed = rename_to_new(path_, aside);
      if (renamed || renamed.error().kind != ErrorKind::conflict) return renamed;
    }
    return internal_error("too many copies of the audit log were set aside");
  }

  Result<void> write(std::span<const std::string> lines) override {
    if (!file_.is_open()) return internal_error("the copy of the audit log is not open");
    std::string text;
    for (const std::string& line : lines) {
      text += line;
      text += '\n';
    }
    auto written = write_all(text);
    if (!written) file_.reset(-1);  // it may end in a part of a line
    return written;
  }

 private:
  Result<void> write_all(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::write(file_.get(), text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return system_error("write the copy of the audit log", errno);
      text.remove_prefix(std::size_t(count));
    }
    if (is_regular_ && ::fdatasync(file_.get()) != 0) {
      return system_error("fdatasync the copy of the audit log", errno);
    }
    return {};
  }

  // The last record; what is no whole line behind it is cut off. Not of a file that holds something
  // else: that one stays as it is.
  Result<std::optional<LastRecord>> find_end(std::uint64_t size) {
    const std::uint64_t from = size - std::min<std::uint64_t>(size, audit::line_bytes_max);
    std::string tail(std::size_t(size - from), '\0');
    const File file(::dup(file_.get()), size);
    TRY(file.read_at(from, {reinterpret_cast<std::uint8_t*>(tail.data()), tail.size()}));
    const std::size_t whole = tail.rfind('\n') + 1;  // without a newline 0
    const std::string_view part = std::string_view(tail).substr(whole);
    const auto last = find_last_record(std::string_view(tail).substr(0, whole));
    const bool is_log = whole > 0 ? !last || last->is_readable : from == 0 && may_begin_line(part);
    if (!is_log) return std::optional(LastRecord{.is_readable = false});
    if (!part.empty() && ::ftruncate(file_.get(), off_t(from + whole)) != 0) {
      return system_error("ftruncate the copy of the audit log", errno);
    }
    return last;
  }

  static bool may_begin_line(std::string_view part) {
    constexpr std::string_view begin = "{\"node\":";
    return part.substr(0, begin.size()) == begin.substr(0, part.size());
  }

  static std::optional<LastRecord> find_last_record(std::string_view lines) {
    while (!lines.empty()) {
      lines.remove_suffix(1);  // the newline
      const std::size_t before = lines.rfind('\n');
      const std::size_t start = before == lines.npos ? 0 : before + 1;
      const auto line = parse_log_line(lines.substr(start));
      if (!line) return LastRecord{.is_readable = false};
      if (const auto* record = std::get_if<RecordLine>(&*line)) {
        return LastRecord{record->place, record->link};
      }
      lines = lines.substr(0, start);
    }
    return std::nullopt;
  }

  const std::string path_;
  Descriptor file_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool is_regular_ = false;
};

}  // namespace

std::unique_ptr<LogSink> file_sink(std::string path) {
  return std::make_unique<FileSink>(std::move(path));
}

}  // namespace hallmark::audit
