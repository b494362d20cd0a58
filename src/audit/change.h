// A change that is audited in its own transaction, and done once however often the same signed
// request comes.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "access/authorizer.h"
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

// Runs `work`, Result<Changed>(store::Transaction&, const access::Permitted<C>&), on the writer;
// `then` gets its answer once that is durable. A repeat of a signed request that was answered gets
// the first answer, and `work` does not run.
template <access::Call C, class Work>
void change_once(store::Store& store, const model::Home& home, access::Permitted<C> permitted,
                 Work work, Then<std::string> then) {
  auto shared = std::make_shared<const access::Permitted<C>>(std::move(permitted));
  store.write(
      [shared, home, work = std::move(work)](store::Transaction& tx) -> Result<std::string> {
        const access::RequestFacts& request = shared->caller().request();
        const bool is_signed = !request.signature.empty();
        if (is_signed) {
          TRY(auto answered, store::find_answer(tx, request.signature));
          if (answered) return *std::move(answered);
        }
        TRY(Changed changed, work(tx, *shared));
        TRY(store::append_audit(tx, record(*shared, home, changed.response)));
        if (is_signed) {
          TRY(store::insert_answered_request(tx,
                                             {request.signature, request.time, changed.answer}));
        }
        return std::move(changed.answer);
      },
      std::move(then));
}

}  // namespace hallmark::audit
