// The HTTP client of the program's own requests: to the admin socket, and for documents by URL.
// Blocking, one connection a request; for what happens seldom.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/limits.h"
#include "base/result.h"
#include "http/message.h"

namespace hallmark::http {

struct ClientRequest {
  Method method = Method::get;
  // http or https, without user information; sent as it is, no dots are resolved. On a Unix socket
  // its host (say localhost) is what the Host field names, and nothing else.
  std::string url;
  // Host (from the URL), Content-Length, Transfer-Encoding, Connection and Expect are the client's
  // own.
  Headers headers = {};
  std::string body = {};  // not with HEAD
  // Set: the request goes to this Unix socket, past every proxy. Else those proxies hold that
  // http_proxy, https_proxy, all_proxy and no_proxy of the environment name.
  std::string unix_socket_path = {};
  // Set: a PEM file with the certificate authorities to trust, in place of the machine's.
  std::string ca_file = {};
  std::size_t response_bytes_max = limits::client_response_bytes_max;
  std::chrono::milliseconds connect_deadline = limits::client_connect_deadline;  // TLS included
  std::chrono::milliseconds request_deadline = limits::client_request_deadline;  // all of it
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
// The detail says which peer it was and what happened.
Result<ClientResponse> fetch(const ClientRequest& request);

}  // namespace hallmark::http
