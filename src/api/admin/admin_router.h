// The front door of administrators: authenticate the peer → find the operation → parse → permit →
// run → answer. Behind the admin socket of a running server, and without a socket in a command that
// has the data directory to itself. The network never comes here.
#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "access/authorizer.h"
#include "api/operation.h"
#include "api/refusal_log.h"
#include "audit/gate.h"
#include "auth/authenticator.h"
#include "base/clock.h"
#include "http/message.h"
#include "identity/administration.h"
#include "pki/certificate_revocations.h"
#include "pki/imported_certificates.h"
#include "pki/intermediates.h"
#include "signing/restore_acceptance.h"
#include "signing/signing_gate.h"

namespace hallmark::api {

// What the operations of administrators work with; all of it outlives the router.
struct AdminServices {
  auth::Authenticator& authenticator;
  const access::Authorizer& authorizer;
  identity::Administration& administration;
  pki::ImportedCertificates& certificates;
  pki::CertificateRevocations& revocations;
  pki::Intermediates& intermediates;
  signing::RestoreAcceptance& restores;
  const Clock& clock;
  const audit::Gate& gate;  // of what changes anything, as the next
  const signing::SigningGate& signing_gate;
};

struct AdminOperation {
  std::string_view name;  // "CreateUser": `POST /CreateUser`, and the action's
  void (*handle)(AdminServices& services, Incoming incoming, Finish finish);
};

// Whether it changes nothing: "iam:ListUsers".
constexpr bool is_look(std::string_view action) {
  const std::string_view name = action.substr(action.find(':') + 1);
  return name.starts_with("Get") || name.starts_with("List") || name.starts_with("Simulate");
}

template <class Call>
Result<void> check_change(const AdminServices& services) {
  if (is_look(Call::action)) return {};
  if (!services.gate.is_open()) return audit::gate_closed();
  return services.signing_gate.check_change(change_of<Call>);
}

// The one way through an operation, as `perform` is for the others.
template <auto parse, auto run>
void perform_admin(AdminServices& services, Incoming incoming, Finish finish) {
  auto call = parse(incoming, services);
  if (!call) return finish(std::move(call.error()));
  auto permitted = services.authorizer.permit(std::move(incoming.caller), *std::move(call));
  if (!permitted) return finish(std::move(permitted.error()));
  using Call = std::remove_reference_t<decltype(*call)>;
  using Permit = std::remove_cvref_t<decltype(*permitted)>;
  if (auto may = check_change<Call>(services); !may) return finish(std::move(may.error()));
  if constexpr (std::invocable<decltype(run), AdminServices&, const Permit&>) {
    finish(run(services, *permitted));
  } else {
    run(services, *std::move(permitted), std::move(finish));
  }
}

// Named as the action of its Call is.
template <auto parse, auto run>
consteval AdminOperation admin_operation() {
  using Call =
      typename std::invoke_result_t<decltype(parse), const Incoming&, AdminServices&>::value_type;
  constexpr std::string_view action = Call::action;
  return {action.substr(action.find(':') + 1), perform_admin<parse, run>};
}

// An http::Handler. Safe to call from any thread.
class AdminRouter {
 public:
  explicit AdminRouter(const AdminServices& services) : services_(services) {}

  void handle(http::Request request, http::Reply reply);

 private:
  AdminServices services_;
  RefusalLog refusals_{services_.clock};
};

}  // namespace hallmark::api
