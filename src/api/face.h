// How AWS calls an error: the only place that knows the names, for each service, and what the
// errors of all services have in common.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace hallmark::api {

struct Face {
  std::string_view name;
  int status;
};

struct Faces {
  Face signer;
  Face acm;
  Face sts;
};
Faces faces_of(ErrorKind kind);

// Whether something went wrong inside, of which callers are told nothing (status 500).
bool is_fault(const Error& error);

// The sentence for the caller.
std::string shown_message(const Error& error);

// The error's name for the caller: the finer reason, where there is one and the fault is theirs.
std::string_view shown_name(const Error& error, const Face& face);

struct Content {
  std::string_view type;
  std::string body;
};

// With x-amzn-RequestId.
http::Response make_response(int status, Content content, std::string_view request_id);

// The same for an error: Retry-After where a retry helps.
http::Response make_error_response(const Error& error, int status, Content content,
                                   std::string_view request_id);

}  // namespace hallmark::api
