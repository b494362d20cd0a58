// Any bytes, read as an Authorization header and as a query: what is accepted holds what sigv4.h
// promises, and a query loses nothing but its signature before it is signed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

void check_accepted(const Authorization& authorization) {
  CHECK(!authorization.access_key_id.empty());
  CHECK(authorization.scope.date.size() == 8);
  CHECK(!authorization.scope.region.empty() && !authorization.scope.service.empty());
  const auto& names = authorization.signed_headers;
  CHECK(!names.empty());
  CHECK(std::ranges::adjacent_find(names, std::ranges::greater_equal()) == names.end());
  CHECK(authorization.signature_hex.size() == 64);
}

std::string canonical(std::string_view query) {
  return canonical_request({.method = "GET", .path = "/", .query = query, .headers = {}}, {},
                           "hash", PathStyle::normalized);
}

void check_accepted(const QueryAuthorization& read, std::string_view query) {
  check_accepted(read.authorization);
  CHECK(has_query_authentication(query));
  CHECK(!read.expires || (read.expires->count() > 0 && *read.expires <= presigned_life_max));
  CHECK(!parse_query_authorization(read.signed_query));
  CHECK(canonical(read.signed_query + "&X-Amz-Signature=" + read.authorization.signature_hex) ==
        canonical(query));
}

}  // namespace
}  // namespace hallmark::sigv4

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using namespace hallmark::sigv4;
  const std::string_view text = text_of({data, size});
  const auto header = parse_authorization(text);
  if (header) check_accepted(*header);
  const auto query = parse_query_authorization(text);
  if (query) check_accepted(*query, text);
  if (!has_query_authentication(text)) CHECK(!query);
  return 0;
}
