#include "identity/names.h"

#include <algorithm>

#include "identity/identifiers.h"

namespace hallmark::identity {
namespace {

constexpr std::size_t principal_name_length_max = 64;
constexpr std::size_t policy_name_length_max = 128;
constexpr std::size_t access_key_id_length_min = 16;
constexpr std::size_t access_key_id_length_max = 128;
// Whoever sees one signed request can try secrets at leisure: a short one is none.
constexpr std::size_t secret_length_min = 20;
constexpr std::size_t secret_length_max = 128;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(std::string_view text, std::size_t length_max) {
  static constexpr std::string_view further = "+=,.@-";
  return !text.empty() && text.size() <= length_max && std::ranges::all_of(text, [](char c) {
    return is_word(c) || further.find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<void> PrincipalNameRule::check(std::string_view text) {
  if (is_name(text, principal_name_length_max)) return {};
  return invalid("The name of a user or role has 1 to 64 characters of A-Z, a-z, 0-9 and _+=,.@-");
}

Result<void> PolicyNameRule::check(std::string_view text) {
  if (is_name(text, policy_name_length_max)) return {};
  return invalid("The name of a policy has 1 to 128 characters of A-Z, a-z, 0-9 and _+=,.@-");
}

Result<void> AccessKeyIdRule::check(std::string_view text) {
  if (text.size() < access_key_id_length_min || text.size() > access_key_id_length_max ||
      !std::ranges::all_of(text, is_word)) {
    return invalid("An access key id has 16 to 128 characters of A-Z, a-z, 0-9 and _");
  }
  if (!text.starts_with(temporary_access_key_prefix)) return {};
  return invalid("An access key id must not begin with ASIA, as those of sessions do.");
}

Result<void> check_secret_access_key(ByteView secret) {
  const bool fine = secret.size() >= secret_length_min && secret.size() <= secret_length_max &&
                    std::ranges::all_of(secret, [](std::uint8_t c) { return c > ' ' && c < 127; });
  if (fine) return {};
  return invalid("A secret access key has 20 to 128 printable ASCII characters and no space.");
}

}  // namespace hallmark::identity
