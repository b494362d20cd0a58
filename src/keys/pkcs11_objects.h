// Keys in a token. Private to keys/.
#pragma once

#include <optional>

#include "crypto/signer.h"
#include "keys/pkcs11_token.h"
#include "keys/sealed_key.h"

namespace hallmark::keys {

// How a key is found again: its CKA_ID is a hash of its name and of a number of its own, so that a
// key that takes another one's place in the store never disturbs it in the token; its CKA_LABEL is
// for people.
struct ObjectName {
  Bytes id;
  std::string label;  // "hallmark code_signing 0192f0c1-…"

  static ObjectName of(const KeyName& name, ByteView own_number);
};

// Each runs in a session, and its error is Session::failed's.

// Makes a pair of keys of a curve, of which the token keeps the private one: for signing only,
// never to be shown. The public key: SubjectPublicKeyInfo, DER.
Result<Bytes> generate_key(Session& session, const ObjectName& name, crypto::KeyKind curve);
// Takes a key that its user brings into the token, under the same rules.
Result<void> store_key(Session& session, const ObjectName& name, const crypto::PrivateKey& key);
// Nothing: there is none.
Result<std::optional<CK_OBJECT_HANDLE>> find_key(Session& session, const ObjectName& name,
                                                 CK_OBJECT_CLASS object_class);
Result<void> destroy_keys(Session& session, const ObjectName& name);
// As crypto::Signer::sign_digest.
Result<Bytes> sign_with_key(Session& session, CK_OBJECT_HANDLE key,
                            crypto::SignatureAlgorithm algorithm, ByteView digest);

// A key of AES-256 that wraps master keys: encrypts and decrypts, and is never shown.
Result<void> generate_wrapping_key(Session& session, const std::string& label);
Result<std::optional<CK_OBJECT_HANDLE>> find_wrapping_key(Session& session,
                                                          const std::string& label);
// Invalid: the key could be taken out of the token, or once could.
Result<void> refuse_extractable(Session& session, CK_OBJECT_HANDLE key);

// AES-256-GCM; the result of the first is ciphertext ‖ tag.
inline constexpr std::size_t wrapping_nonce_bytes = 12;
struct GcmParameters {
  ByteView nonce;
  ByteView context;
};
Result<Bytes> encrypt_with_key(Session& session, CK_OBJECT_HANDLE key,
                               const GcmParameters& parameters, ByteView plain);
// Corrupt: another key, other parameters, or any changed byte.
Result<Secret> decrypt_with_key(Session& session, CK_OBJECT_HANDLE key,
                                const GcmParameters& parameters, ByteView encrypted);

}  // namespace hallmark::keys
