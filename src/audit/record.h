// Audit records: CloudTrail-shaped JSON, made from the Permitted that let the call through, and
// appended in the transaction of the change itself. The store links them into a chain.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/authorizer.h"
#include "base/json.h"
#include "base/uuid.h"
#include "store/audit.h"

namespace hallmark::audit {

// Named results of a call or facts of an event, in order: the record's responseElements.
using Elements = std::vector<std::pair<std::string_view, std::string>>;

enum class Effect { change, none };

namespace internal {
struct Done {
  std::string_view action;
  std::string parameters_json;
  const Elements& response;
  const model::AccountId& recipient;  // whose resources it concerns
  Effect effect;
};
store::AuditRecord make_record(const access::Caller& caller, const model::Home& home,
                               const Done& done);

template <access::Call C>
store::AuditRecord record_of(const access::Permitted<C>& permitted, const model::Home& home,
                             const Elements& response, Effect effect) {
  JsonWriter parameters;
  parameters.begin_object();
  permitted.call().describe(parameters);
  parameters.end_object();
  const access::Caller& caller = permitted.caller();
  const model::AccountId* recipient = &caller.principal().account;
  if constexpr (requires { permitted.call().recipient_account(); }) {
    recipient = &permitted.call().recipient_account();
  }
  return make_record(caller, home, {C::action, parameters.take(), response, *recipient, effect});
}
}  // namespace internal

// The record of a call that is about to be committed. It concerns the caller's account, unless the
// Call has a recipient_account() (that of a caller who belongs to none).
template <access::Call C>
store::AuditRecord record(const access::Permitted<C>& permitted, const model::Home& home,
                          const Elements& response) {
  return internal::record_of(permitted, home, response, Effect::change);
}
// The record of a call that only looked.
template <access::Call C>
store::AuditRecord record_read(const access::Permitted<C>& permitted, const model::Home& home) {
  return internal::record_of(permitted, home, {}, Effect::none);
}

// The record of something that the service did by itself (a job signed, a certificate issued). It
// concerns the account that an element `jobOwner` or `accountId` names; else none.
store::AuditRecord record_event(std::string_view name, Timestamp time, const model::Home& home,
                                const Elements& elements);

// Reads the whole chain and recomputes every record's hash and link. Corrupt, naming the first
// record that is not what was written.
Result<void> check_records(store::Store& store);

// The link of the chain: SHA-256(previous ‖ record).
store::Hash link(const store::Hash& previous, const store::Hash& record);

}  // namespace hallmark::audit
