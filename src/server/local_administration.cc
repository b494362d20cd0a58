#include "server/local_administration.h"

#include <future>

#include <unistd.h>

#include "api/admin/admin_router.h"
#include "api/errors.h"
#include "auth/authenticator.h"
#include "identity/sessions.h"
#include "server/bucket_owners.h"
#include "server/signing_watch.h"

namespace hallmark::server {
namespace {

// Nobody comes here with a signature or a token.
class NoWebIdentities final : public identity::WebIdentities {
 public:
  Result<identity::WebIdentity> verify(std::string_view) override {
    return denied("Web identities are not served here.");
  }
};

class NoLastUsed final : public auth::LastUsed {
 public:
  void note(std::string_view, std::string_view, Timestamp) override {}
};

}  // namespace

struct LocalAdministration::Parts {
  explicit Parts(Installation& installation)
      : bucket_owners(installation.objects()),
        authorizer(installation.store(), bucket_owners, installation.home()),
        sessions(installation.token_sealer(), installation.identities(), installation.clock(),
                 installation.random(), installation.home()),
        authenticator(
            {installation.identities(), sessions, web_identities, last_used, installation.clock()},
            {.home = installation.home(),
             .account = installation.account(),
             .services = {"signer"},
             .server_user = ::geteuid()}),
        administration({installation.store(), installation.sealer(), installation.identities(),
                        authorizer, installation.clock(), installation.random()}),
        certificates(installation.store(), installation.keys(), installation.clock(),
                     installation.random(), installation.home()),
        revocations(installation.store(), installation.authority(), installation.clock(),
                    installation.home()),
        intermediates({installation.store(), installation.keys(), installation.authority(),
                       installation.clock(), installation.random()},
                      installation.home()),
        restores(installation.store(), installation.clock(), installation.home()),
        router({authenticator, authorizer, administration, certificates, revocations, intermediates,
                restores, installation.clock(), gate, signing_gate}) {
    SigningWatch(installation, signing_gate).look();
  }

  ObjectBucketOwners bucket_owners;
  const access::Authorizer authorizer;
  identity::Sessions sessions;
  NoWebIdentities web_identities;
  NoLastUsed last_used;
  auth::Authenticator authenticator;
  identity::Administration administration;
  pki::ImportedCertificates certificates;
  pki::CertificateRevocations revocations;
  pki::Intermediates intermediates;
  signing::RestoreAcceptance restores;
  audit::OpenGate gate;               // the copies follow when a server runs
  signing::SigningGate signing_gate;  // as it is at the start of the command
  api::AdminRouter router;
};

LocalAdministration::LocalAdministration(std::unique_ptr<Installation> installation)
    : installation_(std::move(installation)), parts_(std::make_unique<Parts>(*installation_)) {}

// What is queued still uses the parts.
LocalAdministration::~LocalAdministration() { installation_->store().close(); }

http::Response LocalAdministration::ask(std::string_view action, std::string body) {
  const std::string path = "/" + std::string(action);
  http::Request request{
      .method = http::Method::post,
      .target = path,
      .path = path,
      .query = {},
      .headers = {},
      .body = std::move(body),
      .peer = {.address = {}, .secure = true, .user = ::geteuid()},
      .request_id = Uuid::v7(installation_->clock().now(), installation_->random()).text()};
  const std::string request_id = request.request_id;
  std::promise<http::Response> promise;
  auto response = promise.get_future();
  parts_->router.handle(std::move(request), http::Reply([&](Result<http::Response> answer) {
                          promise.set_value(answer
                                                ? *std::move(answer)
                                                : api::render_refusal(answer.error(), request_id));
                        }));
  return response.get();
}

}  // namespace hallmark::server
