#include "pki/test_imported.h"

namespace hallmark::pki {
namespace {

using hallmark::test::value_of;

class Listing : public test::ImportedTest {
 protected:
  CertificatePage page(ListCertificates call) {
    return value_of(certificates.list(permit(std::move(call))));
  }
  std::vector<std::string> names(CertificateFilter filter, CreationOrder order = {}) {
    ListCertificates call;
    call.filter = std::move(filter);
    call.order = order;
    call.count = 100;
    std::vector<std::string> found;
    for (const auto& each : page(std::move(call)).certificates) {
      found.push_back(each.facts.domain_name);
    }
    return found;
  }
  using Names = std::vector<std::string>;

  // Certificates of one millisecond have no order.
  std::string imported_next(std::string_view name) {
    made.clock.advance(std::chrono::milliseconds(1));
    return imported(name);
  }

  const std::string signer = imported_next("signer");
  const std::string rsa = imported_next("rsa2048");
  const std::string tls = imported_next("tls");
};

TEST_F(Listing, ShowsAllInTheOrderTheyWereMade) {
  EXPECT_EQ(names({}), (Names{"signer", "rsa2048", "tls"}));
  EXPECT_EQ(names({}, CreationOrder::newest_first), (Names{"tls", "rsa2048", "signer"}));
}

TEST_F(Listing, FiltersByWhatTheCertificateSays) {
  EXPECT_EQ(names({.key_algorithms = {"RSA_2048", "RSA_4096"}}), Names{"rsa2048"});
  EXPECT_EQ(names({.extended_key_usages = {"TLS_WEB_SERVER_AUTHENTICATION"}}), Names{"tls"});
  EXPECT_EQ(names({.key_usages = {"CRL_SIGNING"}}), Names{});
  EXPECT_EQ(names({.imported = false}), Names{});
}

TEST_F(Listing, FiltersByStatus) {
  const std::string briefly = imported("short");
  made.clock.set(facts(briefly).not_after);
  EXPECT_EQ(names({.statuses = {"EXPIRED"}}), Names{"short"});
  EXPECT_EQ(names({.statuses = {"ISSUED"}}), (Names{"signer", "rsa2048", "tls"}));
}

TEST_F(Listing, GoesOnFromPageToPage) {
  const auto first = page({.count = 2});
  ASSERT_EQ(first.certificates.size(), 2u);
  ASSERT_TRUE(first.continue_after);
  const auto second = page({.after = first.continue_after, .count = 2});
  ASSERT_EQ(second.certificates.size(), 1u);
  EXPECT_EQ(second.certificates[0].facts.arn, tls);
  EXPECT_FALSE(second.continue_after);
}

TEST_F(Listing, EndsWithAFullLastPage) { EXPECT_FALSE(page({.count = 3}).continue_after); }

TEST_F(Listing, ShowsWhichAreInUse) {
  add_profile("Firmware", rsa);
  const auto all = page({.count = 10}).certificates;
  EXPECT_FALSE(all[0].in_use);
  EXPECT_TRUE(all[1].in_use);
}

}  // namespace
}  // namespace hallmark::pki
