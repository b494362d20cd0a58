#include <nettle/ecdsa.h>
#include <openssl/core_names.h>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/nettle.h"
#include "crypto/software_signers.h"

namespace hallmark::crypto {
namespace {

class NettleSigner final : public Signer {
 public:
  NettleSigner(KeyKind kind, Bytes public_key, Random& random)
      : kind_(kind),
        public_key_(std::move(public_key)),
        scalar_(nettle_curve(kind)),
        random_(random) {}

  Result<void> set_scalar(ByteView big_endian) { return scalar_.set(big_endian); }

  KeyKind kind() const override { return kind_; }
  ByteView public_key() const override { return public_key_; }

  Result<Bytes> sign_digest(SignatureAlgorithm algorithm, ByteView digest) const override {
    TRY(check_fits(kind_, algorithm, digest));
    SignatureNumbers signature;
    ecdsa_sign(scalar_.get(), &random_, fill_from_random, digest.size(), digest.data(),
               signature.get());
    wipe_stack_below();
    return der::sequence({der_integer(signature.r()), der_integer(signature.s())});
  }

 private:
  Bytes der_integer(mpz_srcptr number) const {
    Bytes big_endian(row_of(kind_).field_bytes);
    write_big_endian(number, big_endian);
    return der::integer(big_endian);
  }

  KeyKind kind_;
  Bytes public_key_;
  Scalar scalar_;
  Random& random_;
};

// The scalar of OpenSSL's key, padded to the size of the field.
Result<Secret> scalar_of(const LoadedKey& key) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key.key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) != 1) {
    return openssl_error("take the scalar of a private key");
  }
  const BigNumHandle owned(number);
  Secret scalar(row_of(key.kind).field_bytes);
  const int size = static_cast<int>(scalar.size());
  if (BN_bn2binpad(number, scalar.fill().data(), size) != size) {
    return openssl_error("write the scalar of a private key");
  }
  return scalar;
}

}  // namespace

Result<std::unique_ptr<Signer>> nettle_signer(LoadedKey key, Random& random) {
  TRY(const Secret scalar, scalar_of(key));
  auto signer = std::make_unique<NettleSigner>(key.kind, std::move(key.public_key), random);
  TRY(signer->set_scalar(scalar.reveal()));
  return std::unique_ptr<Signer>(std::move(signer));
}

}  // namespace hallmark::crypto
