#include "api/fields.h"
#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

Result<signing::RevokeSignature> parse(const Incoming& incoming, Services&) {
  TRY(auto id, read_job_id(incoming.path[0]));
  TRY(auto body, incoming.body_object());
  TRY(auto owner_text, body.find_text("jobOwner"));
  TRY(auto owner, read_account(owner_text.value_or(""), "jobOwner"));
  TRY(auto reason, read_revocation_reason(body));
  return signing::RevokeSignature{.id = id, .owner = std::move(owner), .reason = std::move(reason)};
}

void run(Services& services, access::Permitted<signing::RevokeSignature> permitted, Finish finish) {
  services.jobs.revoke_signature(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation revoke_signature =
    operation<parse, run>(http::Method::put, "/signing-jobs/{jobId}/revoke");

}  // namespace hallmark::api
