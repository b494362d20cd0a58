#include <openssl/ec.h>
#include <openssl/ecerr.h>
#include <openssl/err.h>

#include "crypto/algorithm_table.h"
#include "crypto/public_key.h"
#include "crypto/rsa.h"
#include "crypto/signature_nettle.h"
#include "crypto/signer.h"
#include "crypto/software_signers.h"

namespace hallmark::crypto {
namespace {

using EcdsaSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;

// Whether the bytes are the one DER form of an ECDSA-Sig-Value. OpenSSL answers "broken" to others,
// and that would tell a forged signature from a machine's fault badly.
bool is_ecdsa_signature(ByteView signature) {
  const std::uint8_t* next = signature.data();
  const EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &next, static_cast<long>(signature.size())));
  if (parsed == nullptr) {
    ERR_clear_error();  // a signature that cannot be read is no failure, just wrong
    return false;
  }
  return der_of<i2d_ECDSA_SIG>(parsed.get()) == copy_of(signature);
}

// Whether the verification ended at the point at infinity, which a forged signature may aim at
// (FIPS 186-5 §6.4.2 step 7: reject). OpenSSL answers "broken" then.
bool is_at_infinity() {
  const unsigned long error = ERR_peek_error();
  return ERR_GET_LIB(error) == ERR_LIB_EC && ERR_GET_REASON(error) == EC_R_POINT_AT_INFINITY;
}

Result<bool> verify_ecdsa(EVP_PKEY* key, ByteView digest, ByteView signature) {
  if (!is_ecdsa_signature(signature)) return false;
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr) return openssl_error("prepare a verification");
  if (EVP_PKEY_verify_init(context.get()) != 1) return openssl_error("prepare a verification");
  const int answer = EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                                     digest.data(), digest.size());
  if (answer < 0 && !is_at_infinity()) return openssl_error("verify a signature");
  if (answer != 1) ERR_clear_error();  // a wrong signature leaves a reason in the queue
  return answer == 1;
}

}  // namespace

std::optional<KeyKind> find_key_kind(ByteView public_key) {
  const auto readable = read_public_key(public_key);
  if (!readable) return std::nullopt;
  return readable->kind;
}

Result<bool> verify_digest(SignatureAlgorithm algorithm, ByteView public_key, ByteView digest,
                           ByteView signature) {
  TRY(const auto readable, read_public_key(public_key));
  if (readable.kind != key_kind_of(algorithm)) {
    return corrupt("The public key is of another algorithm.");
  }
  TRY(check_fits(readable.kind, algorithm, digest));
  // Nettle takes half of OpenSSL's time, but also refuses some that are right (those whose two
  // points of FIPS 186-5 §6.4.2 step 5 are the same): OpenSSL has the last word.
  if (row_of(readable.kind).library == SigningLibrary::nettle) {
    TRY(const bool good, verify_nettle(readable, digest, signature));
    if (good) return true;
  }
  TRY(const auto key, load_public_key(readable));
  if (readable.kind != KeyKind::rsa) return verify_ecdsa(key.get(), digest, signature);
  return verify_rsa(key.get(), digest_of(algorithm), digest, signature);
}

}  // namespace hallmark::crypto
