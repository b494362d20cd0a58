#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"
#include "model/arn.h"

namespace hallmark::api {
namespace {

Result<signing::GetSigningProfile> parse(const Incoming& incoming, Services&) {
  TRY(auto name, model::ProfileName::parse(incoming.path[0]));
  TRY(auto owner, read_account(incoming.query.get("profileOwner"), "profileOwner"));
  return signing::GetSigningProfile{.name = std::move(name), .owner = std::move(owner)};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::GetSigningProfile>& permitted) {
  TRY(auto profile, services.profiles.get(permitted));
  const model::Home& home = services.authorizer.home();
  JsonWriter json;
  json.begin_object();
  json.member("profileName", profile.name.view());
  json.member("profileVersion", profile.version.view());
  json.member("profileVersionArn",
              model::profile_version_arn(home, profile.account, profile.name, profile.version));
  json.member("arn", model::profile_arn(home, profile.account, profile.name));
  write_platform_names(json, profile.platform_id);
  write_validity(json, profile.validity);
  if (!profile.certificate_arn.empty()) write_signing_material(json, profile.certificate_arn);
  write_overrides(json, profile.overrides);
  if (!profile.signing_parameters.empty()) {
    write_map(json, "signingParameters", profile.signing_parameters);
  }
  json.member("status", model::name_of(profile.status));
  if (!profile.status_reason.empty()) json.member("statusReason", profile.status_reason);
  if (profile.revocation) {
    json.name("revocationRecord").begin_object();
    write_time(json, "revocationEffectiveFrom", profile.revocation->effective_from);
    write_time(json, "revokedAt", profile.revocation->revoked_at);
    json.member("revokedBy", profile.revocation->revoked_by).end_object();
  }
  write_map(json, "tags", profile.tags);
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation get_signing_profile =
    operation<parse, run>(http::Method::get, "/signing-profiles/{profileName}");

}  // namespace hallmark::api
