#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "sigv4/parts.h"

namespace hallmark::sigv4 {
namespace {

// The three parts as they stand, each at most once.
struct Parts {
  std::optional<std::string_view> credential, signed_headers, signature;
};

struct PartName {
  std::string_view name;
  std::optional<std::string_view> Parts::*part;
};
constexpr std::array part_names = {
    PartName{"Credential", &Parts::credential},
    PartName{"SignedHeaders", &Parts::signed_headers},
    PartName{"Signature", &Parts::signature},
};

// Requires text after the algorithm: "Credential=…, SignedHeaders=…,Signature=…" in any order.
Result<Parts> split_parts(std::string_view text) {
  Parts parts;
  for (std::string_view part : split(text, ',')) {
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    const std::size_t equals = part.find('=');
    const auto* named = std::ranges::find(part_names, part.substr(0, equals), &PartName::name);
    if (equals == std::string_view::npos || named == part_names.end()) {
      return incomplete(
          "Authorization header has a parameter that is not one of 'Credential', "
          "'SignedHeaders' and 'Signature'.");
    }
    if (parts.*named->part) {
      return incomplete(fmt::format("Authorization header has two '{}' parameters.", named->name));
    }
    parts.*named->part = part.substr(equals + 1);
  }
  for (const PartName& named : part_names) {
    if (!(parts.*named.part)) {
      return incomplete(fmt::format("Authorization header requires '{}' parameter.", named.name));
    }
  }
  return parts;
}

}  // namespace

Result<Authorization> parse_authorization(std::string_view header) {
  if (!header.starts_with(algorithm) || !header.substr(algorithm.size()).starts_with(' ')) {
    return incomplete("Authorization header requires the algorithm AWS4-HMAC-SHA256.");
  }
  TRY(const Parts parts, split_parts(header.substr(algorithm.size() + 1)));
  return read_authorization({*parts.credential, *parts.signed_headers, *parts.signature});
}

std::string authorize(const RequestView& request, std::string_view payload_sha256_hex,
                      std::string_view time, std::string_view access_key_id, const Scope& scope,
                      const Secret& signing_key, PathStyle style) {
  const std::vector<std::string> names = signed_header_names(request);
  const std::string canonical = canonical_request(request, names, payload_sha256_hex, style);
  const std::string signature = signature_hex(signing_key, string_to_sign(time, scope, canonical));
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm,
                     access_key_id, scope.text(), fmt::join(names, ";"), signature);
}

}  // namespace hallmark::sigv4
