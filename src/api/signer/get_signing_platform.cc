#include "api/signer/operations.h"
#include "api/signer/render.h"
#include "signing/platforms.h"

namespace hallmark::api {
namespace {

Result<signing::GetSigningPlatform> parse(const Incoming& incoming, Services&) {
  return signing::GetSigningPlatform{.platform_id = incoming.path[0]};
}

Result<std::string> run(Services&,
                        const access::Permitted<signing::GetSigningPlatform>& permitted) {
  TRY(auto platform, signing::get_platform(permitted));
  JsonWriter json;
  json.begin_object();
  write_platform(json, *platform);
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation get_signing_platform =
    operation<parse, run>(http::Method::get, "/signing-platforms/{platformId}");

}  // namespace hallmark::api
