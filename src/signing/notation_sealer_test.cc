#include "signing/notation_sealer.h"

#include <gtest/gtest.h>

#include "model/test_profile.h"
#include "pki/test_authority.h"

namespace hallmark::signing {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

// Signs, and may then change the last byte.
class DamagingSigner final : public crypto::Signer {
 public:
  DamagingSigner(std::unique_ptr<crypto::Signer> real, const bool& damages)
      : real_(std::move(real)), damages_(damages) {}
  crypto::KeyKind kind() const override { return real_->kind(); }
  ByteView public_key() const override { return real_->public_key(); }
  Result<Bytes> sign_digest(crypto::SignatureAlgorithm algorithm, ByteView digest) const override {
    TRY(Bytes signature, real_->sign_digest(algorithm, digest));
    if (damages_) signature.back() ^= 1;
    return signature;
  }

 private:
  std::unique_ptr<crypto::Signer> real_;
  const bool& damages_;
};

// Keys that sign code wrongly while it is said so.
class DamagingKeys final : public keys::KeyProvider {
 public:
  explicit DamagingKeys(keys::KeyProvider& real) : real_(real) {}
  bool damages = false;

  Result<keys::CreatedKey> create(keys::Purpose purpose, crypto::KeyKind kind,
                                  std::string_view id) override {
    TRY(auto created, real_.create(purpose, kind, id));
    created.signer = wrapped(purpose, std::move(created.signer));
    return created;
  }
  Result<keys::CreatedKey> import_key(keys::Purpose purpose, ByteView key,
                                      std::string_view id) override {
    return real_.import_key(purpose, key, id);
  }
  Result<std::unique_ptr<crypto::Signer>> open(ByteView sealed, keys::Purpose purpose,
                                               std::string_view id) override {
    TRY(auto signer, real_.open(sealed, purpose, id));
    return wrapped(purpose, std::move(signer));
  }
  Result<void> destroy(ByteView sealed, keys::Purpose purpose, std::string_view id) override {
    return real_.destroy(sealed, purpose, id);
  }
  bool keeps_keys() const override { return real_.keeps_keys(); }
  Result<void> check() override { return real_.check(); }
  Bytes seal(ByteView plain, std::string_view context) override {
    return real_.seal(plain, context);
  }
  Result<Secret> unseal(ByteView sealed, std::string_view context) override {
    return real_.unseal(sealed, context);
  }

 private:
  std::unique_ptr<crypto::Signer> wrapped(keys::Purpose purpose,
                                          std::unique_ptr<crypto::Signer> signer) const {
    if (purpose != keys::Purpose::code_signing) return signer;
    return std::make_unique<DamagingSigner>(std::move(signer), damages);
  }

  keys::KeyProvider& real_;
};

class NotationSealerTest : public testing::Test {
 protected:
  static constexpr std::size_t one_in = 3;

  Result<std::string> seal(std::string_view name = "Release") {
    const model::Profile profile = model::test::profile_named(name);
    const auto now = from_unix_seconds(unix_seconds(made.clock.now()));
    const Uuid job = Uuid::v7(now, made.random);
    const formats::Statement statement = {
        .job_arn = model::job_arn(made.home, profile.account, job),
        .profile_version_arn =
            model::profile_version_arn(made.home, profile.account, profile.name, profile.version),
        .signing_time = now,
        .expires_at = now + std::chrono::days(365)};
    TRY(auto sealed, sealer.seal(profile, statement, bytes_of("payload")));
    return std::move(sealed.envelope);
  }
  // How many envelopes are answered before one is refused.
  int answered_until_refused() {
    int count = 0;
    while (seal()) ++count;
    return count;
  }
  bool is_good(const std::string& envelope) {
    return formats::verify_notation(envelope, value_of(authority.roots()), made.clock.now())
        .has_value();
  }

  pki::test::TestAuthority made;
  DamagingKeys keys{*made.keys};
  pki::Authority authority{*made.store, keys, made.clock, made.random, made.home};
  NotationSealer sealer{authority, made.clock, one_in};
};

TEST_F(NotationSealerTest, EnvelopesVerifyBeforeAndAfterTheChainWasJudged) {
  for (std::size_t i = 0; i < 2 * one_in; ++i) EXPECT_TRUE(is_good(value_of(seal())));
}

TEST_F(NotationSealerTest, AWrongFirstSignatureIsNotAnswered) {
  keys.damages = true;
  const Error error = error_of(seal());
  EXPECT_EQ(error.kind, ErrorKind::internal);
}

TEST_F(NotationSealerTest, AWrongSignatureIsFoundWhenItsTurnComes) {
  value_of(seal());
  keys.damages = true;
  EXPECT_EQ(answered_until_refused(), int(one_in) - 1);
}

TEST_F(NotationSealerTest, AfterAWrongSignatureTheNextIsVerifiedToo) {
  value_of(seal());
  keys.damages = true;
  answered_until_refused();
  EXPECT_EQ(answered_until_refused(), 0);
  keys.damages = false;
  EXPECT_TRUE(is_good(value_of(seal())));
  keys.damages = true;
  EXPECT_EQ(answered_until_refused(), int(one_in) - 1);
}

TEST_F(NotationSealerTest, TheFirstOfEachCertificateIsVerified) {
  value_of(seal());
  keys.damages = true;
  EXPECT_FALSE(seal("Another"));
  made.clock.advance(std::chrono::days(5));  // another leaf
  EXPECT_FALSE(seal());
}

}  // namespace
}  // namespace hallmark::signing
