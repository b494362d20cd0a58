#include "auth/signed_request.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/digest.h"

namespace hallmark::auth {
namespace {

// Clients add these after signing, and nothing depends on them.
constexpr std::array<std::string_view, 2> meaningless_headers = {"x-amz-user-agent",
                                                                 "x-amzn-trace-id"};

// How long a presigned request is good at most, whatever its X-Amz-Expires says: no longer than one
// that is signed in its header.
constexpr std::chrono::seconds presigned_life = limits::request_clock_skew_max;

Error incomplete(std::string message) {
  return {ErrorKind::incomplete_signature, std::move(message), {}};
}
Error wrong(std::string message) { return {ErrorKind::wrong_signature, std::move(message), {}}; }

bool must_be_signed(const std::string& name) {
  if (std::ranges::find(meaningless_headers, name) != meaningless_headers.end()) return false;
  return name == "content-type" || name == "date" || name.starts_with("x-amz-");
}

// A request as it says that it is signed, in either form.
struct Claim {
  sigv4::Authorization authorization;
  std::optional<std::string> query_time = {};
  std::optional<std::chrono::seconds> expires = {};  // nothing: it is signed in its header
  std::optional<std::string> signed_query = {};
  std::optional<std::string> session_token = {};
};

Result<Claim> read_header_claim(const http::Request& request) {
  TRY(auto authorization, sigv4::parse_authorization(*request.headers.find("authorization")));
  return Claim{.authorization = std::move(authorization)};
}

Result<Claim> read_query_claim(const http::Request& request) {
  TRY(auto query, sigv4::parse_query_authorization(request.query));
  return Claim{.authorization = std::move(query.authorization),
               .query_time = std::move(query.time),
               .expires = std::min(query.expires.value_or(presigned_life), presigned_life),
               .signed_query = std::move(query.signed_query),
               .session_token = std::move(query.security_token)};
}

Result<Claim> read_claim(const http::Request& request) {
  const std::size_t count = request.headers.count("authorization");
  const bool in_query = sigv4::has_query_authentication(request.query);
  if (count > 1 || (count == 1 && in_query)) return two_sources_of_authentication();
  if (count == 1) return read_header_claim(request);
  if (in_query) return read_query_claim(request);
  return Error{ErrorKind::unauthenticated, "Missing Authentication Token", {}};
}

// In the query or in the header, which must be signed like any other.
Result<std::optional<std::string>> find_session_token(const http::Request& request,
                                                      const Claim& claim) {
  constexpr std::string_view name = "x-amz-security-token";
  const std::size_t count = request.headers.count(name);
  if (count == 0) return claim.session_token;
  if (claim.session_token) return two_sources_of_authentication();
  if (count > 1) return incomplete(fmt::format("{} is repeated.", name));
  return std::optional(std::string(*request.headers.find(name)));
}

// The X-Amz-Date of the query, that of the headers, or a Date in the same ISO 8601 basic form.
Result<std::string> find_time(const http::Request& request, const Claim& claim) {
  if (claim.query_time) return *claim.query_time;
  for (const std::string_view name : {"x-amz-date", "date"}) {
    if (request.headers.count(name) > 1) return incomplete(fmt::format("{} is repeated.", name));
    if (const auto value = request.headers.find(name)) return std::string(*value);
  }
  return incomplete(claim.expires
                        ? "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the "
                          "query-string parameters."
                        : "Authorization header requires existence of either a 'X-Amz-Date' or a "
                          "'Date' header.");
}

// A Date header next to X-Amz-Date means nothing, so it may stay unsigned.
Result<void> check_signed_headers(const http::Request& request, const Claim& claim) {
  const std::vector<std::string>& signed_headers = claim.authorization.signed_headers;
  const auto is_signed = [&](std::string_view name) {
    return std::ranges::binary_search(signed_headers, name, std::less<std::string_view>());
  };
  if (!is_signed("host")) return wrong("The header host must be signed.");
  const bool has_amz_date = claim.query_time || request.headers.count("x-amz-date") > 0;
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

Error expired(std::string message) { return {ErrorKind::request_expired, std::move(message), {}}; }

Result<void> check_time(std::string_view text, const Claim& claim, Timestamp now) {
  const auto time = from_basic(text);
  if (!time) {
    return incomplete("Date must be in ISO-8601 'basic format'. See the X-Amz-Date header.");
  }
  const std::string_view date = text.substr(0, 8);
  if (claim.authorization.scope.date != date) {
    return wrong(
        fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                    "version of date from HTTP: '{}' != '{}'.",
                    claim.authorization.scope.date, date));
  }
  constexpr auto skew = limits::request_clock_skew_max;
  const std::chrono::seconds life = claim.expires.value_or(skew);
  if (*time < now - life) {
    const std::string named =
        life == skew ? std::string("15 min.") : fmt::format("{} sec.", life.count());
    return expired(fmt::format("Signature expired: {} is now earlier than {} ({} - {})", text,
                               to_basic(now - life), to_basic(now), named));
  }
  if (*time > now + skew) {
    return expired(
        fmt::format("Signature not yet current: {} is still later than {} ({} + 15 min.)", text,
                    to_basic(now + skew), to_basic(now)));
  }
  return {};
}

Result<void> check_scope(const sigv4::Scope& scope, const Scopes& scopes) {
  if (std::ranges::find(scopes.services, scope.service) == scopes.services.end()) {
    return incomplete(fmt::format("Credential should be scoped to correct service: '{}', not '{}'.",
                                  fmt::join(scopes.services, "' or '"), scope.service));
  }
  if (scope.region != scopes.home.region) {
    return wrong(fmt::format(
        "Credential should be scoped to a valid region, not '{}'. This service is in '{}'.",
        scope.region, scopes.home.region));
  }
  return {};
}

}  // namespace

Result<SignedRequest> read_signed_request(const http::Request& request, const Scopes& scopes,
                                          Timestamp now) {
  TRY(auto claim, read_claim(request));
  TRY(auto time, find_time(request, claim));
  TRY(check_scope(claim.authorization.scope, scopes));
  TRY(check_signed_headers(request, claim));
  TRY(check_time(time, claim, now));
  TRY(auto session_token, find_session_token(request, claim));

  // The hash is always ours, over the bytes received: UNSIGNED-PAYLOAD and STREAMING-* cannot
  // match.
  std::string body = to_hex(crypto::sha256(bytes_of(request.body)));
  const std::size_t declared = request.headers.count("x-amz-content-sha256");
  if (declared > 0 && request.headers.find("x-amz-content-sha256") != body) {
    return wrong("The x-amz-content-sha256 header does not fit the body received.");
  }
  return SignedRequest{.authorization = std::move(claim.authorization),
                       .time_text = std::move(time),
                       .signed_query = std::move(claim.signed_query),
                       .session_token = std::move(session_token),
                       .body_sha256_hex = std::move(body)};
}

bool has_authentication(const http::Request& request) {
  return request.headers.count("authorization") > 0 ||
         sigv4::has_query_authentication(request.query);
}

Error two_sources_of_authentication() {
  return {ErrorKind::bad_request, "The request has two sources of authentication.", {}};
}

}  // namespace hallmark::auth
