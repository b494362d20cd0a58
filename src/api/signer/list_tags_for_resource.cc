#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"

namespace hallmark::api {
namespace {

Result<signing::ListTagsForResource> parse(const Incoming& incoming, Services& services) {
  TRY(auto profile, signing::TaggedProfile::parse(services.authorizer.home(), incoming.path[0]));
  return signing::ListTagsForResource{.profile = std::move(profile)};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::ListTagsForResource>& permitted) {
  TRY(const auto tags, services.tags.list(permitted));
  JsonWriter json;
  json.begin_object();
  write_map(json, "tags", tags);
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation list_tags_for_resource =
    operation<parse, run>(http::Method::get, "/tags/{resourceArn}", {.errors = ErrorDialect::tags});

}  // namespace hallmark::api
