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

namespace internal {
store::AuditRecord make_record(const access::Caller& caller, std::string_view action,
                               const model::Home& home, std::string parameters_json,
                               const Elements& response);
}

// The record of a call that is about to be committed.
template <access::Call C>
store::AuditRecord record(const access::Permitted<C>& permitted, const model::Home& home,
                          const Elements& response) {
  JsonWriter parameters;
  parameters.begin_object();
  permitted.call().describe(parameters);
  parameters.end_object();
  return internal::make_record(permitted.caller(), C::action, home, parameters.take(), response);
}

// The record of something that the service did by itself (a job signed, a certificate issued).
store::AuditRecord record_event(std::string_view name, Timestamp time, const model::Home& home,
                                const Elements& elements);

// Reads the whole chain and recomputes every record's hash and link. Corrupt, naming the first
// record that is not what was written.
Result<void> check_records(store::Store& store);

// The link of the chain: SHA-256(previous ‖ record).
store::Hash link(const store::Hash& previous, const store::Hash& record);

}  // namespace hallmark::audit
