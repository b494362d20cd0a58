#include "api/admin/admin_router.h"

#include "api/admin/operations.h"
#include "api/errors.h"
#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

http::Response face_of(const Error& error, std::string_view request_id) {
  return render_error(error, ErrorDialect::plain, request_id);
}

Result<const AdminOperation*> find_operation(const http::Request& request) {
  for (const AdminOperation* operation : admin_operations()) {
    if (request.method == http::Method::post && request.path.starts_with('/') &&
        std::string_view(request.path).substr(1) == operation->name) {
      return operation;
    }
  }
  return Error{ErrorKind::no_such_operation, "There is no such operation.", {}};
}

// A request that may go to its operation.
struct Admitted {
  const AdminOperation* operation;
  Incoming incoming;
};

Result<Admitted> admit(auth::Authenticator& authenticator, const http::Request& request) {
  TRY(auto caller, authenticator.authenticate_peer(request));
  TRY(const auto* operation, find_operation(request));
  TRY(auto body, JsonDocument::parse(request.body));
  return Admitted{operation, Incoming{std::move(caller), {}, {}, std::move(body)}};
}

}  // namespace

void AdminRouter::handle(http::Request request, http::Reply reply) {
  auto admitted = guarded([&] { return admit(services_.authenticator, request); });
  if (!admitted) {
    refusals_.note(request, admitted.error());
    return reply(face_of(admitted.error(), request.request_id));
  }
  request.body.clear();  // parsed; it may hold a secret, and the rest is for the log
  Finish finish = [this, request = std::move(request),
                   reply = std::move(reply)](Result<std::string> outcome) mutable {
    if (outcome) return reply(render_answer(*std::move(outcome), request.request_id));
    refusals_.note(request, outcome.error());
    reply(face_of(outcome.error(), request.request_id));
  };
  // A verb that throws drops the reply, which then answers by itself.
  const auto handled = guarded([&] {
    admitted->operation->handle(services_, std::move(admitted->incoming), std::move(finish));
  });
  if (!handled) log::error("an operation threw", {{"error", describe(handled.error())}});
}

}  // namespace hallmark::api
