// A change that is audited in its own transaction, and done once however often the same signed
// request comes.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "access/authorizer.h"
#include "audit/outcome.h"
#include "audit/record.h"
#include "base/task.h"
#include "store/answered_requests.h"
#include "store/store.h"

namespace hallmark::audit {

// What a change did: its answer, one text, and what its audit record tells of it.
struct Changed {
  std::string answer;
  Elements response;
};

// A Call whose signed request is done once, and whose refusal is remembered wherever it is refused
// (audit/refusals.h): it says `static constexpr bool is_done_once = true;`.
template <class C>
concept DoneOnce = access::Call<C> && C::is_done_once;

// Remembers how a signed request ended, unless that was done before.
inline Result<void> remember_outcome(store::Transaction& tx, const access::RequestFacts& request,
                                     const Result<std::string>& outcome) {
  TRY(const auto earlier, store::find_answer(tx, request.signature));
  if (earlier) return {};
  return store::insert_answered_request(
      tx, {request.signature, request.time, text_of_outcome(outcome)});
}

// Runs `work`, Result<Changed>(store::Transaction&, const access::Permitted<C>&), on the writer;
// `then` gets its answer once that is durable. A repeat of a signed request gets what the first one
// got, its refusal too, and `work` does not run: what was captured while it was refused must not
// pass when that has changed.
template <DoneOnce C, class Work>
void change_once(store::Store& store, const model::Home& home, access::Permitted<C> permitted,
                 Work work, Then<std::string> then) {
  auto shared = std::make_shared<const access::Permitted<C>>(std::move(permitted));
  store.write(
      [shared, home, work = std::move(work)](store::Transaction& tx) -> Result<std::string> {
        const access::RequestFacts& request = shared->caller().request();
        const bool is_signed = !request.signature.empty();
        if (is_signed) {
          TRY(auto earlier, store::find_answer(tx, request.signature));
          if (earlier) return outcome_of(*earlier);
        }
        TRY(Changed changed, work(tx, *shared));
        TRY(store::append_audit(tx, record(*shared, home, changed.response)));
        if (is_signed) TRY(remember_outcome(tx, request, changed.answer));
        return std::move(changed.answer);
      },
      [&store, shared, then = std::move(then)](Result<std::string> outcome) mutable {
        const bool is_signed = !shared->caller().request().signature.empty();
        if (outcome || !is_signed || !is_final(outcome.error())) return then(std::move(outcome));
        // The refused unit is rolled back, so its end is remembered in one of its own.
        store.write(
            [shared, outcome](store::Transaction& tx) {
              return remember_outcome(tx, shared->caller().request(), outcome);
            },
            [outcome, then = std::move(then)](Result<void> remembered) mutable {
              if (!remembered) return then(std::move(remembered.error()));
              then(std::move(outcome));
            });
      });
}

}  // namespace hallmark::audit
