#include "events/job_status_change.h"

#include "base/clock.h"
#include "base/json.h"

namespace hallmark::events {

// The detail's names are AWS's own, snake_case beside camelCase (Signer's developer guide,
// monitoring). EventBridge writes whole seconds.
std::string render_event(const store::JobEvent& event, const model::Job& job,
                         const model::Home& home) {
  JsonWriter json;
  json.begin_object();
  json.member("version", "0").member("id", event.id.text());
  json.member("detail-type", "Signer Job Status Change").member("source", "aws.signer");
  json.member("account", event.account.view());
  json.member("time", to_rfc3339(from_unix_seconds(unix_seconds(event.at))));
  json.member("region", home.region);
  json.name("resources").begin_array();
  json.text(model::job_arn(home, job.owner, job.id)).end_array();
  json.name("detail").begin_object();
  if (!job.certificate_arn.empty()) json.member("certificate_arn", job.certificate_arn);
  json.member("job_id", job.id.text());
  json.name("destination").begin_object();
  json.member("bucketName", job.destination_bucket).member("key", job.destination_key);
  json.end_object();
  if (job.source) {
    json.name("source").begin_object();
    json.member("bucketName", job.source->bucket).member("key", job.source->key);
    json.member("version", job.source->version).end_object();
  }
  json.member("platform", job.platform_id);
  json.member("status", model::name_of(event.status));
  json.end_object().end_object();
  return json.take();
}

}  // namespace hallmark::events
