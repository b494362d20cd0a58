// The `file:` back end: software keys, sealed with AES-256-GCM under a master key from a file.
#pragma once

#include <filesystem>
#include <memory>

#include "base/random.h"
#include "base/secret.h"
#include "keys/keys.h"

namespace hallmark::keys {

// A new master key: 32 random bytes, base64 with a newline, mode 0400. Refuses to replace a file.
Result<void> write_master_key(const std::filesystem::path& path, Random& random);
// Refuses a file that others can read (any bit of 0077), or that holds anything else.
Result<Secret> read_master_key(const std::filesystem::path& path);

// Each use of the master key derives its own key by purpose (HKDF), so that sealed keys, secrets
// and tokens can never stand for one another. `random` outlives the provider.
std::unique_ptr<KeyProvider> file_keys(Secret master_key, Random& random);

}  // namespace hallmark::keys
