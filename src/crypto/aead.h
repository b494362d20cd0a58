// Authenticated encryption, AES-256-GCM: what seals keys, secrets and page tokens.
#pragma once

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::crypto {

inline constexpr std::size_t aead_key_bytes = 32;

// nonce (12 random bytes) ‖ ciphertext ‖ tag (16). `key` has aead_key_bytes; `context` is bound to
// the result and must be given again to open it, so that one sealed thing cannot stand for another.
Bytes seal(const Secret& key, ByteView plain, std::string_view context, Random& random);
// Corrupt: another key, another context or any changed byte.
Result<Secret> open(const Secret& key, ByteView sealed, std::string_view context);

// HKDF-SHA256 (RFC 5869) without salt: an independent key for each `purpose`.
Secret derive_key(const Secret& key, std::string_view purpose);

}  // namespace hallmark::crypto
