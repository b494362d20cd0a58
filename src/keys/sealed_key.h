// A sealed key's bytes, as the store keeps them: format (1) ‖ kind (1) ‖ AEAD of the content. The
// first two, the purpose and the id are bound into the AEAD's context. Private to keys/.
#pragma once

#include <string_view>

#include "keys/keys.h"
#include "keys/sealer.h"

namespace hallmark::keys {

// The numbers are stored: they never change their meaning.
enum class SealedFormat : std::uint8_t {
  software = 1,  // the content is the PKCS#8
  token = 2,     // the content is the public key; the private one is in a token
};

// What names a key for ever.
struct KeyName {
  Purpose purpose;
  crypto::KeyKind kind;
  std::string_view id;
};

struct SealedContent {
  crypto::KeyKind kind;
  Secret content;
};

Bytes seal_key(const Sealer& sealer, SealedFormat format, const KeyName& name, ByteView content);
// Corrupt: another master key, another purpose or id, any changed byte. Invalid: a key of the other
// back end.
Result<SealedContent> open_sealed_key(const Sealer& sealer, SealedFormat format, ByteView sealed,
                                      const Purpose& purpose, std::string_view id);

}  // namespace hallmark::keys
