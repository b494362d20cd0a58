#include "cli/signing_job.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "base/uuid.h"
#include "cli/command.h"
#include "crypto/random.h"

namespace hallmark::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{2000};

std::string request_of(const SigningJob& job) {
  crypto::SystemRandom random;
  JsonWriter json;
  json.begin_object().member("profileName", job.profile);
  if (!job.owner.empty()) json.member("profileOwner", job.owner);
  json.name("source").begin_object().name("s3").begin_object();
  json.member("bucketName", job.source.bucket).member("key", job.source.key);
  json.member("version", job.source.version).end_object().end_object();
  json.name("destination").begin_object().name("s3").begin_object();
  json.member("bucketName", job.destination_bucket);
  if (!job.destination_prefix.empty()) json.member("prefix", job.destination_prefix);
  json.end_object().end_object();
  json.member("clientRequestToken", Uuid::v7(SystemClock().now(), random).text()).end_object();
  return json.take();
}

bool may_pass(const Error& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::too_slow;
}

Error with_open_end(Error error) {
  error.reason = job_may_go_on;
  return error;
}

Result<std::string> start(const ApiClient& client, const SigningJob& job) {
  const auto answer =
      client.call({.method = http::Method::post, .path = "/signing-jobs", .body = request_of(job)});
  if (!answer) return may_pass(answer.error()) ? with_open_end(answer.error()) : answer.error();
  TRY(const auto object, answer->root().object());
  TRY(const auto id, object.get_text("jobId"));
  return std::string(id);
}

// An object elsewhere would be read, and removed, with the rights of whoever asked.
Result<FinishedJob> finished_of(const SigningJob& job, const std::string& job_id,
                                const JsonObject& described) {
  TRY(const auto signed_object, described.get_object("signedObject"));
  TRY(const auto s3, signed_object.get_object("s3"));
  TRY(const auto bucket, s3.get_text("bucketName"));
  TRY(const auto key, s3.get_text("key"));
  if (bucket != job.destination_bucket || !key.starts_with(job.destination_prefix)) {
    return invalid(fmt::format(
        "The server says that the signed object of the job {} is not at the destination.", job_id));
  }
  return FinishedJob{job_id, std::string(bucket), std::string(key)};
}

// What is known of the job now; nothing while it is in progress.
Result<std::optional<FinishedJob>> look(const ApiClient& client, const SigningJob& job,
                                        const std::string& job_id) {
  const auto answer = client.call({.path = "/signing-jobs/" + job_id});
  if (!answer) {
    if (may_pass(answer.error())) return std::optional<FinishedJob>();
    return with_open_end(answer.error());
  }
  TRY(const auto described, answer->root().object());
  TRY(const auto status, described.get_text("status"));
  if (status == "InProgress") return std::optional<FinishedJob>();
  if (status == "Succeeded") {
    TRY(auto finished, finished_of(job, job_id, described));
    return std::optional(std::move(finished));
  }
  TRY(const auto reason, described.find_text("statusReason"));
  return invalid(fmt::format("The job {} has failed: {}", job_id,
                             reason.value_or("the server does not say why.")));
}

}  // namespace

Result<objects::Location> parse_s3_url(std::string_view url) {
  constexpr std::string_view scheme = "s3://";
  constexpr std::string_view version_is = "?versionId=";
  const Error wrong =
      wrong_usage(fmt::format("{} is not of the form s3://BUCKET/KEY?versionId=VERSION.", url));
  if (!url.starts_with(scheme)) return wrong;
  url.remove_prefix(scheme.size());
  objects::Location location;
  if (const std::size_t at = url.rfind(version_is); at != std::string_view::npos) {
    location.version = url.substr(at + version_is.size());
    url = url.substr(0, at);
  }
  const std::size_t slash = std::min(url.find('/'), url.size());
  location.bucket = url.substr(0, slash);
  if (slash < url.size()) location.key = url.substr(slash + 1);
  if (location.bucket.empty()) return wrong;
  return location;
}

Result<FinishedJob> sign_object(const ApiClient& client, const SigningJob& job,
                                JobWatcher& watcher) {
  TRY(const std::string job_id, start(client, job));
  const auto started = steady_clock::now();
  for (milliseconds pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    TRY(auto finished, look(client, job, job_id));
    if (finished) return *std::move(finished);
    const auto waited = steady_clock::now() - started;
    if (waited >= job.timeout) {
      return with_open_end(
          {ErrorKind::too_slow,
           fmt::format("The job {} has not ended within {} seconds, and may go on.", job_id,
                       job.timeout.count()),
           {}});
    }
    watcher.waiting(job_id, std::chrono::floor<std::chrono::seconds>(waited));
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace hallmark::cli
