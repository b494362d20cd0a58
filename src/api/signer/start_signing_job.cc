#include "api/fields.h"
#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

constexpr std::size_t request_token_bytes_max = 1024;
constexpr std::size_t prefix_bytes_max = 900;  // with the job id, within S3's 1,024 bytes of a key

Result<model::SourceObject> read_source(const JsonObject& body) {
  TRY(auto source, body.get_object("source"));
  TRY(auto s3, source.get_object("s3"));
  TRY(auto bucket_text, s3.get_text("bucketName"));
  TRY(auto key_text, s3.get_text("key"));
  TRY(auto version_text, s3.get_text("version"));
  if (version_text.empty()) {
    return invalid("StartSigningJobRequest:source:version should not be empty",
                   "InvalidJobParameters");
  }
  TRY(auto bucket, model::BucketName::parse(bucket_text));
  TRY(auto key, model::ObjectKey::parse(key_text));
  TRY(auto version, model::ObjectVersion::parse(version_text));
  return model::SourceObject{bucket.text(), key.text(), version.text()};
}

Result<std::string> read_prefix(const JsonObject& s3) {
  TRY(auto prefix, s3.find_text("prefix"));
  if (!prefix || prefix->empty()) return std::string();
  TRY(auto key, model::ObjectKey::parse(*prefix));
  if (prefix->size() > prefix_bytes_max) {
    return invalid("destination.s3.prefix must have at most 900 bytes.");
  }
  return key.text();
}

Result<std::string> read_request_token(const JsonObject& body) {
  TRY(auto token, body.get_text("clientRequestToken"));
  if (token.empty() || token.size() > request_token_bytes_max) {
    return invalid("clientRequestToken must have 1 to 1024 bytes.");
  }
  return std::string(token);
}

Result<signing::StartSigningJob> parse(const Incoming& incoming, Services& services) {
  TRY(auto body, incoming.body_object());
  TRY(auto source, read_source(body));
  TRY(auto destination, body.get_object("destination"));
  TRY(auto s3, destination.get_object("s3"));
  TRY(auto bucket_text, s3.get_text("bucketName"));
  TRY(auto bucket, model::BucketName::parse(bucket_text));
  TRY(auto prefix, read_prefix(s3));
  TRY(auto name_text, body.get_text("profileName"));
  TRY(auto name, model::ProfileName::parse(name_text));
  TRY(auto owner_text, body.find_text("profileOwner"));
  TRY(auto owner, read_account(owner_text.value_or(""), "profileOwner"));
  TRY(auto token, read_request_token(body));
  return signing::StartSigningJob{.id = Uuid::v7(services.clock.now(), services.random),
                                  .profile_name = std::move(name),
                                  .profile_owner = std::move(owner),
                                  .source = std::move(source),
                                  .destination_bucket = bucket.text(),
                                  .destination_prefix = std::move(prefix),
                                  .request_token = std::move(token)};
}

void run(Services& services, access::Permitted<signing::StartSigningJob> permitted, Finish finish) {
  services.jobs.start(std::move(permitted),
                      [finish = std::move(finish)](Result<signing::StartedJob> job) mutable {
                        if (!job) return finish(std::move(job.error()));
                        JsonWriter json;
                        json.begin_object().member("jobId", job->id.text());
                        json.member("jobOwner", job->owner.view()).end_object();
                        finish(json.take());
                      });
}

}  // namespace

constinit const Operation start_signing_job =
    operation<parse, run>(http::Method::post, "/signing-jobs", {.where = Where::object_pooled});

}  // namespace hallmark::api
