#include "base/log.h"

#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/clock.h"

namespace hallmark::log {
namespace {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

bool plain(std::string_view value) {
  if (value.empty()) return false;
  for (const char c : value) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c > '~') return false;
  }
  return true;
}

// Quoted when needed; everything outside printable ASCII is written as \xNN.
void append_value(std::string& line, std::string_view value) {
  if (plain(value)) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (c >= ' ' && c <= '~') {
      line += c;
    } else {
      line += fmt::format("\\x{:02x}", std::uint8_t(c));
    }
  }
  line += '"';
}

// Whether standard error is a stream of systemd's journal, as sd-daemon(3) lets a service find out.
bool goes_to_journal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat status = {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

// "<4>": the priority by which the journal files a line.
std::string_view journal_prefix(Level level) {
  static const bool is_wanted = goes_to_journal();
  if (!is_wanted) return {};
  switch (level) {
    case Level::info: return "<6>";
    case Level::warning: return "<4>";
    case Level::error: return "<3>";
  }
  return {};
}

}  // namespace

std::string render(Level level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = fmt::format("{} ", name_of(level));
  append_value(line, message);
  for (const Field& field : fields) {
    line += fmt::format(" {}=", field.name);
    append_value(line, field.value);
  }
  return line;
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  const std::string line =
      fmt::format("{}{} {}\n", journal_prefix(level), to_rfc3339(SystemClock().now()),
                  render(level, message, fields));
  // A log that cannot be written has nobody to tell.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace hallmark::log
