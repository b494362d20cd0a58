#include <algorithm>
#include <initializer_list>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

Secret hmac(const Secret& key, std::string_view text) {
  crypto::Sha256 mac = crypto::hmac_sha256(key.reveal(), bytes_of(text));
  Secret derived{ByteView(mac)};
  wipe(mac);
  return derived;
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string joined;
  joined.reserve(size);
  for (const std::string_view part : parts) joined += part;
  return joined;
}

}  // namespace

std::string Scope::text() const { return join({date, "/", region, "/", service, "/aws4_request"}); }

std::string string_to_sign(std::string_view time, const Scope& scope,
                           std::string_view canonical_request) {
  const crypto::Sha256 digest = crypto::sha256(bytes_of(canonical_request));
  return join({"AWS4-HMAC-SHA256\n", time, "\n", scope.text(), "\n", to_hex(digest)});
}

Secret derive_signing_key(const Secret& secret_access_key, const Scope& scope) {
  constexpr std::string_view prefix = "AWS4";
  Secret start(prefix.size() + secret_access_key.size());
  std::ranges::copy(bytes_of(prefix), start.fill().begin());
  std::ranges::copy(secret_access_key.reveal(), start.fill().begin() + prefix.size());
  const Secret of_date = hmac(start, scope.date);
  const Secret of_region = hmac(of_date, scope.region);
  const Secret of_service = hmac(of_region, scope.service);
  return hmac(of_service, "aws4_request");
}

std::string signature_hex(const Secret& signing_key, std::string_view string_to_sign) {
  return to_hex(crypto::hmac_sha256(signing_key.reveal(), bytes_of(string_to_sign)));
}

}  // namespace hallmark::sigv4
