#include "api/router.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

Error pool_is_full() { return unavailable("the work pool is full"); }

Shed shed_of(Room room) {
  switch (room) {
    case Room::enough:
    case Room::pool_full: return Shed::pool_full;
    case Room::share_used: return Shed::account_share;
    case Room::long_wait: return Shed::long_wait;
  }
  return Shed::pool_full;
}

}  // namespace

// A request that may go to its operation.
struct Router::Admitted {
  const Protocol* protocol;
  const Operation* operation;
  Incoming incoming;
};

std::string_view Router::without_base_path(std::string_view path) const {
  if (path.starts_with(options_.base_path) &&
      path.substr(options_.base_path.size()).starts_with('/')) {
    path.remove_prefix(options_.base_path.size());
  }
  return path;
}

const Protocol& Router::guess(const http::Request& request) const {
  for (const Protocol* protocol : protocols_) {
    if (protocol->speaks(request)) return *protocol;
  }
  return *protocols_.back();
}

std::optional<TokenRequest> Router::read_token_request(const http::Request& request) const {
  const Protocol& guessed = guess(request);
  if (guessed.read_token_request == nullptr) return std::nullopt;
  return guessed.read_token_request(guessed, request);
}

// Nothing: it runs at once. Unavailable: there is no room for it, or none for this sharer.
Result<WorkPool*> Router::pool_for(const Operation& operation, std::string_view sharer) const {
  if (operation.traits.where == Where::at_once) return nullptr;
  const bool asks_objects = operation.traits.where == Where::object_pooled;
  WorkPool& pool = asks_objects ? services_.object_pool : services_.pool;
  const Room room = pool.room_for(sharer);
  if (room == Room::enough) return &pool;
  services_.meters.shed_for(shed_of(room)).add();
  return pool_is_full();
}

Result<Router::Admitted> Router::let_in(const Protocol& protocol, access::Caller caller,
                                        Routed routed) const {
  const std::string sharer = sharer_of(caller);
  TRY(services_.throttle.admit(sharer, *routed.operation));
  TRY(WorkPool* const pool, pool_for(*routed.operation, sharer));
  return Admitted{&protocol, routed.operation,
                  Incoming{std::move(caller), std::move(routed.path), std::move(routed.query),
                           std::move(routed.body), pool}};
}

Result<Router::Admitted> Router::admit(const http::Request& request,
                                       std::optional<TokenRequest> token_request) const {
  if (request.headers.count("content-encoding") > 0) {
    return Error{ErrorKind::bad_request, "A Content-Encoding is not accepted.", {}};
  }
  // Before the signature, whose check sorts them: who is not known yet makes us do little.
  TRY(Query::check_count(request.query));
  auth::Authenticator& authenticator = services_.authenticator;
  if (token_request) {
    TRY(auto caller, authenticator.authenticate_web_identity(request, token_request->token));
    TRY(auto routed, std::move(token_request->routed));
    return let_in(guess(request), std::move(caller), std::move(routed));
  }
  TRY(auto authenticated, authenticator.authenticate(request));
  const auto protocol =
      std::ranges::find(protocols_, authenticated.service,
                        [](const Protocol* each) -> std::string_view { return each->service; });
  if (protocol == protocols_.end()) return internal_error("a service without a protocol");
  TRY(auto routed, (*protocol)->read(**protocol, request, without_base_path(request.path)));
  return let_in(**protocol, std::move(authenticated.caller), std::move(routed));
}

void Router::handle(http::Request request, http::Reply reply) const {
  auto token_request = read_token_request(request);
  Asked asked{std::move(request), std::move(reply), std::chrono::steady_clock::now()};
  if (!token_request) return answer(std::move(asked), std::nullopt);
  // To judge a token may take asking its issuer for keys, and who brings one is not known yet: the
  // wait is on threads that nobody else needs, and shared by the networks that they come from.
  const std::string network = network_of(asked.request.peer.address);
  if (auto may = services_.throttle.admit_token_of(network); !may) {
    return refuse(std::move(asked), may.error());
  }
  if (services_.token_pool.room_for(network) != Room::enough) {
    services_.meters.shed_for(Shed::token_pool_full).add();
    return refuse(std::move(asked), pool_is_full());
  }
  services_.token_pool.run(network, [this, asked = std::move(asked),
                                     token_request = std::move(token_request)]() mutable {
    answer(std::move(asked), std::move(token_request));
  });
}

// Names no account: who asks is in the audit, and the line is found there by its request.
void Router::log_request(const Asked& asked, std::string_view operation,
                         std::string_view outcome) const {
  if (!options_.log_requests) return;
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - asked.at;
  log::info("request", {{"request", asked.request.request_id},
                        {"peer", asked.request.peer.address},
                        {"operation", std::string(operation)},
                        {"outcome", std::string(outcome)},
                        {"milliseconds", fmt::format("{:.3f}", took.count())}});
}

// At the front door.
void Router::refuse(Asked asked, const Error& error) const {
  log_request(asked, "-", name_of(error.kind));
  services_.meters.refused_for(error.kind).add();
  refusals_.note(asked.request, error);
  asked.reply(guess(asked.request).render_error(error, nullptr, asked.request.request_id));
}

void Router::answer(Asked asked, std::optional<TokenRequest> token_request) const {
  auto admitted = guarded([&] { return admit(asked.request, std::move(token_request)); });
  if (!admitted) return refuse(std::move(asked), admitted.error());
  asked.request.body.clear();  // parsed; the rest is for the log
  const Protocol& protocol = *admitted->protocol;
  const Operation& operation = *admitted->operation;
  Finish finish = [this, &protocol, &operation,
                   asked = std::move(asked)](Result<std::string> outcome) mutable {
    OperationMeters& meters = services_.meters.of(operation);
    meters.durations.add(std::chrono::steady_clock::now() - asked.at);
    const std::string& id = asked.request.request_id;
    log_request(asked, operation.name, outcome ? "ok" : name_of(outcome.error().kind));
    if (outcome) {
      meters.answered.add();
      return asked.reply(protocol.render_answer(operation, *std::move(outcome), id));
    }
    meters.failed_for(outcome.error().kind).add();
    refusals_.note(asked.request, outcome.error());
    asked.reply(protocol.render_error(outcome.error(), &operation, id));
  };
  WorkPool* const pool = admitted->incoming.pool;
  const std::string sharer = sharer_of(admitted->incoming.caller);
  // A verb that throws drops the reply, which then answers by itself.
  Task<void()> run = [this, &operation, incoming = std::move(admitted->incoming),
                      finish = std::move(finish)]() mutable {
    const auto handled =
        guarded([&] { operation.handle(services_, std::move(incoming), std::move(finish)); });
    if (!handled) log::error("an operation threw", {{"error", describe(handled.error())}});
  };
  if (pool == nullptr) return run();
  pool->run(sharer, std::move(run));
}

}  // namespace hallmark::api
