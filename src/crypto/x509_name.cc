#include "crypto/x509_name.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/der.h"
#include "crypto/oids.h"

namespace hallmark::crypto {
namespace {

struct NameLimit {
  std::string_view oid;
  std::string DistinguishedName::*text;
  std::size_t characters_max;  // upper bounds of RFC 5280 appendix A.1
};

constexpr NameLimit name_limits[] = {
    {oids::country, &DistinguishedName::country, 2},
    {oids::state, &DistinguishedName::state, 128},
    {oids::organization, &DistinguishedName::organization, 64},
    {oids::organizational_unit, &DistinguishedName::organizational_unit, 64},
    {oids::common_name, &DistinguishedName::common_name, 64},
};

Result<void> check_name_part(std::string_view oid, std::string_view text, std::size_t max) {
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool two_capitals = text.size() == 2 && std::ranges::all_of(text, is_capital);
  if (text.size() > max || !der::is_utf8(text) || std::ranges::any_of(text, is_control) ||
      (oid == oids::country && !two_capitals)) {
    return invalid(fmt::format("A part of the certificate's name ({}) is not allowed.", oid));
  }
  return {};
}

}  // namespace

Result<Bytes> name_of(const DistinguishedName& name) {
  if (name.common_name.empty()) return invalid("A certificate needs a common name.");
  Bytes parts;
  for (const NameLimit& limit : name_limits) {
    const std::string& text = name.*limit.text;
    if (text.empty()) continue;
    TRY(check_name_part(limit.oid, text, limit.characters_max));
    const Bytes value =
        limit.oid == oids::country ? der::printable_string(text) : der::utf8_string(text);
    append(parts, der::set_of({der::sequence({der::known_identifier(limit.oid), value})}));
  }
  return der::value(der::sequence_tag, parts);
}

}  // namespace hallmark::crypto
