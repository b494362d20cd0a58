// The HTTP client of the program's own requests: to the admin socket, for documents by URL, and to
// object stores. Blocking. `fetch` makes a connection for each request; a Client keeps them.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "base/limits.h"
#include "base/read_at.h"
#include "base/result.h"
#include "http/message.h"

namespace hallmark::http {

// A range of a source as a request's body: read while it is sent, again when a connection that was
// kept turns out to be dead. Borrowed.
struct SourceBody {
  const ReadAt* source = nullptr;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct ClientRequest {
  Method method = Method::get;
  // http or https, without user information; sent as it is, no dots are resolved. On a Unix socket
  // its host (say localhost) is what the Host field names, and nothing else.
  std::string url;
  // Host (from the URL), Content-Length, Transfer-Encoding, Connection and Expect are the client's
  // own.
  Headers headers = {};
  std::string body = {};  // not with HEAD
  // Set: the body, in place of `body`; with PUT only. A large one waits a moment for the server's
  // consent (Expect: 100-continue), so that a refusal costs no upload.
  SourceBody source_body = {};
  // Set: the request goes to this Unix socket. Past every proxy, as does one to this machine (see
  // is_loopback_url). Else those proxies hold that http_proxy, https_proxy, all_proxy and no_proxy
  // of the environment name.
  std::string unix_socket_path = {};
  // Set: a PEM file with the certificate authorities to trust, in place of the machine's.
  std::string ca_file = {};
  // Set: what is shown to a server that asks for a client's certificate. PEM files: the
  // certificate, its chain behind it, and its private key without a passphrase; no key: it is in
  // the same file.
  std::string certificate_file = {};
  std::string key_file = {};
  std::size_t response_bytes_max = limits::client_response_bytes_max;
  std::chrono::milliseconds connect_deadline = limits::client_connect_deadline;  // TLS included
  std::chrono::milliseconds request_deadline = limits::client_request_deadline;  // all of it
  // Not zero: ends an exchange in which next to nothing has moved for so long.
  std::chrono::seconds stall_deadline{0};
};

struct ClientResponse {
  int status = 0;  // also 3xx: no redirect is followed
  Headers headers;
  std::string body;  // as sent: no content encoding is asked for or undone
};

// Any thread. TLS is verified always: chain and host name. The errors:
//   invalid      the request cannot be asked (URL, field, file of authorities)
//   unavailable  the peer cannot be reached or is not trusted, or broke off, or speaks no HTTP
//   too_slow     the peer was reached and has not answered whole in time
//   too_large    the answer is larger than allowed
// The detail says which peer it was and what happened. An error of the source body comes as it is.
Result<ClientResponse> fetch(const ClientRequest& request);

// The same, with connections that stay open for the next request to the same server. Any thread.
class Client {
 public:
  explicit Client(std::size_t idle_max);  // so many handles wait for their next request
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Result<ClientResponse> fetch(const ClientRequest& request);

 private:
  struct Idle;
  const std::unique_ptr<Idle> idle_;
};

}  // namespace hallmark::http
