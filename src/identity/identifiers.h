// Names and secrets of identities, drawn at random in the form that AWS gives them.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::identity {

// IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes".
inline constexpr std::string_view user_id_prefix = "AIDA";
inline constexpr std::string_view role_id_prefix = "AROA";
inline constexpr std::string_view access_key_prefix = "AKIA";
inline constexpr std::string_view temporary_access_key_prefix = "ASIA";

// The prefix and random characters of A–Z and 2–7: 21 characters for principals, 20 for keys.
std::string random_id(std::string_view prefix, Random& random);

// 40 characters, 240 bits.
Secret random_secret_access_key(Random& random);

// unknown_access_key, in the words in which AWS refuses an access key and a session token alike.
Error unknown_security_token();

}  // namespace hallmark::identity
