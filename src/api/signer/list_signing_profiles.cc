#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"
#include "model/arn.h"

namespace hallmark::api {
namespace {

Result<std::vector<model::ProfileStatus>> read_statuses(const Query& query) {
  std::vector<model::ProfileStatus> statuses;
  for (const std::string& name : query.list("statuses")) {
    const auto status = model::find_profile_status(name);
    if (!status) return invalid("statuses must be among [Active, Canceled, Revoked].");
    statuses.push_back(*status);
  }
  return statuses;
}

Result<signing::ListSigningProfiles> parse(const Incoming& incoming, Services&) {
  const Query& query = incoming.query;
  TRY(auto statuses, read_statuses(query));
  TRY(auto include_canceled, read_boolean(query, "includeCanceled"));
  TRY(auto results_max, read_results_max(query));
  return signing::ListSigningProfiles{.statuses = std::move(statuses),
                                      .include_canceled = include_canceled,
                                      .platform_id = query.get("platformId"),
                                      .results_max = results_max,
                                      .page_token = query.get("nextToken")};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::ListSigningProfiles>& permitted) {
  TRY(auto page, services.profiles.list(permitted));
  const model::Home& home = services.authorizer.home();
  JsonWriter json;
  json.begin_object().name("profiles").begin_array();
  for (const model::Profile& profile : page.profiles) {
    json.begin_object();
    json.member("profileName", profile.name.view());
    json.member("profileVersion", profile.version.view());
    json.member("profileVersionArn",
                model::profile_version_arn(home, profile.account, profile.name, profile.version));
    json.member("arn", model::profile_arn(home, profile.account, profile.name));
    write_signing_material(json, profile.certificate_arn);
    write_validity(json, profile.validity);
    write_platform_names(json, profile.platform_id);
    if (!profile.signing_parameters.empty()) {
      write_map(json, "signingParameters", profile.signing_parameters);
    }
    json.member("status", model::name_of(profile.status));
    write_map(json, "tags", profile.tags);
    json.end_object();
  }
  json.end_array();
  if (!page.next_token.empty()) json.member("nextToken", page.next_token);
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation list_signing_profiles =
    operation<parse, run>(http::Method::get, "/signing-profiles", {.where = Where::pooled});

}  // namespace hallmark::api
