// The `pkcs11:` back end: keys that are made in a token (an HSM, or SoftHSM), and never leave it.
//
// Private keys are CKA_SENSITIVE and not CKA_EXTRACTABLE, and sign, nothing else. Their sealed
// bytes hold the public key, so that nobody who writes to the store can put another one in its
// place. Keys that users bring are put into the token under the same rules, and kept nowhere else.
//
// PKCS#11 is called directly: libp11 cannot generate keys of curves, and an EVP_PKEY is needed
// nowhere, because a Signer signs digests.
#pragma once

#include <memory>

#include "base/random.h"
#include "keys/keys.h"
#include "keys/sealer.h"
#include "keys/tokens.h"

namespace hallmark::keys {

// All outlive the provider and its signers. Calls block for as long as the token takes, and wait
// token_wait_max for a session; where the token is away they fail at once (unavailable).
std::unique_ptr<KeyProvider> pkcs11_keys(Token& token, const Sealer& sealer, Random& random);

}  // namespace hallmark::keys
