// A key that is made here, used and taken away, and comes back for a moment when it is needed: the
// production root's.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/signer.h"

namespace hallmark::keys {

struct ExportedKey {
  std::unique_ptr<crypto::Signer> signer;  // for as long as the process needs it
  std::string encrypted_pem;  // PKCS#8 "ENCRYPTED PRIVATE KEY" (RFC 5958, PBES2 with AES-256)
};

// `passphrase` opens the PEM again (`openssl pkey -in FILE`). `random` outlives the signer.
Result<ExportedKey> make_exported_key(crypto::KeyKind kind, const Secret& passphrase,
                                      Random& random);

// The key of such a file. Invalid: the passphrase is another, or the file is none.
Result<std::unique_ptr<crypto::Signer>> open_exported_key(std::string_view encrypted_pem,
                                                          const Secret& passphrase, Random& random);

}  // namespace hallmark::keys
