#include "signing/restore_acceptance.h"

#include <memory>
#include <utility>

#include "audit/record.h"
#include "store/head.h"
#include "store/standstill.h"

namespace hallmark::signing {

// For operators; others are allowed by no policy of theirs what concerns the installation.
std::vector<access::Need> AcceptRestore::needs(const access::Principal& caller) const {
  const bool is_operator = caller.type == access::PrincipalType::machine_operator;
  return {{.action = std::string(action),
           .sides = is_operator ? policy::Sides::identity_only : policy::Sides::resource_required}};
}

void AcceptRestore::describe(JsonWriter& json) const { json.member("reason", reason); }

void RestoreAcceptance::accept(access::Permitted<AcceptRestore> permitted, Then<std::string> then) {
  const auto shared =
      std::make_shared<const access::Permitted<AcceptRestore>>(std::move(permitted));
  store_.write(
      [shared, home = home_, now = clock_.now()](store::Transaction& tx) -> Result<std::string> {
        TRY(const auto standing, store::find_standing(tx));
        TRY(store::accept_standstills(tx, {.time = now, .reason = shared->call().reason}));
        const std::string cause = standing.standstill ? standing.standstill->cause : std::string();
        store::show_to_witness(tx);
        TRY(store::append_audit(tx, audit::record(*shared, home, {{"accepted", cause}})));
        return cause;
      },
      std::move(then));
}

}  // namespace hallmark::signing
