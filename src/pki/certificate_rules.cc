#include "pki/certificate_rules.h"

#include <algorithm>

#include <fmt/format.h>

namespace hallmark::pki {
namespace {

constexpr int root_years = 30;
constexpr int intermediate_years = 5;
constexpr auto leaf_lifetime = std::chrono::days(7);
constexpr auto backdated = std::chrono::hours(1);

Timestamp begin_at(Timestamp now) {
  return std::chrono::floor<std::chrono::seconds>(now - backdated);
}

Period within(Period period, const crypto::Certificate& issuer) {
  return {std::max(period.begin, issuer.not_before), std::min(period.end, issuer.not_after)};
}

}  // namespace

crypto::DistinguishedName name_of_root(const model::Home& home) {
  return {.common_name = fmt::format("Hallmark {} Root CA G1", home.region),
          .organization = "Hallmark",
          .organizational_unit = "Code Signing"};
}

crypto::DistinguishedName name_of_intermediate(const model::Home& home, std::size_t generation) {
  return name_of_intermediate(
      fmt::format("Hallmark {} Code Signing CA G{}", home.region, generation));
}

crypto::DistinguishedName name_of_intermediate(std::string common_name) {
  return {.common_name = std::move(common_name),
          .organization = "Hallmark",
          .organizational_unit = "Code Signing"};
}

// The profile's name has only letters, digits and '_', so nothing in it can disturb a name.
crypto::DistinguishedName name_of_leaf(const model::AccountId& account,
                                       const model::ProfileName& profile) {
  return {.common_name = profile.text(),
          .organization = "Hallmark",
          .organizational_unit = account.text()};
}

audit::Elements facts_of(const crypto::Certificate& certificate) {
  return {{"subject", certificate.subject},
          {"serialNumber", certificate.serial_hex},
          {"notBefore", to_rfc3339(certificate.not_before)},
          {"notAfter", to_rfc3339(certificate.not_after)}};
}

Period period_of_root(Timestamp now) {
  return {begin_at(now), plus_months(begin_at(now), root_years * 12)};
}

Period period_of_intermediate(Timestamp now, const crypto::Certificate& issuer) {
  return within({begin_at(now), plus_months(begin_at(now), intermediate_years * 12)}, issuer);
}

Period period_of_leaf(Timestamp now, const crypto::Certificate& issuer) {
  return within({begin_at(now), begin_at(now) + leaf_lifetime}, issuer);
}

bool is_fresh(const crypto::Certificate& leaf, const crypto::Certificate& issuer, Timestamp now) {
  if (!leaf.is_valid_at(now)) return false;
  const auto lifetime = leaf.not_after - leaf.not_before;
  return now < leaf.not_before + lifetime * 2 / 3 || leaf.not_after == issuer.not_after;
}

}  // namespace hallmark::pki
