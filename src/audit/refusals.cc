#include "audit/refusals.h"

#include <utility>

#include "audit/change.h"

namespace hallmark::audit {

bool Refusals::may_write(const access::Caller& caller) {
  const std::int64_t second = unix_seconds(caller.request().time);
  const MutexLock lock(mutex_);
  Written& written = written_[caller.principal().account.text()];
  if (written.second != second) written = {second, 0};
  return ++written.count <= refusals_remembered_per_second;
}

void Refusals::remember(const access::Caller& caller, Error refusal, Then<std::string> then) {
  const access::RequestFacts& request = caller.request();
  if (request.signature.empty() || !is_final(refusal)) return then(std::move(refusal));
  if (!may_write(caller)) return then(Error{ErrorKind::throttled, "Rate exceeded", {}});
  store_.write(store::Work([request, refusal](store::Transaction& tx) -> Result<void> {
                 return remember_outcome(tx, request, refusal);
               }),
               store::Done([refusal, then = std::move(then)](Result<void> remembered) mutable {
                 if (!remembered) return then(std::move(remembered.error()));
                 then(std::move(refusal));
               }));
}

}  // namespace hallmark::audit
