// The `file:` back end: software keys, sealed with AES-256-GCM and kept by the store.
#pragma once

#include <filesystem>
#include <memory>

#include "base/random.h"
#include "base/secret.h"
#include "keys/keys.h"
#include "keys/sealer.h"

namespace hallmark::keys {

// A new master key: 32 random bytes, base64 with a newline, mode 0400. Refuses to replace a file.
Result<void> write_master_key(const std::filesystem::path& path, Random& random);
// From a file or credential (secret_file.h). Refuses one that others can read, or that holds
// anything else.
Result<Secret> read_master_key(const std::filesystem::path& where);

// Software keys under a sealer. Both outlive the provider.
std::unique_ptr<KeyProvider> file_keys(const Sealer& sealer, Random& random);
// The same with a sealer of its own, which has one key.
std::unique_ptr<KeyProvider> file_keys(Secret sealing_key, Random& random);

}  // namespace hallmark::keys
