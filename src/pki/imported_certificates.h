// Certificates that users bring with keys of their own: the verbs of the companion service `acm`,
// and the identities that jobs sign with. A private key is sealed as soon as it is read, and never
// comes out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "keys/keys.h"
#include "model/arn.h"
#include "pki/authority.h"
#include "pki/imported_calls.h"
#include "pki/imported_facts.h"
#include "store/sealing.h"
#include "store/store.h"

namespace hallmark::pki {

inline constexpr std::size_t certificates_per_account_max = 2'500;  // as ACM

struct DescribedCertificate {
  CertificateFacts facts;
  std::vector<std::string> in_use_by;  // ARNs of active profiles
};

struct CertificatePems {
  std::string certificate;
  std::string chain;  // empty: there is none
};

struct ListedCertificate {
  CertificateFacts facts;
  bool in_use = false;
};
struct CertificatePage {
  std::vector<ListedCertificate> certificates;
  std::optional<Uuid> continue_after;  // nothing: the end
};

// Safe to call from any thread.
class ImportedCertificates {
 public:
  // All outlive the object.
  ImportedCertificates(store::Store& store, keys::KeyProvider& keys, const Clock& clock,
                       Random& random, model::Home home);

  // Each is done once for a signed request; `then` gets the answer when it is durable. Not found:
  // no such certificate. Unavailable: it was changed meanwhile. Errors that the Certificate Manager
  // has names for carry them as their reason. A key that goes out of use is destroyed in its token
  // soon: at the next import, or when the next leaf is issued.
  //
  // The answer is the ARN, that of the one replaced if one is. Invalid: what imported_chain.h and
  // crypto/private_key.h say; a key that is not the certificate's; one that was revoked here; tags
  // on a re-import. Limit exceeded: the account has too many. Takes milliseconds of computing
  // before it returns.
  void import_certificate(access::Permitted<ImportCertificate> permitted, Then<std::string> then);
  // The answers are empty. Invalid: tags that may not be.
  void add_tags(access::Permitted<AddTagsToCertificate> permitted, Then<std::string> then);
  void remove_tags(access::Permitted<RemoveTagsFromCertificate> permitted, Then<std::string> then);
  // With its key. Conflict (ResourceInUseException): an active profile signs with it.
  void delete_certificate(access::Permitted<DeleteCertificate> permitted, Then<std::string> then);

  Result<DescribedCertificate> describe(const access::Permitted<DescribeCertificate>& permitted);
  Result<CertificatePems> get(const access::Permitted<GetCertificate>& permitted);
  Result<model::StringMap> list_tags(const access::Permitted<ListTagsForCertificate>& permitted);
  // Having examined many, it may answer a short page that goes on.
  Result<CertificatePage> list(const access::Permitted<ListCertificates>& permitted);

  // What a job signs with whose profile names this certificate: its key, and its chain as it was
  // imported, with or without a root. Not found: it is not there (any more). Invalid: it
  // expired or is revoked.
  Result<std::shared_ptr<const SigningIdentity>> identity_of_certificate(std::string_view arn);

 private:
  struct Prepared;
  Result<std::shared_ptr<const Prepared>> prepare(
      const access::Permitted<ImportCertificate>& permitted);
  std::optional<store::DiscardedKey> discarded(const std::string& arn);

  store::Store& store_;
  keys::KeyProvider& keys_;
  const Clock& clock_;
  Random& random_;
  const model::Home home_;
};

}  // namespace hallmark::pki
