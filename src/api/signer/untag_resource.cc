#include "api/fields.h"
#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

Result<signing::UntagResource> parse(const Incoming& incoming, Services& services) {
  TRY(auto profile, signing::TaggedProfile::parse(services.authorizer.home(), incoming.path[0]));
  return signing::UntagResource{.profile = std::move(profile),
                                .keys = incoming.query.list("tagKeys")};
}

void run(Services& services, access::Permitted<signing::UntagResource> permitted, Finish finish) {
  services.tags.untag(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation untag_resource =
    operation<parse, run>(http::Method::del, "/tags/{resourceArn}", {.errors = ErrorDialect::tags});

}  // namespace hallmark::api
