#include "server/measured_keys.h"

#include <chrono>

namespace hallmark::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

// What a caller gave wrongly, or is not there, is no fault of the back end.
template <class T>
Result<T> counted(Result<T> outcome, KeyMeters& meters) {
  if (outcome) return outcome;
  const ErrorKind kind = outcome.error().kind;
  if (kind == ErrorKind::unavailable || kind == ErrorKind::internal) meters.errors.add();
  return outcome;
}

class MeasuredSigner final : public crypto::Signer {
 public:
  MeasuredSigner(std::unique_ptr<crypto::Signer> signer, KeyMeters& meters)
      : signer_(std::move(signer)), meters_(meters) {}

  crypto::KeyKind kind() const override { return signer_->kind(); }
  ByteView public_key() const override { return signer_->public_key(); }
  Result<Bytes> sign_digest(crypto::SignatureAlgorithm algorithm, ByteView digest) const override {
    const auto began = SteadyClock::now();
    auto signature = signer_->sign_digest(algorithm, digest);
    if (signature) meters_.signatures.add(SteadyClock::now() - began);
    return counted(std::move(signature), meters_);
  }

 private:
  const std::unique_ptr<crypto::Signer> signer_;
  KeyMeters& meters_;
};

class MeasuredKeys final : public keys::KeyProvider {
 public:
  MeasuredKeys(std::unique_ptr<keys::KeyProvider> keys, KeyMeters& meters)
      : keys_(std::move(keys)), meters_(meters) {}

  Result<keys::CreatedKey> create(keys::Purpose purpose, crypto::KeyKind kind,
                                  std::string_view id) override {
    return measured_key(keys_->create(purpose, kind, id));
  }
  Result<keys::CreatedKey> import_key(keys::Purpose purpose, ByteView private_key,
                                      std::string_view id) override {
    return measured_key(keys_->import_key(purpose, private_key, id));
  }
  Result<std::unique_ptr<crypto::Signer>> open(ByteView sealed, keys::Purpose purpose,
                                               std::string_view id) override {
    TRY(auto signer, counted(keys_->open(sealed, purpose, id), meters_));
    return measured_signer(std::move(signer));
  }
  Result<void> destroy(ByteView sealed, keys::Purpose purpose, std::string_view id) override {
    return counted(keys_->destroy(sealed, purpose, id), meters_);
  }
  bool keeps_keys() const override { return keys_->keeps_keys(); }
  Result<void> check() override { return counted(keys_->check(), meters_); }
  Bytes seal(ByteView plain, std::string_view context) override {
    return keys_->seal(plain, context);
  }
  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    return keys_->unseal(sealed, context);
  }

 private:
  std::unique_ptr<crypto::Signer> measured_signer(std::unique_ptr<crypto::Signer> signer) {
    return std::make_unique<MeasuredSigner>(std::move(signer), meters_);
  }
  Result<keys::CreatedKey> measured_key(Result<keys::CreatedKey> made) {
    TRY(auto created, counted(std::move(made), meters_));
    created.signer = measured_signer(std::move(created.signer));
    return created;
  }

  const std::unique_ptr<keys::KeyProvider> keys_;
  KeyMeters& meters_;
};

}  // namespace

std::unique_ptr<keys::KeyProvider> measured(std::unique_ptr<keys::KeyProvider> keys,
                                            KeyMeters& meters) {
  return std::make_unique<MeasuredKeys>(std::move(keys), meters);
}

}  // namespace hallmark::server
