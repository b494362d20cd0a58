// The kinds of master keys. Private to keys/; see custody.h.
#pragma once

#include <memory>
#include <string>

#include "keys/custody.h"

namespace hallmark::keys {

// AES-256-GCM in this process. `random` outlives it.
std::unique_ptr<MasterKey> software_master_key(Secret key, Random& random);

// AES-256-GCM in a token, by a key that never leaves it. Both outlive it. Invalid: the token has no
// such key, or one that could be taken out.
Result<std::unique_ptr<MasterKey>> token_master_key(Token& token, std::string label,
                                                    Random& random);
// Makes that key, unless there is one.
Result<void> make_wrapping_key(Token& token, const std::string& label);

}  // namespace hallmark::keys
