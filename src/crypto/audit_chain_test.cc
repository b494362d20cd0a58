// Leaves of the audit log, which sign no code.
#include <gtest/gtest.h>

#include "base/test_support.h"
#include "crypto/random.h"
#include "crypto/x509.h"

namespace hallmark::crypto {
namespace {

using std::chrono::hours;
using test::expect_done;
using test::value_of;

class AuditChain : public testing::Test {
 protected:
  std::unique_ptr<Signer> make_signer() {
    return value_of(
        software_signer(value_of(generate_private_key(KeyKind::p384, random_)), random_));
  }
  Certificate make(CertificateShape shape, const Signer& key,
                   const std::optional<Certificate>& issuer) {
    return value_of(issue({.shape = shape,
                           .subject = {.common_name = issuer ? "Leaf" : "Root"},
                           .not_before = now_,
                           .not_after = now_ + hours(1),
                           .public_key = key.public_key()},
                          issuer, *root_signer_, random_));
  }

  SystemRandom random_;
  const Timestamp now_ = from_unix_seconds(1'795'338'000);
  const std::unique_ptr<Signer> root_signer_ = make_signer();
  const std::unique_ptr<Signer> leaf_signer_ = make_signer();
  const Certificate root_ = make(CertificateShape::root, *root_signer_, std::nullopt);
  const Certificate leaf_ = make(CertificateShape::audit_leaf, *leaf_signer_, root_);
};

TEST_F(AuditChain, LeadsToItsRootWhileItIsValid) {
  expect_done(verify_audit_chain({leaf_, root_}, {root_}, now_));
  EXPECT_FALSE(verify_audit_chain({leaf_, root_}, {root_}, now_ + hours(2)));
  EXPECT_FALSE(verify_audit_chain({leaf_, root_}, {}, now_));
  EXPECT_FALSE(verify_audit_chain({}, {root_}, now_));
}

TEST_F(AuditChain, SignsNoCode) {
  EXPECT_FALSE(verify_chain({leaf_, root_}, {root_}, now_));
  EXPECT_FALSE(check_signs_code(leaf_));
}

TEST_F(AuditChain, IsNotOneThatSignsCodeNorAnIssuer) {
  const Certificate code = make(CertificateShape::code_signing_leaf, *leaf_signer_, root_);
  EXPECT_FALSE(verify_audit_chain({code, root_}, {root_}, now_));
  EXPECT_FALSE(verify_audit_chain({root_}, {root_}, now_));
}

}  // namespace
}  // namespace hallmark::crypto
