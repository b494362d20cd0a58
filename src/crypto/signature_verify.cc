#include <openssl/ec.h>
#include <openssl/err.h>

#include "crypto/public_key.h"
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

}  // namespace

Result<bool> verify_digest(KeyAlgorithm algorithm, ByteView public_key, ByteView digest,
                           ByteView signature) {
  TRY(check_digest_size(algorithm, digest));
  TRY(const auto readable, read_public_key(public_key));
  if (readable.algorithm != algorithm) return corrupt("The public key is of another algorithm.");
  TRY(const auto key, load_public_key(readable));
  if (!is_ecdsa_signature(signature)) return false;

  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (context == nullptr) return openssl_error("prepare a verification");
  if (EVP_PKEY_verify_init(context.get()) != 1) return openssl_error("prepare a verification");
  const int answer = EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                                     digest.data(), digest.size());
  if (answer < 0) return openssl_error("verify a signature");
  if (answer == 0) ERR_clear_error();  // a wrong signature leaves a reason in the queue
  return answer == 1;
}

}  // namespace hallmark::crypto
