#include "keys/pkcs11_keys.h"

#include <fmt/format.h>

#include "base/mutex.h"
#include "crypto/digest.h"
#include "crypto/private_key.h"
#include "keys/pkcs11_objects.h"
#include "keys/sealed_key.h"

namespace hallmark::keys {
namespace {

constexpr std::size_t own_number_bytes = 16;

struct TokenKey {
  crypto::KeyKind kind;
  Bytes public_key;
  ObjectName name;
};

class TokenSigner final : public crypto::Signer {
 public:
  TokenSigner(Token& token, TokenKey key) : token_(token), key_(std::move(key)) {}

  crypto::KeyKind kind() const override { return key_.kind; }
  ByteView public_key() const override { return key_.public_key; }

  Result<Bytes> sign_digest(crypto::SignatureAlgorithm algorithm, ByteView digest) const override {
    if (crypto::key_kind_of(algorithm) != key_.kind ||
        digest.size() != crypto::digest_size(crypto::digest_of(algorithm))) {
      return internal_error(fmt::format("{} of {} bytes with a key of {}",
                                        crypto::name_of(algorithm), digest.size(),
                                        crypto::name_of(key_.kind)));
    }
    return token_.with_session([&](Session& session) -> Result<Bytes> {
      TRY(const auto handle, handle_in(session));
      return sign_with_key(session, handle, algorithm, digest);
    });
  }

  // That the token's key is the public key's: signatures under a wrong one would all be refused by
  // others, and never by us.
  Result<void> check_pair() const {
    const auto algorithm = crypto::algorithm_of(key_.kind);
    const Bytes digest(crypto::digest_size(crypto::digest_of(algorithm)));
    TRY(const Bytes signature, sign_digest(algorithm, digest));
    TRY(const bool good, crypto::verify_digest(algorithm, key_.public_key, digest, signature));
    if (good) return {};
    return corrupt("The key in the token does not belong to its public key.");
  }

 private:
  Result<CK_OBJECT_HANDLE> handle_in(Session& session) const {
    {
      const MutexLock lock(mutex_);
      if (generation_ == session.generation()) return handle_;
    }
    TRY(const auto found, find_key(session, key_.name, CKO_PRIVATE_KEY));
    if (!found) return session.lacks(key_.name.label);
    const MutexLock lock(mutex_);
    generation_ = session.generation();
    handle_ = *found;
    return handle_;
  }

  Token& token_;
  const TokenKey key_;
  mutable Mutex mutex_;
  mutable std::uint64_t generation_ GUARDED_BY(mutex_) = 0;  // that the handle is good in
  mutable CK_OBJECT_HANDLE handle_ GUARDED_BY(mutex_) = CK_INVALID_HANDLE;
};

class TokenKeys final : public KeyProvider {
 public:
  TokenKeys(Token& token, const Sealer& sealer, Random& random)
      : token_(token), sealer_(sealer), random_(random) {}

  Result<CreatedKey> create(Purpose purpose, crypto::KeyKind kind, std::string_view id) override {
    if (kind == crypto::KeyKind::rsa) return internal_error("RSA keys are not made here");
    KeptKey kept = new_key({purpose, kind, id});
    TRY(kept.public_key, token_.with_session([&](Session& session) {
      return generate_key(session, kept.name(), kind);
    }));
    return created(std::move(kept));
  }

  Result<CreatedKey> import_key(Purpose purpose, ByteView private_key,
                                std::string_view id) override {
    TRY(const auto key, crypto::import_private_key(private_key));
    TRY(const auto software, crypto::software_signer(key, random_));
    KeptKey kept = new_key({purpose, key.kind, id});
    kept.public_key = copy_of(software->public_key());
    TRY(token_.with_session(
        [&](Session& session) { return store_key(session, kept.name(), key); }));
    return created(std::move(kept));
  }

  Result<std::unique_ptr<crypto::Signer>> open(ByteView sealed, Purpose purpose,
                                               std::string_view id) override {
    TRY(auto kept, read(sealed, purpose, id));
    return signer_of(std::move(kept));
  }

  Result<void> destroy(ByteView sealed, Purpose purpose, std::string_view id) override {
    TRY(const auto kept, read(sealed, purpose, id));
    return token_.with_session(
        [&](Session& session) { return destroy_keys(session, kept.name()); });
  }

  bool keeps_keys() const override { return true; }

  Result<void> check() override {
    return token_.with_session([](Session& session) -> Result<void> {
      CK_SESSION_INFO info = {};
      const CK_RV status = session.functions().C_GetSessionInfo(session.handle(), &info);
      if (status != CKR_OK) return session.failed("C_GetSessionInfo", status);
      // Asks the token, not only the module.
      Bytes bytes(16);
      const CK_RV random =
          session.functions().C_GenerateRandom(session.handle(), bytes.data(), bytes.size());
      if (random != CKR_OK) return session.failed("C_GenerateRandom", random);
      return {};
    });
  }

  Bytes seal(ByteView plain, std::string_view context) override {
    return sealer_.seal(Sealed::secret, plain, context);
  }

  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    return sealer_.open(Sealed::secret, sealed, context);
  }

 private:
  // What the sealed bytes hold: the key's own number, then its public key.
  struct KeptKey {
    KeyName key;
    Bytes own_number;
    Bytes public_key;

    ObjectName name() const { return ObjectName::of(key, own_number); }
  };

  KeptKey new_key(const KeyName& name) {
    Bytes own_number(own_number_bytes);
    random_.fill(own_number);
    return {name, std::move(own_number), {}};
  }

  Result<KeptKey> read(ByteView sealed, Purpose purpose, std::string_view id) const {
    TRY(const auto opened, open_sealed_key(sealer_, SealedFormat::token, sealed, purpose, id));
    const ByteView content = opened.content.reveal();
    if (content.size() <= own_number_bytes) return corrupt("The sealed key is too short.");
    return KeptKey{{purpose, opened.kind, id},
                   copy_of(content.first(own_number_bytes)),
                   copy_of(content.subspan(own_number_bytes))};
  }

  Result<std::unique_ptr<crypto::Signer>> signer_of(KeptKey kept) {
    auto signer = std::make_unique<TokenSigner>(
        token_, TokenKey{kept.key.kind, std::move(kept.public_key), kept.name()});
    TRY(signer->check_pair());
    return std::unique_ptr<crypto::Signer>(std::move(signer));
  }

  Result<CreatedKey> created(KeptKey kept) {
    Bytes content = kept.own_number;
    append(content, kept.public_key);
    Bytes sealed = seal_key(sealer_, SealedFormat::token, kept.key, content);
    TRY(auto signer, signer_of(std::move(kept)));
    return CreatedKey{.sealed = std::move(sealed), .signer = std::move(signer)};
  }

  Token& token_;
  const Sealer& sealer_;
  Random& random_;
};

}  // namespace

std::unique_ptr<KeyProvider> pkcs11_keys(Token& token, const Sealer& sealer, Random& random) {
  return std::make_unique<TokenKeys>(token, sealer, random);
}

}  // namespace hallmark::keys
