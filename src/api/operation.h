// An operation is a value: name, method, path, and what handles it. From the table of each
// service's operations (api/signer/operations.cc) come routing, the IAM actions and the tests
// against the service model.
#pragma once

#include <concepts>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "api/errors.h"
#include "api/services.h"
#include "audit/change.h"
#include "base/json.h"
#include "base/task.h"
#include "http/message.h"
#include "signing/judged_again.h"

namespace hallmark::api {

// The parameters of a query string, decoded.
class Query {
 public:
  // Bad request: a broken escape, or a parameter that is repeated and not one of the model's lists.
  static Result<Query> parse(std::string_view raw);

  // The same fault for more than limits::query_parameters_max of them, found by counting alone: for
  // use before anything is known of the caller.
  static Result<void> check_count(std::string_view raw);

  // The value; empty when the parameter is absent or empty, which the API treats alike.
  std::string get(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;
  // Whether the name of a parameter begins so: "Tags.member.".
  bool has_prefix(std::string_view prefix) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

// A request that is authenticated and routed.
struct Incoming {
  access::Caller caller;
  std::vector<std::string> path;  // the decoded values of the {placeholders}, in order
  Query query;
  JsonDocument body;
  WorkPool* pool = nullptr;  // where it goes on when it has to be judged again; the services' own

  Result<JsonObject> body_object() const { return body.root().object(); }
};

// Receives the body of the answer, or the error.
using Finish = Then<std::string>;

// Where an operation runs: at once, on the I/O thread, when it is quick and local; on the pool; or,
// when it asks the object store, which may not answer, on threads that no other operation needs.
enum class Where { at_once, pooled, object_pooled };

struct Traits {
  Where where = Where::at_once;
  ErrorDialect errors = ErrorDialect::plain;
  std::size_t rate_max = 0;  // requests a second by default; 0: the default of all
};

struct Operation {
  std::string_view name;  // "PutSigningProfile": also the IAM action's
  http::Method method;
  std::string_view path;  // "/signing-profiles/{profileName}"
  void (*handle)(Services& services, Incoming incoming, Finish finish);
  Traits traits = {};
};

// How often a request is judged because what it was judged on changed before it was written.
inline constexpr int judgements_max = 5;

// A Call that signs says `static constexpr bool signs = true;`.
template <class C>
concept Signs = C::signs;

// A Call that only takes away what somebody may do, or what is kept, says
// `static constexpr bool restricts = true;`: the last of a disk is for these.
template <class C>
concept Restricts = C::restricts;

template <class C>
inline constexpr signing::Change change_of =
    Restricts<C> ? signing::Change::restricts : signing::Change::grows;

// A request on its way through a verb that completes later.
template <auto parse, auto run>
void perform_later(Services& services, std::shared_ptr<const Incoming> incoming, int judgements,
                   Finish finish) {
  if (!services.gate.is_open()) return finish(audit::gate_closed());
  using Call =
      typename std::invoke_result_t<decltype(parse), const Incoming&, Services&>::value_type;
  if (auto may = services.signing_gate.check_change(change_of<Call>); !may) {
    return finish(std::move(may.error()));
  }
  auto call = parse(*incoming, services);
  if (!call) return finish(std::move(call.error()));
  auto permitted = services.authorizer.permit(incoming->caller, *std::move(call));
  if constexpr (audit::DoneOnce<Call>) {
    if (!permitted) {
      // To remember it would take space, too.
      auto may = services.signing_gate.check_change(signing::Change::grows);
      if (!may) return finish(std::move(may.error()));
      return services.refusals.remember(incoming->caller, std::move(permitted.error()),
                                        std::move(finish));
    }
  }
  if (!permitted) return finish(std::move(permitted.error()));
  if constexpr (Signs<Call>) {
    if (auto may = services.signing_gate.check_signing(); !may) {
      return finish(std::move(may.error()));
    }
  }
  run(services, *std::move(permitted),
      [&services, incoming, judgements,
       finish = std::move(finish)](Result<std::string> outcome) mutable {
        const bool again = !outcome && judgements < judgements_max &&
                           signing::is_to_be_judged_again(outcome.error());
        if (!again) return finish(std::move(outcome));
        WorkPool& pool = incoming->pool != nullptr ? *incoming->pool : services.pool;
        pool.run(sharer_of(incoming->caller),
                 [&services, incoming, judgements, finish = std::move(finish)]() mutable {
                   perform_later<parse, run>(services, std::move(incoming), judgements + 1,
                                             std::move(finish));
                 });
      });
}

// The one way through an operation: parse → permit → run. `parse` is Result<Call>(const Incoming&,
// Services&); `run` takes the Permitted<Call> and either returns Result<std::string>, or takes a
// Finish and completes later.
template <auto parse, auto run>
void perform(Services& services, Incoming incoming, Finish finish) {
  using Call =
      typename std::invoke_result_t<decltype(parse), const Incoming&, Services&>::value_type;
  using Permit = access::Permitted<Call>;
  if constexpr (std::invocable<decltype(run), Services&, const Permit&>) {
    auto call = parse(incoming, services);
    if (!call) return finish(std::move(call.error()));
    auto permitted = services.authorizer.permit(std::move(incoming.caller), *std::move(call));
    if (!permitted) return finish(std::move(permitted.error()));
    finish(run(services, *permitted));
    services.reads.note(*permitted, services.signing_gate.has_space() ? audit::Space::enough
                                                                      : audit::Space::reserved);
  } else {
    perform_later<parse, run>(services, std::make_shared<const Incoming>(std::move(incoming)), 1,
                              std::move(finish));
  }
}

// The operation of a Call, named as its action is, so that the two cannot drift apart.
template <auto parse, auto run>
consteval Operation operation(http::Method method, std::string_view path, Traits traits = {}) {
  using Call =
      typename std::invoke_result_t<decltype(parse), const Incoming&, Services&>::value_type;
  constexpr std::string_view action = Call::action;
  return {action.substr(action.find(':') + 1), method, path, perform<parse, run>, traits};
}

}  // namespace hallmark::api
