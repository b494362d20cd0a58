#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"
#include "signing/platforms.h"

namespace hallmark::api {
namespace {

Result<signing::ListSigningPlatforms> parse(const Incoming& incoming, Services&) {
  TRY(auto results_max, read_results_max(incoming.query));
  return signing::ListSigningPlatforms{.category = incoming.query.get("category"),
                                       .partner = incoming.query.get("partner"),
                                       .target = incoming.query.get("target"),
                                       .results_max = results_max,
                                       .page_token = incoming.query.get("nextToken")};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::ListSigningPlatforms>& permitted) {
  TRY(auto page, signing::list_platforms(permitted, services.page_tokens));
  JsonWriter json;
  json.begin_object().name("platforms").begin_array();
  for (const model::Platform* platform : page.platforms) {
    json.begin_object();
    write_platform(json, *platform);
    json.end_object();
  }
  json.end_array();
  if (!page.next_token.empty()) json.member("nextToken", page.next_token);
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation list_signing_platforms =
    operation<parse, run>(http::Method::get, "/signing-platforms");

}  // namespace hallmark::api
