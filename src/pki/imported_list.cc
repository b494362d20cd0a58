#include <algorithm>
#include <array>

#include "base/limits.h"
#include "pki/imported_certificates.h"

namespace hallmark::pki {
namespace {

// How many rows are held at a time: a chain may be large.
constexpr std::size_t rows_per_read = 50;

// Whether one of `named` is wanted; nothing wanted is everything.
bool has_one(const std::vector<std::string>& wanted, auto&& named) {
  return wanted.empty() || std::ranges::any_of(named, [&](std::string_view name) {
           return std::ranges::find(wanted, name) != wanted.end();
         });
}

bool passes(const CertificateFacts& facts, const CertificateFilter& filter) {
  std::vector<std::string_view> purposes;
  for (const auto& usage : facts.extended_key_usages) purposes.push_back(usage.name);
  return has_one(filter.statuses, std::array{name_of(facts.status)}) &&
         has_one(filter.key_algorithms, std::array{std::string_view(facts.key_algorithm)}) &&
         has_one(filter.key_usages, facts.key_usages) &&
         has_one(filter.extended_key_usages, purposes);
}

store::Order order_of(const ListCertificates& call) {
  return call.order == CreationOrder::newest_first ? store::Order::newest_first
                                                   : store::Order::oldest_first;
}

}  // namespace

Result<CertificatePage> ImportedCertificates::list(
    const access::Permitted<ListCertificates>& permitted) {
  const ListCertificates& call = permitted.call();
  const Timestamp now = clock_.now();
  if (!call.filter.imported) return CertificatePage{};
  return store_.read([&](store::Reader& rows) -> Result<CertificatePage> {
    CertificatePage page;
    store::CertificatePlace place{call.account.value_or(permitted.caller().principal().account),
                                  order_of(call), call.after};
    for (std::size_t examined = 0;;) {
      TRY(const auto found, store::list_imported_certificates(rows, place, rows_per_read));
      for (const store::ImportedCertificate& row : found) {
        if (page.certificates.size() == call.count || examined == limits::list_rows_examined_max) {
          page.continue_after = place.after;
          return page;
        }
        ++examined;
        place.after = row.id;
        TRY(auto facts, facts_of(rows, home_, row, now));
        if (!passes(facts, call.filter)) continue;
        TRY(const auto users, store::list_profiles_of_certificate(rows, facts.arn, 1));
        page.certificates.push_back({std::move(facts), !users.empty()});
      }
      if (found.size() < rows_per_read) return page;
    }
  });
}

}  // namespace hallmark::pki
