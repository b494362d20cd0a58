// TlsSession: one connection's TLS, step by step over a socket that does not block. Private to
// http.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "http/tls.h"

namespace hallmark::http {

// How far an operation came.
struct TlsStep {
  enum class State {
    done,
    waits_to_read,   // to be tried again, with the same bytes, when the socket can be read; it may
                     // be at once
    waits_to_write,  // the same, written to
    ended,           // by the client, properly
    failed,          // and with it the connection
  };
  State state = State::failed;
  std::size_t bytes = 0;  // done: read or written
};

// One operation at a time, on the connection's thread. Writing to a socket that the client has
// closed raises SIGPIPE: the thread blocks it.
class TlsSession {
 public:
  // The socket is the caller's, and outlives the session. Internal: for want of memory.
  static Result<std::unique_ptr<TlsSession>> begin(std::shared_ptr<const TlsIdentity> identity,
                                                   int socket);
  virtual ~TlsSession() = default;

  // First, until it is done.
  virtual TlsStep handshake() = 0;
  virtual TlsStep read(MutableByteView into) = 0;
  virtual TlsStep write(ByteView bytes) = 0;
  // Says that nothing will follow (close_notify), if that can be said at once. Nothing is written
  // afterwards.
  virtual void say_end() = 0;
  // Of what failed, for the log; text of OpenSSL's own. Empty: the client just went away.
  virtual const std::string& failure() const = 0;
};

}  // namespace hallmark::http
