#include "signing/restore_acceptance.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "audit/record.h"
#include "store/head.h"
#include "store/standstill.h"

namespace hallmark::signing {

namespace {

// For operators; others are allowed by no policy of theirs what concerns the installation.
access::Need operator_need(std::string_view action, const access::Principal& caller) {
  const bool is_operator = caller.type == access::PrincipalType::machine_operator;
  return {.action = std::string(action),
          .sides = is_operator ? policy::Sides::identity_only : policy::Sides::resource_required};
}

std::string causes_of(const std::vector<store::Standstill>& standstills) {
  std::string causes;
  for (const store::Standstill& each : standstills) {
    if (!causes.empty()) causes += ' ';
    causes += each.cause;
  }
  return causes;
}

// What was noticed after the operator has looked is not accepted unseen.
Result<void> check_seen(std::vector<std::int64_t> named,
                        const std::vector<store::Standstill>& open) {
  std::ranges::sort(named);
  if (std::ranges::equal(named, open, {}, {}, &store::Standstill::number)) return {};
  return invalid(
      "These are not the doubts that are there now: look at them again (`hallmark accept-restore` "
      "without --accept shows them).");
}

}  // namespace

std::vector<access::Need> AcceptRestore::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}

void AcceptRestore::describe(JsonWriter& json) const {
  json.name("numbers").begin_array();
  for (const std::int64_t number : numbers) json.integer(number);
  json.end_array().member("reason", reason);
}

std::vector<access::Need> ListStandstills::needs(const access::Principal& caller) const {
  return {operator_need(action, caller)};
}

void ListStandstills::describe(JsonWriter&) const {}

Result<std::vector<store::Standstill>> RestoreAcceptance::list(
    const access::Permitted<ListStandstills>&) {
  return store_.read([](store::Reader& rows) { return store::list_open_standstills(rows); });
}

void RestoreAcceptance::accept(access::Permitted<AcceptRestore> permitted,
                               Then<std::vector<store::Standstill>> then) {
  using Accepted = std::vector<store::Standstill>;
  const auto shared =
      std::make_shared<const access::Permitted<AcceptRestore>>(std::move(permitted));
  store_.write(
      [shared, home = home_, now = clock_.now()](store::Transaction& tx) -> Result<Accepted> {
        const AcceptRestore& call = shared->call();
        TRY(auto accepted, store::list_open_standstills(tx));
        if (!accepted.empty()) TRY(check_seen(call.numbers, accepted));
        // Others may notice more at this moment; the service goes on standing still for it.
        const std::int64_t last = accepted.empty() ? 0 : accepted.back().number;
        TRY(store::accept_standstills(tx, {.last = last, .time = now, .reason = call.reason}));
        store::show_to_witness(tx);
        TRY(store::append_audit(tx,
                                audit::record(*shared, home, {{"accepted", causes_of(accepted)}})));
        return accepted;
      },
      std::move(then));
}

}  // namespace hallmark::signing
