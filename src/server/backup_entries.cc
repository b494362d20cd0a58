#include "server/backup_entries.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/bytes.h"

namespace hallmark::server {
namespace {

constexpr std::array<std::string_view, 4> names = {"hallmark.db", "installation", "keys",
                                                   "roots.pem"};
constexpr std::string_view objects = "objects/";
constexpr std::size_t folders_of_object = 3;  // bucket, key and version below `objects`
constexpr std::size_t length_digits_max = 19;
constexpr std::size_t buffer_bytes = 256 * 1024;

Error damaged() { return corrupt("The backup is damaged or not complete."); }

bool is_component(std::string_view text) {
  const auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  return !text.empty() && text.front() != '.' && std::ranges::all_of(text, is_fine);
}

// A line of at most `bytes_max`, without its end.
Result<std::string> read_line(const BackupSource& source, std::size_t bytes_max) {
  std::string line;
  for (;;) {
    std::uint8_t next = 0;
    TRY(source({&next, 1}));
    if (next == '\n') return line;
    if (line.size() == bytes_max) return damaged();
    line += char(next);
  }
}

Result<std::uint64_t> read_length(const BackupSource& source) {
  TRY(const std::string text, read_line(source, length_digits_max));
  std::uint64_t length = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, length);
  if (parsed.ec != std::errc() || parsed.ptr != end) return damaged();
  return length;
}

Result<void> copy(const BackupSource& source, std::uint64_t length, Sink& to) {
  Bytes buffer(buffer_bytes);
  while (length > 0) {
    const auto part =
        MutableByteView(buffer).first(std::size_t(std::min<std::uint64_t>(length, buffer.size())));
    TRY(source(part));
    TRY(to.write(part));
    length -= part.size();
  }
  return {};
}

}  // namespace

bool is_backup_name(std::string_view name) {
  if (name.size() > backup_name_bytes_max) return false;
  if (std::ranges::find(names, name) != names.end()) return true;
  if (!name.starts_with(objects)) return false;
  name.remove_prefix(objects.size());
  std::size_t components = 0;
  for (;;) {
    const std::size_t slash = name.find('/');
    if (!is_component(name.substr(0, slash)) || ++components > folders_of_object) return false;
    if (slash == std::string_view::npos) return components > 1;
    name.remove_prefix(slash + 1);
  }
}

Result<void> write_backup_entry(Sink& to, std::string_view name, const ReadAt& content) {
  CHECK(is_backup_name(name));
  TRY(to.write(bytes_of(fmt::format("{}\n{}\n", name, content.size()))));
  return copy_range(content, 0, content.size(), to);
}

Result<void> write_backup_end(Sink& to) { return to.write(bytes_of("\n")); }

Result<void> read_backup_entries(const BackupSource& source, BackupEntries& entries) {
  for (;;) {
    TRY(const std::string name, read_line(source, backup_name_bytes_max));
    if (name.empty()) return {};
    if (!is_backup_name(name)) return damaged();
    TRY(const std::uint64_t length, read_length(source));
    TRY(Sink * to, entries.begin(name));
    TRY(copy(source, length, *to));
    TRY(entries.end());
  }
}

}  // namespace hallmark::server
