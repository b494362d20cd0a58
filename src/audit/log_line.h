// The audit log outside the store: one line of JSON for each record and each checkpoint, so that
// each can be checked where it stands. The bytes of a record are those from `"record":` to the last
// brace of the line.
//
//   {"node":0,"sequence":7,"previous":"…","link":"…","sha256":"…","record":{…}}
//   {"node":0,"sequence":7,"link":"…","checkpoint":{"time":"…","signature":"…","certificates":["…"]}}
//   {"export":{"time":"…","nodes":[{"node":0,"first":1,"last":7}]}}   the first line of an export
//
// sha256 is that of the record's bytes; link is SHA-256(previous ‖ sha256), the bytes, not their
// text; previous is the link of the record before, or zeros. A line that is too long for its medium
// has "omitted":BYTES in place of "record".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/x509.h"
#include "store/audit.h"
#include "store/audit_checkpoints.h"

namespace hallmark::audit {

inline constexpr std::size_t line_bytes_max = 4 * 1024 * 1024;  // no record comes near it
inline constexpr std::size_t export_nodes_max = 4'096;

struct RecordLine {
  std::int64_t place = 0;
  store::Hash previous = {};
  store::Hash link = {};
  store::Hash body_hash = {};
  std::optional<std::string> body = {};  // nothing: omitted
};
struct CheckpointLine {
  store::AuditCheckpoint checkpoint;  // its certificate's row is not known here
  crypto::CertificateChain chain;
};
struct ExportLine {
  struct Stretch {
    std::int64_t node = 0;
    std::int64_t first = 1;
    std::int64_t last = 0;
    bool operator==(const Stretch&) const = default;
  };
  Timestamp time;
  std::vector<Stretch> stretches;
};
using LogLine = std::variant<RecordLine, CheckpointLine, ExportLine>;

// Without the newline.
std::string text_of(const RecordLine& line);
std::string text_of(const CheckpointLine& line);
std::string text_of(const ExportLine& line);
// A record whose line is longer than this leaves its body out.
std::string text_of(const RecordLine& line, std::size_t bytes_max);

RecordLine line_of(const store::AuditRow& row, const store::Hash& previous);

// Malformed: not one of these lines, to the byte as far as a record's goes.
Result<LogLine> parse_log_line(std::string_view text);

}  // namespace hallmark::audit
