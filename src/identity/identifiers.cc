#include "identity/identifiers.h"

#include "base/bytes.h"

namespace hallmark::identity {
namespace {

constexpr std::size_t principal_random_characters = 17;
constexpr std::size_t key_random_characters = 16;
constexpr std::size_t secret_characters = 40;

bool is_of_key(std::string_view prefix) {
  return prefix == access_key_prefix || prefix == temporary_access_key_prefix;
}

}  // namespace

// 5 random bits a character.
std::string random_id(std::string_view prefix, Random& random) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  Bytes bytes(is_of_key(prefix) ? key_random_characters : principal_random_characters);
  random.fill(bytes);
  std::string id(prefix);
  for (const std::uint8_t byte : bytes) id += alphabet[byte % alphabet.size()];
  return id;
}

// Of letters and digits only, so that shells and sentences leave it as it is: 5 random bits each.
Secret random_secret_access_key(Random& random) {
  static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  Secret secret(secret_characters);
  random.fill(secret.fill());
  for (std::uint8_t& byte : secret.fill()) byte = std::uint8_t(alphabet[byte % alphabet.size()]);
  return secret;
}

Error unknown_security_token() {
  return {
      ErrorKind::unknown_access_key, "The security token included in the request is invalid.", {}};
}

}  // namespace hallmark::identity
