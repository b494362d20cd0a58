// AWS Signature Version 4 as pure functions in the three named stages of its documentation:
// canonical request, string to sign, signature. The server verifies with them, clients sign with
// them. Source: AWS General Reference, "Signature Version 4 signing process"; services other than
// S3 normalise the path and percent-encode it once more.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::sigv4 {

// A request as it is on the wire. Everything is borrowed.
struct RequestView {
  std::string_view method;
  std::string_view path;   // raw, as in the request target
  std::string_view query;  // raw, without '?'
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // in the order received
};

// Whether the path is normalised and encoded twice (every service but S3) or taken as it is.
enum class PathStyle { normalized, s3 };

// "20261122/us-east-1/signer/aws4_request"
struct Scope {
  std::string date;  // YYYYMMDD
  std::string region;
  std::string service;
  std::string text() const;
  auto operator<=>(const Scope&) const = default;
};

// What either form of authentication says: the Authorization header, or the query.
struct Authorization {
  std::string access_key_id;
  Scope scope;
  std::vector<std::string> signed_headers;  // lower case, sorted, without duplicates
  std::string signature_hex;                // 64 lower-case hex digits
};

// incomplete_signature, naming what is missing or malformed, unless it is exactly
// `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b,
// Signature=HEX`.
Result<Authorization> parse_authorization(std::string_view header);

// Authentication in the query string, as presigned URLs have it.
struct QueryAuthorization {
  Authorization authorization;
  std::optional<std::string> time;              // X-Amz-Date, unchecked
  std::optional<std::chrono::seconds> expires;  // X-Amz-Expires: 1 s to presigned_life_max
  std::optional<std::string> security_token;
  std::string signed_query;  // the query without X-Amz-Signature: for the canonical request
};
inline constexpr std::chrono::seconds presigned_life_max = std::chrono::days(7);  // SigV4's own

// Whether a query has any parameter of authentication, however its name is spelled.
bool has_query_authentication(std::string_view query);
// incomplete_signature, naming what is missing, malformed, repeated or misspelled. Required are
// X-Amz-Algorithm, -Credential, -SignedHeaders and -Signature.
Result<QueryAuthorization> parse_query_authorization(std::string_view query);

// Stage 1. `signed_headers` are lower case and sorted; one that is not in the request counts as
// empty, so whoever verifies must have refused it before.
std::string canonical_request(const RequestView& request,
                              const std::vector<std::string>& signed_headers,
                              std::string_view payload_sha256_hex, PathStyle style);
// Stage 2. `time` is the X-Amz-Date text.
std::string string_to_sign(std::string_view time, const Scope& scope,
                           std::string_view canonical_request);
// Stage 3.
Secret derive_signing_key(const Secret& secret_access_key, const Scope& scope);
std::string signature_hex(const Secret& signing_key, std::string_view string_to_sign);

// The Authorization header for a request of ours, with all headers of `request` signed.
std::string authorize(const RequestView& request, std::string_view payload_sha256_hex,
                      std::string_view time, std::string_view access_key_id, const Scope& scope,
                      const Secret& signing_key, PathStyle style);

// What a query is signed with. Everything is borrowed.
struct Presigning {
  std::string_view access_key_id;
  std::string_view security_token;  // empty: long-term credentials
  const Scope& scope;
  const Secret& signing_key;
  std::string_view time;  // X-Amz-Date
  std::chrono::seconds expires;
};

// The query of a presigned request: that of `request`, which has no authentication yet, and the
// authentication; with all headers of `request` signed, of which Host must be one.
std::string presign(const RequestView& request, std::string_view payload_sha256_hex,
                    const Presigning& how, PathStyle style);

}  // namespace hallmark::sigv4
