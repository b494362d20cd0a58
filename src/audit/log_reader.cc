#include "audit/log_reader.h"

#include <cerrno>

#include <unistd.h>

#include <fmt/format.h>

namespace hallmark::audit {
namespace {

constexpr std::size_t bytes_per_read = 64 * 1024;

}  // namespace

Result<void> LogReader::take(ByteView bytes) {
  std::string_view text = hallmark::text_of(bytes);
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    if (part_.empty()) {
      TRY(take_line(line));
    } else {
      part_ += line;
      TRY(take_line(part_));
      part_.clear();
    }
    text.remove_prefix(end + 1);
  }
  if (part_.size() + text.size() > line_bytes_max) {
    return corrupt(fmt::format("line {}: it is too long for an audit log", lines_ + 1));
  }
  part_ += text;
  return {};
}

Result<void> LogReader::take_line(std::string_view line) {
  ++lines_;
  const auto parsed = parse_log_line(line);
  if (!parsed) {
    return corrupt(fmt::format("line {} is not a record of the audit log: {}", lines_,
                               parsed.error().message));
  }
  const auto taken = check_.take(*parsed);
  if (taken) return {};
  return corrupt(fmt::format("line {}: {}", lines_, taken.error().message));
}

Result<std::vector<NodeSummary>> LogReader::finish() const {
  if (!part_.empty()) return corrupt(fmt::format("line {}: it is not whole", lines_ + 1));
  if (lines_ == 0) return corrupt("there is no line");
  return check_.finish();
}

Result<std::vector<NodeSummary>> check_log(int descriptor, LogRules rules) {
  LogReader reader(std::move(rules));
  std::vector<std::uint8_t> buffer(bytes_per_read);
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read the audit log", errno);
    if (count == 0) return reader.finish();
    TRY(reader.take(ByteView(buffer).first(std::size_t(count))));
  }
}

}  // namespace hallmark::audit
