// Where a copy of the audit log goes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audit/syslog_address.h"
#include "base/result.h"
#include "store/store.h"

namespace hallmark::audit {

// What a copy itself says of the last record that it has.
struct LastRecord {
  std::int64_t place = 0;  // as store::AuditRow::sequence
  store::Hash link = {};
  bool is_readable = true;  // not: what ends it is no line of a log
};

// Used by one thread. An error means that nobody knows which of the lines have arrived: open() then
// tells, or the caller sends them again.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual std::string_view name() const = 0;       // "file"; a name in the store
  virtual std::size_t line_bytes_max() const = 0;  // longer lines are to be shortened

  // So many of the records that were written last may be lost when what they were written to
  // breaks, although write() succeeded: after each open() they are to be written again.
  virtual std::int64_t records_in_doubt() const = 0;

  // Opens or opens anew. The last record that is there already; nothing: it cannot be told.
  virtual Result<std::optional<LastRecord>> open() = 0;
  // Whether what was opened is still what is to be written to: the file at the path, a connection
  // that its peer has not closed. If not, open() comes before write().
  virtual bool is_current() const = 0;
  // What is there is not this log's: it gets another name, and open() begins anew.
  virtual Result<void> set_aside() = 0;
  // Each line without its newline. Durable when it returns, as far as the medium tells.
  virtual Result<void> write(std::span<const std::string> lines) = 0;
};

// Appends to a file, which is made (0600) when it is not there and opened anew when another one is
// at its path: rotation needs no signal. What a crash or a full disk has left of a line is cut off.
// One that is set aside is PATH.differs-1, -2, ….
std::unique_ptr<LogSink> file_sink(std::string path);

// RFC 5424 messages of facility "log audit": datagrams, or a stream with octet counting (RFC 6587
// §3.4.1). UDP does not tell what has arrived. Of TCP, what the other machine's kernel has
// acknowledged counts while the connection lives; when it ends, the server may not have read all of
// that, so the last records are sent once more on the next one: they may come twice, and none is
// missed. `host` is this machine's name in the messages.
std::unique_ptr<LogSink> syslog_sink(SyslogAddress address, const std::string& host);

// More than a receiver's kernel holds for a server that does not read (6 MiB by Linux's default, of
// lines of 1 KiB and more), as well as what a server that is killed has read and not kept.
inline constexpr std::int64_t stream_records_in_doubt = 8'192;

// What every receiver of RFC 5424 takes by default, rsyslog's 8 KiB for one, with room for the
// header.
inline constexpr std::size_t syslog_line_bytes_max = 7'500;

}  // namespace hallmark::audit
