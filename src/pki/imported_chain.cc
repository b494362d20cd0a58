#include "pki/imported_chain.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/limits.h"
#include "crypto/certificate_details.h"
#include "crypto/chain_links.h"
#include "pki/imported_facts.h"

namespace hallmark::pki {
namespace {

constexpr std::size_t certificate_bytes_max = 32'768;  // the model's

// What could not be read or does not hold is the caller's: `what` begins the sentence.
Error refusal(std::string_view what, const Error& error) {
  if (error.kind != ErrorKind::corrupt) return error;
  return invalid(fmt::format("{}: {}", what, error.message));
}

Result<crypto::CertificateChain> read_pem(std::string_view what, std::string_view pem) {
  auto read = crypto::certificates_from_pem(pem);
  if (!read) return refusal(fmt::format("The {} is not valid", what), read.error());
  return read;
}

Result<void> check_key(const crypto::CertificateDetails& details) {
  if (details.key_kind) return {};
  return invalid(
      fmt::format("The certificate's key ({}) is not supported: it must be RSA of 2048, "
                  "3072 or 4096 bits, or of the curve prime256v1 or secp384r1.",
                  key_algorithm_of(details)));
}

Result<void> check_time(const crypto::Certificate& certificate, Timestamp now) {
  if (now < certificate.not_before) {
    return invalid(
        fmt::format("The certificate is not valid until {}.", to_rfc3339(certificate.not_before)));
  }
  if (now >= certificate.not_after) {
    return invalid(
        fmt::format("The certificate expired on {}.", to_rfc3339(certificate.not_after)));
  }
  return {};
}

// Whether `more` has all of `usages`, where those are said at all.
template <class T>
bool keeps_all(const std::optional<std::vector<T>>& usages,
               const std::optional<std::vector<T>>& more) {
  if (!usages) return true;
  return more && std::ranges::all_of(*usages, [&](const T& each) {
           return std::ranges::find(*more, each) != more->end();
         });
}

}  // namespace

Result<crypto::CertificateChain> read_given_chain(const GivenCertificates& given, Timestamp now) {
  if (given.certificate.size() > certificate_bytes_max) {
    return invalid(fmt::format("Certificate must have at most {} bytes.", certificate_bytes_max));
  }
  TRY(auto chain, read_pem("certificate", given.certificate));
  if (chain.size() > 1) {
    return invalid(
        "The certificate field contains more than one certificate. You must specify only one "
        "certificate in this field.");
  }
  auto details = crypto::details_of(chain.front());
  if (!details) return refusal("The certificate is not valid", details.error());
  TRY(check_key(*details));
  TRY(check_time(chain.front(), now));
  if (given.chain.empty()) {
    if (!details->is_self_signed) {
      return invalid(
          "Provided certificate is not a valid self signed. Please provide either a valid "
          "self-signed certificate or certificate chain.");
    }
  } else {
    TRY(auto issuers, read_pem("certificate chain", given.chain));
    std::ranges::move(issuers, std::back_inserter(chain));
  }
  if (auto holds = crypto::check_links(chain, now); !holds) {
    return refusal("Could not validate the certificate with the certificate chain", holds.error());
  }
  return chain;
}

Result<void> check_replacement(const crypto::Certificate& replaced,
                               const crypto::Certificate& replacement) {
  TRY(const auto before, crypto::details_of(replaced));
  TRY(const auto after, crypto::details_of(replacement));
  if (key_algorithm_of(before) != key_algorithm_of(after)) {
    return invalid(
        fmt::format("The key of a re-imported certificate must be of the same kind and "
                    "size: {}, not {}.",
                    key_algorithm_of(before), key_algorithm_of(after)));
  }
  if (!keeps_all(before.key_usages, after.key_usages) ||
      !keeps_all(before.extended_key_usages, after.extended_key_usages)) {
    return invalid(
        "A re-imported certificate must keep the key usages and extended key usages of the one "
        "before it.");
  }
  return {};
}

}  // namespace hallmark::pki
