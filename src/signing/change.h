// A change that grants, tags or revokes: audited in its own transaction, and done once however
// often the same signed request comes. Private to signing.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "access/authorizer.h"
#include "audit/record.h"
#include "base/task.h"
#include "store/answered_requests.h"
#include "store/profiles.h"
#include "store/store.h"

namespace hallmark::signing {

// What a change did: its answer, one text, and what its audit record tells of it.
struct Changed {
  std::string answer;
  audit::Elements response;
};

// The profile that the call was judged on, as it is in this transaction. Unavailable: it was
// changed since, so that the judgement may not hold. Requires facts.profile.
inline Result<model::Profile> profile_as_judged(store::Transaction& tx,
                                                const access::Facts& facts) {
  TRY(auto profile, store::find_profile(tx, facts.profile->account, facts.profile->name));
  if (profile && profile->revision == facts.profile->revision) return *std::move(profile);
  return unavailable("the profile was changed while the request was judged");
}

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
        TRY(store::append_audit(tx, audit::record(*shared, home, changed.response)));
        if (is_signed) {
          TRY(store::insert_answered_request(tx,
                                             {request.signature, request.time, changed.answer}));
        }
        return std::move(changed.answer);
      },
      std::move(then));
}

}  // namespace hallmark::signing
