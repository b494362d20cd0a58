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

namespace hallmark::audit {

// Used by one thread. An error means that nobody knows which of the lines have arrived: open() then
// tells, or the caller sends them again.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual std::string_view name() const = 0;       // "file"; a name in the store
  virtual std::size_t line_bytes_max() const = 0;  // longer lines are to be shortened

  // Opens or opens anew. The place of the last record that is there already; nothing: it cannot be
  // told.
  virtual Result<std::optional<std::int64_t>> open() = 0;
  // Each line without its newline. Durable when it returns, as far as the medium tells.
  virtual Result<void> write(std::span<const std::string> lines) = 0;
};

// Appends to a file, which is made (0600) when it is not there and opened anew when another one is
// at its path: rotation needs no signal. What a crash or a full disk has left of a line is cut off.
std::unique_ptr<LogSink> file_sink(std::string path);

// RFC 5424 messages of facility "log audit": datagrams, or a stream with octet counting (RFC 6587
// §3.4.1). UDP does not tell what has arrived; of TCP, what the other machine's kernel has
// acknowledged counts. `host` is this machine's name in the messages.
std::unique_ptr<LogSink> syslog_sink(SyslogAddress address, std::string host);

// What every receiver of RFC 5424 takes by default, rsyslog's 8 KiB for one, with room for the
// header.
inline constexpr std::size_t syslog_line_bytes_max = 7'500;

}  // namespace hallmark::audit
