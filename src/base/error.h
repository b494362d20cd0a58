// Error: why something failed, in the words of the domain. Only `api/` knows how AWS calls it.
#pragma once

#include <string>
#include <string_view>

namespace hallmark {

enum class ErrorKind {
  // The request was understood and is refused.
  invalid,         // a value breaks a documented rule
  not_found,       // the thing named is not there
  conflict,        // somebody else changed it first
  denied,          // the caller is known and not allowed
  limit_exceeded,  // a stored thing would grow past its limit
  throttled,       // too many requests
  // The request was not understood.
  bad_request,  // a fault of HTTP
  malformed,    // not JSON, or a member of the wrong JSON type
  too_large,
  too_slow,
  length_required,    // a body without Content-Length
  no_such_operation,  // no such method and path
  // The caller is not known.
  unauthenticated,       // no authentication at all
  incomplete_signature,  // authentication that cannot be read
  unknown_access_key,    // no such access key, or it is disabled
  wrong_signature,       // the signature does not fit the request
  request_expired,       // signed too long ago, or in the future
  session_expired,       // the session token's time is over
  // Ours.
  unavailable,  // overloaded, draining or a back end is away: try again later
  corrupt,      // stored or signed bytes fail their own checks
  internal,     // a defect or a refusal of the machine
};

// A value; copies are independent. Safe to read from any thread.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;  // for the caller: one clear sentence, without secrets, paths or SQL
  std::string detail;   // for the log only; may be empty
  // A finer reason for machines, where the service documents one ("ProfileAlreadyExists"). A
  // literal.
  std::string_view reason = {};
};

// Short makers for the kinds that are made in many places.
Error invalid(std::string message, std::string_view reason = {});
Error not_found(std::string message, std::string_view reason = {});
Error malformed(std::string message);
Error denied(std::string message);
Error corrupt(std::string message);
Error unavailable(std::string detail);     // the caller is told to try again
Error internal_error(std::string detail);  // the caller is told nothing
// From errno: unavailable when the machine is short of descriptors, memory or space, else internal.
Error system_error(std::string_view what, int number);

// "kind: message (detail)" for logs and for the command line.
std::string describe(const Error& error);
std::string_view name_of(ErrorKind kind);

}  // namespace hallmark
