#include "api/fields.h"
#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

Result<signing::TagResource> parse(const Incoming& incoming, Services& services) {
  TRY(auto profile, signing::TaggedProfile::parse(services.authorizer.home(), incoming.path[0]));
  TRY(auto body, incoming.body_object());
  TRY(body.get("tags"));
  TRY(auto tags, read_tags(body));
  return signing::TagResource{.profile = std::move(profile), .tags = std::move(tags)};
}

void run(Services& services, access::Permitted<signing::TagResource> permitted, Finish finish) {
  services.tags.tag(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation tag_resource = operation<parse, run>(
    http::Method::post, "/tags/{resourceArn}", {.errors = ErrorDialect::tags});

}  // namespace hallmark::api
