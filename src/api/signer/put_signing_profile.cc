#include "api/fields.h"
#include "api/signer/operations.h"
#include "model/arn.h"

namespace hallmark::api {
namespace {

Result<std::optional<model::ValidityPeriod>> read_validity(const JsonObject& body) {
  TRY(auto member, body.find_object("signatureValidityPeriod"));
  if (!member) return std::optional<model::ValidityPeriod>();
  TRY(auto type, member->get_text("type"));
  TRY(auto value, member->find_integer("value"));
  const auto unit = model::find_validity_unit(type);
  if (!unit) return invalid("signatureValidityPeriod.type must be one of [DAYS, MONTHS, YEARS].");
  if (!value) return invalid("signatureValidityPeriod.value is required.");
  if (*value < 1 || *value > 1'000'000) {
    return invalid("signatureValidityPeriod must be at least 1 day and at most 135 months.");
  }
  return std::optional(model::ValidityPeriod{*unit, int(*value)});
}

Result<std::string> read_optional(const JsonObject& object, std::string_view name) {
  TRY(auto value, object.find_text(name));
  return std::string(value.value_or(""));
}

Result<model::PlatformOverrides> read_overrides(const JsonObject& body) {
  model::PlatformOverrides overrides;
  TRY(auto member, body.find_object("overrides"));
  if (!member) return overrides;
  TRY(overrides.image_format, read_optional(*member, "signingImageFormat"));
  TRY(auto configuration, member->find_object("signingConfiguration"));
  if (!configuration) return overrides;
  TRY(overrides.encryption_algorithm, read_optional(*configuration, "encryptionAlgorithm"));
  TRY(overrides.hash_algorithm, read_optional(*configuration, "hashAlgorithm"));
  return overrides;
}

Result<std::string> read_certificate_arn(const JsonObject& body) {
  TRY(auto material, body.find_object("signingMaterial"));
  if (!material) return std::string();
  TRY(auto arn, material->get_text("certificateArn"));
  const auto parsed = model::Arn::parse(arn);
  if (!parsed) return invalid("signingMaterial.certificateArn: " + parsed.error().message);
  return parsed->text();
}

Result<signing::PutSigningProfile> parse(const Incoming& incoming, Services&) {
  TRY(auto name, model::ProfileName::parse(incoming.path[0]));
  TRY(auto body, incoming.body_object());
  TRY(auto platform_id, body.get_text("platformId"));
  TRY(auto validity, read_validity(body));
  TRY(auto certificate_arn, read_certificate_arn(body));
  TRY(auto overrides, read_overrides(body));
  TRY(auto signing_parameters, read_string_map(body, "signingParameters"));
  TRY(auto tags, read_tags(body));
  return signing::PutSigningProfile{.name = std::move(name),
                                    .platform_id = std::string(platform_id),
                                    .validity = validity,
                                    .certificate_arn = std::move(certificate_arn),
                                    .overrides = std::move(overrides),
                                    .signing_parameters = std::move(signing_parameters),
                                    .tags = std::move(tags)};
}

void run(Services& services, access::Permitted<signing::PutSigningProfile> permitted,
         Finish finish) {
  const model::Home& home = services.authorizer.home();
  services.profiles.put(std::move(permitted), [&home, finish = std::move(finish)](
                                                  Result<model::Profile> put) mutable {
    if (!put) return finish(std::move(put.error()));
    JsonWriter json;
    json.begin_object();
    json.member("arn", model::profile_arn(home, put->account, put->name));
    json.member("profileVersion", put->version.view());
    json.member("profileVersionArn",
                model::profile_version_arn(home, put->account, put->name, put->version));
    json.end_object();
    finish(json.take());
  });
}

}  // namespace

constinit const Operation put_signing_profile =
    operation<parse, run>(http::Method::put, "/signing-profiles/{profileName}");

}  // namespace hallmark::api
