#include "keys/master_keys.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "keys/pkcs11_objects.h"

namespace hallmark::keys {
namespace {

constexpr std::size_t fingerprint_bytes = 8;

std::string fingerprint_of(ByteView bytes) {
  return to_hex(ByteView(crypto::sha256(bytes)).first(fingerprint_bytes));
}

class SoftwareMasterKey final : public MasterKey {
 public:
  SoftwareMasterKey(const Secret& key, Random& random)
      : wrapping_key_(crypto::derive_key(key, "hallmark sealing keys")),
        fingerprint_(fingerprint_of(crypto::derive_key(key, "hallmark fingerprint").reveal())),
        random_(random) {
    lock_in_memory(wrapping_key_);
  }

  std::string fingerprint() const override { return fingerprint_; }
  Result<Bytes> wrap(ByteView key, std::string_view context) override {
    return crypto::seal(wrapping_key_, key, context, random_);
  }
  Result<Secret> unwrap(ByteView wrapped, std::string_view context) override {
    return crypto::open(wrapping_key_, wrapped, context);
  }

 private:
  const Secret wrapping_key_;
  const std::string fingerprint_;
  Random& random_;
};

class TokenMasterKey final : public MasterKey {
 public:
  TokenMasterKey(Token& token, std::string label, Random& random)
      : token_(token), label_(std::move(label)), random_(random) {}

  std::string fingerprint() const override { return fingerprint_; }

  Result<Bytes> wrap(ByteView key, std::string_view context) override {
    Bytes nonce(wrapping_nonce_bytes);
    random_.fill(nonce);
    TRY(const Bytes encrypted, token_.with_session([&](Session& session) -> Result<Bytes> {
      TRY(const auto handle, key_in(session));
      return encrypt_with_key(session, handle, {nonce, bytes_of(context)}, key);
    }));
    append(nonce, encrypted);
    return nonce;
  }

  Result<Secret> unwrap(ByteView wrapped, std::string_view context) override {
    if (wrapped.size() <= wrapping_nonce_bytes) return corrupt("A wrapped key is too short.");
    return token_.with_session([&](Session& session) -> Result<Secret> {
      TRY(const auto handle, key_in(session));
      return decrypt_with_key(session, handle,
                              {wrapped.first(wrapping_nonce_bytes), bytes_of(context)},
                              wrapped.subspan(wrapping_nonce_bytes));
    });
  }

  // Before anything else.
  Result<void> identify() {
    TRY(fingerprint_, token_.with_session([&](Session& session) -> Result<std::string> {
      TRY(const auto handle, key_in(session));
      TRY(refuse_extractable(session, handle));
      // What the key makes of a known text: its label is another key's in another token. The nonce
      // serves this one text alone.
      const Bytes nonce(wrapping_nonce_bytes);
      constexpr std::string_view text = "hallmark fingerprint";
      TRY(const Bytes encrypted,
          encrypt_with_key(session, handle, {nonce, bytes_of(text)}, bytes_of(text)));
      return fingerprint_of(encrypted);
    }));
    return {};
  }

 private:
  Result<CK_OBJECT_HANDLE> key_in(Session& session) const {
    TRY(const auto found, find_wrapping_key(session, label_));
    if (found) return *found;
    return invalid(fmt::format("The {} has no master key `{}`.", token_.uri().text(), label_));
  }

  Token& token_;
  const std::string label_;
  std::string fingerprint_ = {};
  Random& random_;
};

}  // namespace

std::unique_ptr<MasterKey> software_master_key(Secret key, Random& random) {
  return std::make_unique<SoftwareMasterKey>(key, random);
}

Result<std::unique_ptr<MasterKey>> token_master_key(Token& token, std::string label,
                                                    Random& random) {
  auto key = std::make_unique<TokenMasterKey>(token, std::move(label), random);
  TRY(key->identify());
  return std::unique_ptr<MasterKey>(std::move(key));
}

Result<void> make_wrapping_key(Token& token, const std::string& label) {
  return token.with_session([&](Session& session) -> Result<void> {
    TRY(const auto found, find_wrapping_key(session, label));
    if (found) return {};
    return generate_wrapping_key(session, label);
  });
}

}  // namespace hallmark::keys
