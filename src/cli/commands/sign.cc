#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/embedded_buckets.h"
#include "cli/named_file.h"
#include "cli/output_file.h"
#include "cli/signed_payload.h"
#include "cli/signing_job.h"
#include "model/platform.h"

namespace hallmark::cli {
namespace {

constexpr std::string_view default_bucket = "hallmark-sign";
constexpr std::size_t payload_bytes_max = 4096;  // SignPayload's

constexpr Option options[] = {
    {OptionKind::required, "--profile", "the signing profile's name"},
    {OptionKind::optional, "--profile-owner", "12 digits, of another account's profile"},
    {OptionKind::optional, "INPUT", "the file to sign, by way of an embedded bucket"},
    {OptionKind::optional, output_name, "the signed file to write"},
    force_option,
    {OptionKind::optional, "--bucket",
     "the embedded bucket that the file goes through (default: hallmark-sign)"},
    {OptionKind::optional, "--source",
     "sign an object where it is instead: s3://BUCKET/KEY?versionId=VERSION"},
    {OptionKind::optional, "--destination",
     "where its signed object goes: s3://BUCKET/PREFIX; prints where it is"},
    {OptionKind::optional, "--data-dir", "the data directory of the running server"},
    {OptionKind::optional, "--endpoint",
     "the server's URL (default: --data-dir's, or AWS_ENDPOINT_URL_SIGNER)"},
    ca_file_option,
    client_certificate_option,
    client_key_option,
    {OptionKind::optional, "--timeout", "give up waiting after so many seconds (default: 600)"},
    {OptionKind::flag, "--json", "print the result as JSON"},
};

// How a command was called, checked.
struct Use {
  std::string profile;
  std::string owner;  // empty: the caller's account
  std::chrono::seconds timeout;
  std::optional<OutputFile> output;  // nothing: an object where it is
};

Result<std::chrono::seconds> read_timeout(const Arguments& arguments) {
  constexpr unsigned long most = 86'400;
  const std::string text = arguments.get("--timeout", "600");
  unsigned long seconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || seconds > most) {
      return wrong_usage("--timeout must be a number of seconds.");
    }
    seconds = seconds * 10 + static_cast<unsigned long>(c - '0');
  }
  if (seconds < 1 || seconds > most) return wrong_usage("--timeout must be from 1 to 86400.");
  return std::chrono::seconds(seconds);
}

Result<Use> read_use(const Arguments& arguments) {
  Use use{.profile = arguments.get("--profile"),
          .owner = arguments.get("--profile-owner"),
          .timeout = {},
          .output = {}};
  TRY(use.timeout, read_timeout(arguments));
  const bool is_stored = arguments.has("--source") || arguments.has("--destination");
  if (is_stored && arguments.has("INPUT")) {
    return wrong_usage("INPUT and --source exclude each other.");
  }
  if (is_stored && !(arguments.has("--source") && arguments.has("--destination"))) {
    return wrong_usage("--source and --destination are given both or not.");
  }
  if (is_stored && (arguments.has(output_name) || arguments.has("--bucket"))) {
    return wrong_usage("--output and --bucket are for files, not for --source.");
  }
  if (!is_stored && !arguments.has("INPUT")) {
    return wrong_usage("Name the file to sign, or an object with --source and --destination.");
  }
  if (is_stored) return use;
  if (!arguments.has(output_name)) return wrong_usage("Name the signed file with --output.");
  TRY(use.output, OutputFile::of(arguments));
  return use;
}

// Goes over the line again and again; for people only.
class Progress final : public JobWatcher {
 public:
  ~Progress() override { clear(); }
  void waiting(std::string_view job_id, std::chrono::seconds waited) override {
    if (!shown_) return;
    fmt::print(stderr, "\rjob {} is in progress ({} s)", job_id, waited.count());
    std::fflush(stderr);
    dirty_ = true;
  }
  void clear() {
    if (dirty_) fmt::print(stderr, "\r\x1b[K");
    dirty_ = false;
  }

 private:
  const bool shown_ = ::isatty(STDERR_FILENO) == 1;
  bool dirty_ = false;
};

struct Outcome {
  std::string job_id;
  std::string place;  // of what was signed: a file, or s3://BUCKET/KEY
};

void print(const Outcome& outcome, const Arguments& arguments) {
  if (!arguments.has("--json")) {
    fmt::print("signed {} (job {})\n", outcome.place, outcome.job_id);
    return;
  }
  JsonWriter json;
  json.begin_object().member("jobId", outcome.job_id).member("status", "Succeeded");
  json.member(arguments.has("--source") ? "signedObject" : "output", outcome.place).end_object();
  fmt::print("{}\n", json.take());
}

constexpr std::string_view zip_begins = "PK\x03\x04";

// A package is as good as any other text to SignPayload, and the signature of no use to Lambda.
Result<std::string> read_payload(const std::string& path) {
  TRY(const auto file, open_file({path}));
  std::array<std::uint8_t, zip_begins.size()> first = {};
  const bool has_first = file->size() >= first.size();
  if (has_first) TRY(file->read_at(0, first));
  const bool is_zip = has_first && text_of(first) == zip_begins;
  constexpr std::string_view hint =
      "the profile signs payloads of container images; for a Lambda package name one of "
      "AWSLambda-SHA384-ECDSA";
  if (file->size() > payload_bytes_max) {
    return invalid(fmt::format("{} has more than the {} bytes of a payload{}{}.", path,
                               payload_bytes_max, is_zip ? ": " : "", is_zip ? hint : ""));
  }
  if (is_zip) fmt::print(stderr, "hallmark: warning: {} is a zip file: {}\n", path, hint);
  return read_file({path}, payload_bytes_max);
}

Result<Outcome> sign_payload(const ApiClient& client, const Use& use, const Arguments& arguments) {
  TRY(const auto payload, read_payload(arguments.get("INPUT")));
  TRY(const auto signature, cli::sign_payload(client, {use.profile, use.owner}, bytes_of(payload)));
  TRY(use.output->write(signature.envelope, public_file));
  return Outcome{signature.job_id, use.output->path().string()};
}

SigningJob job_of(const Use& use) {
  return {.profile = use.profile, .owner = use.owner, .timeout = use.timeout};
}

Result<Outcome> sign_file(const ApiClient& client, const Use& use, const Arguments& arguments) {
  if (!arguments.has("--data-dir")) {
    return wrong_usage("A file goes through an embedded bucket: name its server with --data-dir.");
  }
  TRY(const auto input, open_file({arguments.get("INPUT")}));
  TRY(const auto buckets, EmbeddedBuckets::open(arguments.get("--data-dir")));
  const std::string bucket = arguments.get("--bucket", default_bucket);
  TRY(buckets->create(bucket));
  const std::string folder = buckets->new_name();
  const auto file_name = std::filesystem::path(arguments.get("INPUT")).filename().string();
  const objects::Location source{bucket, fmt::format("{}/{}", folder, file_name)};
  TRY(const auto stored, buckets->objects().put(source, *input));

  SigningJob job = job_of(use);
  job.source = {bucket, source.key, stored.location.version};
  job.destination_bucket = bucket;
  job.destination_prefix = fmt::format("{}/signed/", folder);
  Progress progress;
  const auto finished = sign_object(client, job, progress);
  progress.clear();
  if (!finished) {
    if (finished.error().reason != job_may_go_on) TRY(buckets->objects().remove(source));
    return finished.error();
  }
  const objects::Location target{finished->bucket, finished->key};
  TRY(buckets->fetch(target, *use.output));
  TRY(buckets->objects().remove(source));
  TRY(buckets->objects().remove(target));
  return Outcome{finished->job_id, use.output->path().string()};
}

Result<Outcome> sign_stored(const ApiClient& client, const Use& use, const Arguments& arguments) {
  SigningJob job = job_of(use);
  TRY(const auto source, parse_s3_url(arguments.get("--source")));
  TRY(const auto destination, parse_s3_url(arguments.get("--destination")));
  if (source.key.empty() || source.version.empty()) {
    return wrong_usage("--source must be s3://BUCKET/KEY?versionId=VERSION.");
  }
  if (!destination.version.empty()) return wrong_usage("--destination has no version.");
  job.source = source;
  job.destination_bucket = destination.bucket;
  job.destination_prefix = destination.key;
  Progress progress;
  TRY(const auto finished, sign_object(client, job, progress));
  progress.clear();
  return Outcome{finished.job_id, fmt::format("s3://{}/{}", finished.bucket, finished.key)};
}

Result<Outcome> sign(const ApiClient& client, const Use& use, const Arguments& arguments) {
  if (arguments.has("--source")) return sign_stored(client, use, arguments);
  TRY(const auto platform, find_platform_id(client, {use.profile, use.owner}));
  const model::Platform* known = model::find_platform(platform);
  const bool is_payload = known != nullptr && !known->job_platform;
  return is_payload ? sign_payload(client, use, arguments) : sign_file(client, use, arguments);
}

Result<void> run(const Arguments& arguments) {
  TRY(const auto use, read_use(arguments));
  const SystemClock clock;
  TRY(const auto client, make_api_client(arguments, clock));
  TRY(const auto outcome, sign(client, use, arguments));
  print(outcome, arguments);
  return {};
}

}  // namespace

constinit const Command sign_command = {"sign", "sign a file: one command from file to signed file",
                                        options, run};

}  // namespace hallmark::cli
