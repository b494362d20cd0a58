#include "store/certificate_revocation.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

class CertificateRevocations : public EachEngine {
 protected:
  Result<void> revoke(std::string tbs, std::string reason) {
    return write([&](Transaction& tx) {
      return insert_certificate_revocation(tx, {std::move(tbs), std::move(reason), start, "arn"});
    });
  }
  std::optional<CertificateRevocation> find(std::string_view tbs) {
    return *read([&](Reader& rows) { return find_certificate_revocation(rows, tbs); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, CertificateRevocations, testing::ValuesIn(engines()),
                         engine_name);

TEST_P(CertificateRevocations, AreFoundAsTheyWereInserted) {
  EXPECT_FALSE(find("ab"));
  ASSERT_TRUE(revoke("ab", "UNSPECIFIED"));
  const auto found = find("ab");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->tbs_sha384, "ab");
  EXPECT_EQ(found->reason, "UNSPECIFIED");
  EXPECT_EQ(found->revoked_at, start);
  EXPECT_EQ(found->revoked_by, "arn");
  EXPECT_FALSE(find("AB"));
}

TEST_P(CertificateRevocations, HappenOnce) {
  ASSERT_TRUE(revoke("ab", "UNSPECIFIED"));
  EXPECT_EQ(revoke("ab", "KEY_COMPROMISE").error().kind, ErrorKind::conflict);
  EXPECT_EQ(find("ab")->reason, "UNSPECIFIED");
}

}  // namespace
}  // namespace hallmark::store
