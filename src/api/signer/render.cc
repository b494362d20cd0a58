#include "api/signer/render.h"

namespace hallmark::api {
namespace {

void write_options(JsonWriter& json, std::string_view name,
                   std::span<const std::string_view> values) {
  json.name(name).begin_object().name("allowedValues").begin_array();
  for (const std::string_view value : values) json.text(value);
  json.end_array();
  if (!values.empty()) json.member("defaultValue", values.front());
  json.end_object();
}

}  // namespace

void write_time(JsonWriter& json, std::string_view name, Timestamp time) {
  json.member(name, unix_seconds(time));
}

void write_map(JsonWriter& json, std::string_view name, const model::StringMap& map) {
  json.name(name).begin_object();
  for (const auto& [key, value] : map) json.member(key, value);
  json.end_object();
}

void write_signing_material(JsonWriter& json, const std::string& certificate_arn) {
  json.name("signingMaterial").begin_object();
  if (!certificate_arn.empty()) json.member("certificateArn", certificate_arn);
  json.end_object();
}

void write_overrides(JsonWriter& json, const model::PlatformOverrides& overrides) {
  if (overrides == model::PlatformOverrides{}) return;
  json.name("overrides").begin_object();
  if (!overrides.encryption_algorithm.empty() || !overrides.hash_algorithm.empty()) {
    json.name("signingConfiguration").begin_object();
    if (!overrides.encryption_algorithm.empty()) {
      json.member("encryptionAlgorithm", overrides.encryption_algorithm);
    }
    if (!overrides.hash_algorithm.empty()) json.member("hashAlgorithm", overrides.hash_algorithm);
    json.end_object();
  }
  if (!overrides.image_format.empty()) json.member("signingImageFormat", overrides.image_format);
  json.end_object();
}

void write_validity(JsonWriter& json, const model::ValidityPeriod& validity) {
  json.name("signatureValidityPeriod").begin_object();
  json.member("type", model::name_of(validity.unit)).member("value", validity.value);
  json.end_object();
}

void write_platform(JsonWriter& json, const model::Platform& platform) {
  json.member("platformId", platform.id).member("displayName", platform.display_name);
  json.member("partner", platform.partner).member("target", platform.target);
  json.member("category", platform.category);
  json.name("signingConfiguration").begin_object();
  write_options(json, "encryptionAlgorithmOptions", platform.encryption_algorithms);
  write_options(json, "hashAlgorithmOptions", platform.hash_algorithms);
  json.end_object();
  json.name("signingImageFormat").begin_object().name("supportedFormats").begin_array();
  for (const std::string_view format : platform.image_formats) json.text(format);
  json.end_array();
  if (!platform.image_formats.empty()) json.member("defaultFormat", platform.image_formats.front());
  json.end_object();
  json.member("maxSizeInMB", platform.size_mib_max);
  json.member("revocationSupported", platform.revocation_supported);
}

void write_platform_names(JsonWriter& json, const std::string& platform_id) {
  json.member("platformId", platform_id);
  if (const model::Platform* platform = model::find_platform(platform_id)) {
    json.member("platformDisplayName", platform->display_name);
  }
}

void write_objects(JsonWriter& json, const model::Job& job) {
  if (job.source) {
    json.name("source").begin_object().name("s3").begin_object();
    json.member("bucketName", job.source->bucket).member("key", job.source->key);
    json.member("version", job.source->version).end_object().end_object();
  }
  if (job.source && job.status == model::JobStatus::succeeded) {
    json.name("signedObject").begin_object().name("s3").begin_object();
    json.member("bucketName", job.destination_bucket).member("key", job.destination_key);
    json.end_object().end_object();
  }
}

Then<std::string> answer_revision(Finish finish) {
  return [finish = std::move(finish)](Result<std::string> revision) mutable {
    if (!revision) return finish(std::move(revision.error()));
    JsonWriter json;
    json.begin_object().member("revisionId", *revision).end_object();
    finish(json.take());
  };
}

}  // namespace hallmark::api
