#include "pki/intermediate_order.h"

#include "crypto/chain_links.h"
#include "crypto/private_key.h"
#include "pki/certificate_rules.h"

namespace hallmark::pki {
namespace {

constexpr std::string_view end_of_request = "-----END CERTIFICATE REQUEST-----";

// The order comes from a machine that may be in others' hands, and the root's key signs whatever
// is let through here.
Result<void> check_order(const IntermediateOrder& order, const crypto::Signer& root_key,
                         Timestamp now) {
  if (!crypto::check_certificate_key(order.root, root_key)) {
    return invalid("The key is not that of the root certificate in the request.");
  }
  if (auto holds = crypto::check_links({order.root}, now); !holds) {
    return invalid("The root: " + holds.error().message);
  }
  if (crypto::find_key_kind(order.request.public_key) != authority_key_kind) {
    return invalid("The request is not for a P-384 key.");
  }
  if (order.request.public_key == order.root.public_key) {
    return invalid("The request is for the root's own key.");
  }
  return {};
}

}  // namespace

std::string to_pem(const IntermediateOrder& order) {
  return crypto::to_pem(order.request) + crypto::to_pem({order.root});
}

Result<IntermediateOrder> intermediate_order_from_pem(std::string_view pem) {
  const std::size_t end = pem.find(end_of_request);
  if (end == std::string_view::npos) return invalid("The PEM text holds no certification request.");
  const std::size_t split = end + end_of_request.size();
  TRY(auto request, crypto::certification_request_from_pem(pem.substr(0, split)));
  TRY(auto roots, crypto::certificates_from_pem(pem.substr(split)));
  if (roots.size() != 1) return invalid("The request must be followed by one root certificate.");
  return IntermediateOrder{std::move(request), std::move(roots.front())};
}

Result<crypto::Certificate> sign_intermediate(const IntermediateOrder& order,
                                              const crypto::Signer& root_key, Timestamp now,
                                              Random& random) {
  TRY(check_order(order, root_key, now));
  const Period period = period_of_intermediate(now, order.root);
  TRY(auto made, crypto::issue({.shape = crypto::CertificateShape::intermediate,
                                .subject = name_of_intermediate(order.request.common_name),
                                .not_before = period.begin,
                                .not_after = period.end,
                                .public_key = order.request.public_key},
                               order.root, root_key, random));
  if (made.subject_der != order.request.subject_der || made.subject_der == order.root.subject_der) {
    return invalid("The request is for a name that no intermediate has: " + order.request.subject);
  }
  return made;
}

}  // namespace hallmark::pki
