// The replacement of the intermediate, in three steps: its key is made here and stays, the root's
// key signs wherever it is kept, and the certificate is installed. For administrators: their calls
// come through the admin socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/x509.h"
#include "keys/keys.h"
#include "model/arn.h"
#include "pki/authority.h"
#include "pki/intermediate_order.h"
#include "store/audit.h"
#include "store/certificate_revocation.h"
#include "store/store.h"

namespace hallmark::pki {

struct RequestIntermediate {
  static constexpr std::string_view action = "acm:RequestIntermediate";
  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct InstallIntermediate {
  static constexpr std::string_view action = "acm:InstallIntermediate";
  std::string certificate;  // PEM
  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// All in one, where the root's key is kept (`dev`).
struct RenewIntermediate {
  static constexpr std::string_view action = "acm:RenewIntermediate";
  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListAuthorities {
  static constexpr std::string_view action = "acm:ListAuthorities";
  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

enum class AuthorityState {
  trusted,        // a root
  issuing,        // the intermediate that issues leaves now
  valid,          // another one: what it has issued goes on to be trusted
  requested,      // no certificate yet
  not_yet_valid,  // by this machine's clock
  expired,        // what was signed before stays trusted
  revoked
};
std::string_view name_of(AuthorityState state);  // "ISSUING"

// A root, an intermediate or a request for one.
struct ListedAuthority {
  store::CertificateRole role;
  AuthorityState state;
  std::string subject;
  std::string serial;  // empty of a request
  Timestamp not_before;
  Timestamp not_after;  // of a request: when it was made
  std::optional<store::CertificateRevocation> revocation;
};

// Safe to call from any thread. What the constructor takes outlives the object.
class Intermediates {
 public:
  struct Parts {
    store::Store& store;
    keys::KeyProvider& keys;
    Authority& authority;
    const Clock& clock;
    Random& random;
  };
  Intermediates(const Parts& parts, model::Home home) : parts_(parts), home_(std::move(home)) {}

  // A new key, and the order for its certificate. What was requested before and not installed is
  // forgotten, with its key. Durable and audited when it returns, as all of these.
  Result<IntermediateOrder> request(const access::Permitted<RequestIntermediate>& permitted);

  // The certificate of what was requested. It issues from now on, on every node; what others issued
  // stays valid. Invalid: it is of no request, or not as sign_intermediate makes it, by a root of
  // ours, or not valid now, or not the newest, so that another one would go on issuing.
  Result<crypto::Certificate> install(const access::Permitted<InstallIntermediate>& permitted);

  // Both at once. Invalid: the root's key is not kept here.
  Result<crypto::Certificate> renew(const access::Permitted<RenewIntermediate>& permitted);

  // Roots, intermediates and requests; of each the oldest first.
  Result<std::vector<ListedAuthority>> list(const access::Permitted<ListAuthorities>& permitted);

 private:
  struct Requested {
    IntermediateOrder order;
    store::CertificateRow row;
  };
  Result<Requested> make_request();
  Result<void> keep_request(const store::CertificateRow& row, const store::AuditRecord& record);
  Result<store::CertificateRow> find_request(const crypto::Certificate& certificate);
  Result<store::CertificateRow> checked(const crypto::Certificate& certificate);
  Result<void> put_to_use(const store::CertificateRow& row, const store::AuditRecord& record);

  const Parts parts_;
  const model::Home home_;
};

}  // namespace hallmark::pki
