#include "api/router.h"

#include <algorithm>

#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

Error pool_is_full() { return unavailable("the work pool is full"); }

// Whose requests are counted together. Web identities belong to no account: those of one issuer
// cannot use up what others may.
std::string bucket_of(const access::Caller& caller) {
  const std::string& issuer = caller.request().federated_issuer;
  return issuer.empty() ? caller.principal().account.text() : issuer;
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

Result<Router::Admitted> Router::let_in(const Protocol& protocol, access::Caller caller,
                                        Routed routed) const {
  TRY(services_.throttle.admit(bucket_of(caller), *routed.operation));
  if (routed.operation->traits.where == Where::pooled && !services_.pool.has_room()) {
    services_.meters.shed_for(Shed::pool_full).add();
    return pool_is_full();
  }
  return Admitted{&protocol, routed.operation,
                  Incoming{std::move(caller), std::move(routed.path), std::move(routed.query),
                           std::move(routed.body)}};
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
  // wait is on threads that nobody else needs.
  if (!services_.token_pool.has_room()) {
    services_.meters.shed_for(Shed::token_pool_full).add();
    return refuse(std::move(asked), pool_is_full());
  }
  services_.token_pool.run(
      [this, asked = std::move(asked), token_request = std::move(token_request)]() mutable {
        answer(std::move(asked), std::move(token_request));
      });
}

// At the front door.
void Router::refuse(Asked asked, const Error& error) const {
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
    if (outcome) {
      meters.answered.add();
      return asked.reply(protocol.render_answer(operation, *std::move(outcome), id));
    }
    meters.failed_for(outcome.error().kind).add();
    refusals_.note(asked.request, outcome.error());
    asked.reply(protocol.render_error(outcome.error(), &operation, id));
  };
  // A verb that throws drops the reply, which then answers by itself.
  Task<void()> run = [this, &operation, incoming = std::move(admitted->incoming),
                      finish = std::move(finish)]() mutable {
    const auto handled =
        guarded([&] { operation.handle(services_, std::move(incoming), std::move(finish)); });
    if (!handled) log::error("an operation threw", {{"error", describe(handled.error())}});
  };
  if (operation.traits.where == Where::at_once) return run();
  services_.pool.run(std::move(run));
}

}  // namespace hallmark::api
