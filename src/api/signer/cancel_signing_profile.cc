#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

Result<signing::CancelSigningProfile> parse(const Incoming& incoming, Services&) {
  TRY(auto name, model::ProfileName::parse(incoming.path[0]));
  return signing::CancelSigningProfile{std::move(name)};
}

void run(Services& services, access::Permitted<signing::CancelSigningProfile> permitted,
         Finish finish) {
  services.profiles.cancel(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation cancel_signing_profile =
    operation<parse, run>(http::Method::del, "/signing-profiles/{profileName}");

}  // namespace hallmark::api
