// HTTP messages as values, and the handler that turns one into the other. Knows no AWS and no JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace hallmark::http {

enum class Method { get, put, post, del, head, patch, options };
std::string_view name_of(Method method);  // "GET"

// Header fields in the order received; names as received, compared without case.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;  // without surrounding white space
  };
  void add(std::string_view name, std::string_view value);
  // The value of the only field with this name; nothing when there is none or more than one.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

// Who is at the other end, as far as the transport knows.
struct Peer {
  std::string address;                     // numeric IP address; empty on a Unix socket
  bool secure = false;                     // nobody between can read or change what is sent
  std::optional<std::uint32_t> user = {};  // on a Unix socket: the user id of the peer's process
};

// A whole request that has passed the server's framing rules: HTTP/1.1, exactly one Host, no
// Transfer-Encoding, sizes within limits.h.
struct Request {
  Method method = Method::get;
  std::string target;  // raw, exactly as received
  // The origin form of `target` (an absolute-form target without scheme and authority), raw.
  std::string path;   // up to the '?', never empty
  std::string query;  // after the '?', without it
  Headers headers;
  std::string body;
  Peer peer;
  std::string
      request_id;  // a UUID's text, ours: goes into the answer, the log and the audit record
};

struct Response {
  int status = 200;
  Headers headers;  // Date, Content-Length, Server and Connection are the server's own
  std::string body;
  bool close = false;  // close the connection after the answer
};

// Sends the answer of one request: move-only, callable once, from any thread. Dropped without a
// call, it sends an error of kind internal in place of it, which the server renders, so that no
// request is ever left hanging.
class Reply {
 public:
  using Send = Task<void(Result<Response>)>;

  explicit Reply(Send send) : send_(std::move(send)) {}
  ~Reply();
  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&&) = delete;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void operator()(Response response);

 private:
  Send send_;
};

// Called on an I/O thread for each request; must not block for long.
using Handler = Task<void(Request, Reply)>;

}  // namespace hallmark::http
