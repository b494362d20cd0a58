// That keys which nobody uses any more leave their token.

#include "keys/custody.h"
#include "keys/test_token.h"
#include "pki/retired_keys.h"
#include "pki/test_imported.h"

namespace hallmark::pki {
namespace {

using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::material;

class DiscardedKeys : public test::ImportedTest {
 protected:
  void SetUp() override {
    if (!token_.usable()) GTEST_SKIP() << "there is no SoftHSM";
    std::vector<Secret> sealing;
    sealing.emplace_back(32);
    sealer_ = std::make_unique<keys::Sealer>(sealing, made.random);
    custody_ = std::make_unique<keys::Custody>(value_of(keys::Custody::create({token_.uri(), {}})));
    keys_ = custody_->provider(*sealer_);
    in_token_ =
        std::make_unique<ImportedCertificates>(*made.store, *keys_, made.clock, made.random, home);
    tested = in_token_.get();
  }
  // How many private keys the token has once what is unused is gone.
  std::size_t keys_left() {
    // What was queued before is written by then.
    expect_done(made.store->write([](store::Transaction&) -> Result<void> { return {}; }));
    expect_done(destroy_discarded_keys(*made.store, *keys_));
    const std::string listed = token_.pkcs11_tool("--list-objects --type privkey").output;
    std::size_t count = 0;
    for (std::size_t at = 0; (at = listed.find("Private Key Object", at)) != listed.npos; ++at) {
      ++count;
    }
    return count;
  }

  keys::test::TestToken token_;
  std::unique_ptr<keys::Sealer> sealer_;
  std::unique_ptr<keys::Custody> custody_;
  std::unique_ptr<keys::KeyProvider> keys_;
  std::unique_ptr<ImportedCertificates> in_token_;
};

TEST_F(DiscardedKeys, OfADeletedCertificateAreDestroyed) {
  const std::string arn = value_of(import(material()));
  EXPECT_EQ(keys_left(), 1u);
  value_of(run(&ImportedCertificates::delete_certificate, DeleteCertificate{named(arn)}));
  EXPECT_EQ(keys_left(), 0u);
}

TEST_F(DiscardedKeys, OfAReplacedCertificateAreDestroyedAndTheNewOneStays) {
  const std::string arn = value_of(import(material()));
  value_of(replace(arn, material()));
  EXPECT_EQ(keys_left(), 1u);
  EXPECT_TRUE(in_token_->identity_of_certificate(arn));
}

TEST_F(DiscardedKeys, OfARefusedImportAreDestroyed) {
  const std::string arn = value_of(import(material()));
  EXPECT_FALSE(replace(arn, material("tls")));
  EXPECT_EQ(keys_left(), 1u);
  EXPECT_TRUE(in_token_->identity_of_certificate(arn));
}

}  // namespace
}  // namespace hallmark::pki
