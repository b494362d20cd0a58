// The certificates that were issued or imported here, and the end of the trust in one of them. For
// administrators: their calls come through the admin socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "crypto/x509.h"
#include "model/arn.h"
#include "pki/authority.h"
#include "pki/imported_calls.h"
#include "store/certificate_revocation.h"
#include "store/store.h"

namespace hallmark::pki {

// Exactly one of the three says which certificate is meant.
struct RevokeCertificate {
  static constexpr std::string_view action = "acm:RevokeCertificate";
  static constexpr bool restricts = true;

  std::optional<NamedCertificate> imported = {};
  std::string serial = {};       // upper-case hex without leading zero bytes
  std::string certificate = {};  // PEM
  std::string reason = {};       // one of revocation_reasons

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct RevokedCertificate {
  std::string arn;  // of an imported one; else empty
  crypto::Certificate certificate;
  store::CertificateRevocation revocation;  // the first, however often it is asked for
};

// In the words of the Certificate Manager; those that could be taken back are not among them.
bool is_revocation_reason(std::string_view reason);
std::string all_revocation_reasons();  // "UNSPECIFIED, KEY_COMPROMISE, …"

// The intermediates, and the leaves of an account.
struct ListIssuedCertificates {
  static constexpr std::string_view action = "acm:ListIssuedCertificates";

  model::AccountId account;
  std::optional<Uuid> after = {};  // the last of the page before; nothing: from the first
  std::size_t count = 0;           // of leaves

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct IssuedCertificate {
  Uuid id;
  std::string profile_name;  // empty of an intermediate
  crypto::Certificate certificate;
  std::optional<store::CertificateRevocation> revocation;
};
struct IssuedCertificatePage {
  std::vector<IssuedCertificate> certificates;  // intermediates, on the first page, come first
  std::optional<Uuid> continue_after;           // nothing: the end
};

// Safe to call from any thread. What the constructor takes outlives the object.
class CertificateRevocations {
 public:
  CertificateRevocations(store::Store& store, Authority& authority, const Clock& clock,
                         model::Home home)
      : store_(store), authority_(authority), clock_(clock), home_(std::move(home)) {}

  // Durable and audited before `then` runs, and in effect for every request that begins then:
  // GetRevocationStatus names the certificate, and nothing more is signed with it. There is no way
  // back, and a repeat changes nothing. One that is named by its PEM need not be kept here. Not
  // found: no certificate here has this serial number or this ARN.
  // Invalid: it is a root, which verifiers trust by itself; a serial number that several have.
  void revoke(access::Permitted<RevokeCertificate> permitted, Then<RevokedCertificate> then);

  Result<IssuedCertificatePage> list_issued(
      const access::Permitted<ListIssuedCertificates>& permitted);

 private:
  store::Store& store_;
  Authority& authority_;
  const Clock& clock_;
  const model::Home home_;
};

}  // namespace hallmark::pki
