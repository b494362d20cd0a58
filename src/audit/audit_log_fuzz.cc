// Any bytes, read as an audit log, whole and in two pieces: the same judgement, and lines that are
// read are written as they were.
#include <cstddef>
#include <cstdint>

#include "audit/log_reader.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  const ByteView bytes(data, size);
  const auto judge = [&](std::size_t first_piece) {
    audit::LogReader reader({});
    auto taken = reader.take(bytes.first(first_piece));
    if (taken) taken = reader.take(bytes.subspan(first_piece));
    if (!taken) return taken.error().message;
    const auto finished = reader.finish();
    return finished ? std::string() : finished.error().message;
  };
  CHECK(judge(0) == judge(size / 2));
  const std::string_view text = text_of(bytes);
  const auto line = audit::parse_log_line(text.substr(0, text.find('\n')));
  if (line && std::holds_alternative<audit::RecordLine>(*line)) {
    const auto& record = std::get<audit::RecordLine>(*line);
    if (record.body) CHECK(audit::text_of(record) == text.substr(0, text.find('\n')));
  }
  return 0;
}
