#include "auth/signed_request.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/digest.h"

namespace hallmark::auth {
namespace {

// Clients add these after signing, and nothing depends on them.
constexpr std::array<std::string_view, 2> meaningless_headers = {"x-amz-user-agent",
                                                                 "x-amzn-trace-id"};

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  }
  return lowered;
}

Error incomplete(std::string message) {
  return {ErrorKind::incomplete_signature, std::move(message), {}};
}
Error wrong(std::string message) { return {ErrorKind::wrong_signature, std::move(message), {}}; }

bool must_be_signed(const std::string& name) {
  if (std::ranges::find(meaningless_headers, name) != meaningless_headers.end()) return false;
  return name == "host" || name == "content-type" || name == "date" || name.starts_with("x-amz-");
}

// A Date header next to X-Amz-Date means nothing, so it may stay unsigned.
Result<void> check_signed_headers(const http::Request& request,
                                  const std::vector<std::string>& signed_headers) {
  const auto is_signed = [&](std::string_view name) {
    return std::ranges::binary_search(signed_headers, name, std::less<std::string_view>());
  };
  const bool has_amz_date = request.headers.count("x-amz-date") > 0;
  for (const auto& field : request.headers.fields()) {
    const std::string name = lower(field.name);
    if (name == "date" && has_amz_date) continue;
    if (must_be_signed(name) && !is_signed(name)) {
      return wrong(fmt::format("The header {} must be signed.", name));
    }
  }
  for (const std::string& name : signed_headers) {
    if (request.headers.count(name) == 0) {
      return wrong(fmt::format("The signed header {} is not in the request.", name));
    }
  }
  return {};
}

// X-Amz-Date, or a Date in the same ISO 8601 basic form.
Result<std::string> find_time(const http::Request& request) {
  for (const std::string_view name : {"x-amz-date", "date"}) {
    if (request.headers.count(name) > 1) return incomplete(fmt::format("{} is repeated.", name));
    if (const auto value = request.headers.find(name)) return std::string(*value);
  }
  return incomplete(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
}

Result<void> check_time(std::string_view text, const sigv4::Scope& scope, Timestamp now) {
  const auto time = from_basic(text);
  if (!time) {
    return incomplete("Date must be in ISO-8601 'basic format'. See the X-Amz-Date header.");
  }
  if (scope.date != text.substr(0, 8)) {
    return wrong(
        fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                    "version of date from HTTP: '{}' != '{}'.",
                    scope.date, text.substr(0, 8)));
  }
  const auto skew = limits::request_clock_skew_max;
  if (*time < now - skew) {
    return Error{ErrorKind::request_expired,
                 fmt::format("Signature expired: {} is now earlier than {} ({} - 15 min.)", text,
                             to_basic(now - skew), to_basic(now)),
                 {}};
  }
  if (*time > now + skew) {
    return Error{ErrorKind::request_expired,
                 fmt::format("Signature not yet current: {} is still later than {} ({} + 15 min.)",
                             text, to_basic(now + skew), to_basic(now)),
                 {}};
  }
  return {};
}

Result<void> check_scope(const sigv4::Scope& scope, const model::Home& home) {
  if (scope.service != "signer") {
    return incomplete(fmt::format(
        "Credential should be scoped to correct service: 'signer', not '{}'.", scope.service));
  }
  if (scope.region != home.region) {
    return wrong(fmt::format(
        "Credential should be scoped to a valid region, not '{}'. This service is in '{}'.",
        scope.region, home.region));
  }
  return {};
}

bool has_query_authentication(std::string_view query) {
  const std::string lowered = lower(query);
  return lowered.find("x-amz-algorithm=") != std::string::npos ||
         lowered.find("x-amz-credential=") != std::string::npos ||
         lowered.find("x-amz-signature=") != std::string::npos;
}

Result<std::string_view> find_authorization(const http::Request& request) {
  const std::size_t count = request.headers.count("authorization");
  const bool in_query = has_query_authentication(request.query);
  if (count > 1 || (count == 1 && in_query)) {
    return Error{ErrorKind::bad_request, "The request has two sources of authentication.", {}};
  }
  if (in_query) {
    return incomplete(
        "Authentication in the query string is not supported: sign the request in "
        "its Authorization header.");
  }
  if (count == 0) {
    return Error{ErrorKind::unauthenticated, "Missing Authentication Token", {}};
  }
  return *request.headers.find("authorization");
}

}  // namespace

Result<SignedRequest> read_signed_request(const http::Request& request, const model::Home& home,
                                          Timestamp now) {
  TRY(auto header, find_authorization(request));
  TRY(auto authorization, sigv4::parse_authorization(header));
  TRY(auto time, find_time(request));
  TRY(check_scope(authorization.scope, home));
  TRY(check_signed_headers(request, authorization.signed_headers));
  TRY(check_time(time, authorization.scope, now));

  // The hash is always ours, over the bytes received: UNSIGNED-PAYLOAD and STREAMING-* cannot
  // match.
  std::string body = to_hex(crypto::sha256(bytes_of(request.body)));
  const std::size_t declared = request.headers.count("x-amz-content-sha256");
  if (declared > 0 && request.headers.find("x-amz-content-sha256") != body) {
    return wrong("The x-amz-content-sha256 header does not fit the body received.");
  }
  return SignedRequest{std::move(authorization), std::move(time), std::move(body)};
}

}  // namespace hallmark::auth
