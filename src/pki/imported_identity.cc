#include <fmt/format.h>

#include "crypto/private_key.h"
#include "pki/imported_certificates.h"
#include "store/certificate_revocation.h"

namespace hallmark::pki {
namespace {

Error no_certificate(std::string_view arn) {
  return not_found(fmt::format("The certificate {} does not exist.", arn));
}

struct Stored {
  crypto::CertificateChain chain;
  Bytes sealed_key;
  bool revoked = false;
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
    TRY(auto chain, crypto::certificates_from_pem(row->chain));
    TRY(const auto revocation,
        store::find_certificate_revocation(rows, crypto::tbs_sha384_hex(chain.front())));
    return Stored{std::move(chain), *std::move(key), revocation.has_value()};
  }));
  const crypto::CertificateChain& chain = stored.chain;
  if (stored.revoked) return invalid(fmt::format("The certificate {} is revoked.", arn));
  if (clock_.now() >= chain.front().not_after) {
    return invalid(fmt::format("The certificate {} has expired.", arn));
  }
  TRY(auto signer, keys_.open(stored.sealed_key, keys::Purpose::imported_certificate, arn));
  if (!crypto::check_certificate_key(chain.front(), *signer)) {
    return corrupt("the key of an imported certificate is another's");
  }
  return std::make_shared<const SigningIdentity>(SigningIdentity{std::move(signer), chain});
}

}  // namespace hallmark::pki
