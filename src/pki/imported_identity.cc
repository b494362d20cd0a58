#include <fmt/format.h>

#include "crypto/private_key.h"
#include "pki/imported_certificates.h"

namespace hallmark::pki {
namespace {

Error no_certificate(std::string_view arn) {
  return not_found(fmt::format("The certificate {} does not exist.", arn));
}

struct Stored {
  std::string chain;
  Bytes sealed_key;
};

}  // namespace

Result<std::shared_ptr<const SigningIdentity>> ImportedCertificates::identity_of_certificate(
    std::string_view arn) {
  const auto reference = model::find_certificate_reference(home_, arn);
  if (!reference) return no_certificate(arn);
  // In one snapshot: a re-import replaces both.
  TRY(const auto stored, store_.read([&](store::Reader& rows) -> Result<Stored> {
    TRY(auto row, store::find_imported_certificate(rows, reference->account, reference->id));
    TRY(auto key, store::find_imported_key(rows, reference->account, reference->id));
    if (!row || !key) return no_certificate(arn);
    return Stored{std::move(row->chain), *std::move(key)};
  }));
  TRY(auto chain, crypto::certificates_from_pem(stored.chain));
  if (clock_.now() >= chain.front().not_after) {
    return invalid(fmt::format("The certificate {} has expired.", arn));
  }
  TRY(auto signer, keys_.open(stored.sealed_key, keys::Purpose::imported_certificate, arn));
  if (!crypto::check_certificate_key(chain.front(), *signer)) {
    return corrupt("the key of an imported certificate is another's");
  }
  return std::make_shared<const SigningIdentity>(
      SigningIdentity{std::move(signer), std::move(chain)});
}

}  // namespace hallmark::pki
