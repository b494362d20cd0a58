// How every verb of Administration writes and looks. Private to identity.
#pragma once

#include <memory>
#include <utility>

#include "audit/record.h"
#include "base/log.h"
#include "identity/administration.h"

namespace hallmark::identity {

// Runs `work`, Result<audit::Elements>(store::Transaction&, const C&), with the audit record, which
// tells the elements, in one transaction. `then` runs when that is durable and nothing that was
// held in memory before is answered any more.
template <access::Call C, class Work>
void change(const Administration::Parts& parts, access::Permitted<C> permitted, Work work,
            Then<void> then) {
  auto shared = std::make_shared<const access::Permitted<C>>(std::move(permitted));
  parts.store.write(store::Work([shared, home = parts.authorizer.home(),
                                 work = std::move(work)](store::Transaction& tx) -> Result<void> {
                      TRY(const audit::Elements elements, work(tx, shared->call()));
                      return store::append_audit(tx, audit::record(*shared, home, elements));
                    }),
                    store::Done([&directory = parts.directory,
                                 then = std::move(then)](Result<void> outcome) mutable {
                      directory.forget();
                      then(std::move(outcome));
                    }));
}

// Answers `value` when what went before is done.
template <class T>
Then<void> answering(T value, Then<T> then) {
  return [value = std::move(value), then = std::move(then)](Result<void> outcome) mutable {
    if (!outcome) return then(std::move(outcome.error()));
    then(std::move(value));
  };
}

// Runs `looking`, Result<T>(store::Reader&, const C&). Nobody waits for the audit record.
template <access::Call C, class Look>
auto look(const Administration::Parts& parts, const access::Permitted<C>& permitted, Look looking) {
  auto found =
      parts.store.read([&](store::Reader& rows) { return looking(rows, permitted.call()); });
  parts.store.write(
      store::Work([record = audit::record(permitted, parts.authorizer.home(), {})](
                      store::Transaction& tx) { return store::append_audit(tx, record); }),
      store::Done([](Result<void> outcome) {
        if (!outcome) log::error("a look was not audited", {{"error", describe(outcome.error())}});
      }));
  return found;
}

// An error that has a name of IAM's.
inline Error refused(ErrorKind kind, std::string message, std::string_view reason) {
  return {kind, std::move(message), {}, reason};
}

// Not found (NoSuchEntity) without it.
Result<store::PrincipalRow> get_principal(store::Reader& rows, const Target& target);

}  // namespace hallmark::identity
