// AWS Signature Version 4 as pure functions in the three named stages of its documentation:
// canonical request, string to sign, signature. The server verifies with them, clients sign with
// them. Source: AWS General Reference, "Signature Version 4 signing process"; services other than
// S3 normalise the path and percent-encode it once more.
#pragma once

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

// The parsed Authorization header.
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

}  // namespace hallmark::sigv4
