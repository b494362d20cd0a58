#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/operator_words.h"
#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/embedded_buckets.h"
#include "cli/revocation_query.h"
#include "cli/signed_payload.h"
#include "cli/signing_job.h"
#include "cli/verified_file.h"
#include "crypto/random.h"
#include "model/platform.h"

namespace hallmark::cli {
namespace {

constexpr std::string_view bucket = "hallmark-probe";
constexpr std::chrono::seconds job_timeout{60};
constexpr std::size_t signed_bytes_max = std::size_t(1) << 20;

// A zip file with one file, `index.js`, that holds a comment.
// clang-format off
constexpr std::array<std::uint8_t, 123> package = {
    0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x21, 0x00, 0x33,
    0x20, 0xd3, 0x0c, 0x09, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
    0x69, 0x6e, 0x64, 0x65, 0x78, 0x2e, 0x6a, 0x73, 0x2f, 0x2f, 0x20, 0x70, 0x72, 0x6f, 0x62,
    0x65, 0x0a, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x21, 0x00, 0x33, 0x20, 0xd3, 0x0c, 0x09, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00,
    0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa4, 0x01, 0x00,
    0x00, 0x00, 0x00, 0x69, 0x6e, 0x64, 0x65, 0x78, 0x2e, 0x6a, 0x73, 0x50, 0x4b, 0x05, 0x06,
    0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x36, 0x00, 0x00, 0x00, 0x2f, 0x00, 0x00,
    0x00, 0x00, 0x00,
};
// clang-format on

constexpr Option options[] = {
    {OptionKind::repeated, "--profile",
     "a signing profile to probe, of a Notation or Lambda platform; may be given more than once"},
    {OptionKind::optional, "--data-dir",
     "the data directory of the running server: needed for Lambda platforms"},
    {OptionKind::optional, "--endpoint",
     "the server's URL (default: --data-dir's, or AWS_ENDPOINT_URL_SIGNER)"},
    ca_file_option,
    client_certificate_option,
    client_key_option,
    {OptionKind::optional, "--trust-root",
     "PEM file with the trusted root certificates (default: --data-dir's)"},
    {OptionKind::flag, "--json", "print the result as JSON"},
};

struct Step {
  std::string profile;
  std::string_view name;
  std::chrono::milliseconds took;
  std::string fault = {};  // empty: it went well
};

// The steps of a probe, as they were done. Nothing follows one that failed.
class Probe {
 public:
  Probe(const ApiClient& client, const Arguments& arguments)
      : client_(client), arguments_(arguments) {}

  Result<void> profile(const std::string& name);
  const std::vector<Step>& steps() const { return steps_; }

 private:
  template <class F>
  std::invoke_result_t<F> step(std::string_view name, F work) {
    const auto start = std::chrono::steady_clock::now();
    auto outcome = work();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start);
    steps_.push_back({profile_, name, took, outcome ? std::string() : words_of(outcome.error())});
    return outcome;
  }
  Result<Bytes> sign_package();
  Result<void> check(ByteView file, const std::string& expected_digest);

  const ApiClient& client_;
  const Arguments& arguments_;
  crypto::SystemRandom random_;
  std::string profile_;
  std::vector<Step> steps_;
};

class NoWatcher final : public JobWatcher {
 public:
  void waiting(std::string_view, std::chrono::seconds) override {}
};

// Of an image that does not exist.
std::string payload_of(const std::string& digest) {
  JsonWriter json;
  json.begin_object().name("targetArtifact").begin_object();
  json.member("mediaType", "application/vnd.oci.image.manifest.v1+json");
  json.member("digest", digest).member("size", std::int64_t(1));
  json.end_object().end_object();
  return json.take();
}

Result<void> Probe::profile(const std::string& name) {
  profile_ = name;
  TRY(const auto id, step("profile", [&] { return find_platform_id(client_, {name}); }));
  const model::Platform* platform = model::find_platform(id);
  if (platform != nullptr && platform->job_platform) {
    TRY(const auto signed_package, step("job", [&] { return sign_package(); }));
    return check(signed_package, {});
  }
  std::array<std::uint8_t, 32> digest = {};
  random_.fill(digest);
  const std::string text = "sha256:" + to_hex(digest);
  const std::string payload = payload_of(text);
  TRY(const auto signature,
      step("sign", [&] { return sign_payload(client_, {name}, bytes_of(payload)); }));
  return check(signature.envelope, text);
}

Result<void> Probe::check(ByteView file, const std::string& expected_digest) {
  Arguments use;
  const bool is_root_given = arguments_.has("--trust-root");
  const char* trust = is_root_given ? "--trust-root" : "--data-dir";
  use.set(trust, arguments_.get(trust));
  if (!expected_digest.empty()) use.set("--expected-digest", expected_digest);
  const MemoryReadAt bytes(file);
  TRY(const auto verified, step("verify", [&]() -> Result<VerifiedFile> {
        TRY(auto judged, verify_file(bytes, use));
        return judged;
      }));
  return step("revocation", [&]() -> Result<void> {
    TRY(const auto revoked, find_revoked_entities(client_, verified));
    if (revoked.empty()) return {};
    return invalid(fmt::format("{} is revoked.", describe_entity(verified, revoked.front())));
  });
}

// The object, of which the bucket then holds nothing, whatever it was.
Result<Bytes> take_object(EmbeddedBuckets& buckets, const objects::Location& object) {
  auto content = [&]() -> Result<Bytes> {
    TRY(const auto pinned, buckets.objects().pin(object));
    if (pinned.size > signed_bytes_max) return corrupt("The signed package is too large.");
    Bytes bytes(std::size_t(pinned.size));
    TRY(const auto snapshot, buckets.objects().snapshot(pinned));
    TRY(snapshot->read_at(0, bytes));
    return bytes;
  }();
  TRY(buckets.objects().remove(object));
  return content;
}

// By way of an embedded bucket, which holds nothing of it afterwards.
Result<Bytes> Probe::sign_package() {
  if (!arguments_.has("--data-dir")) {
    return invalid("A package goes through an embedded bucket: name its server's --data-dir.");
  }
  TRY(const auto buckets, EmbeddedBuckets::open(arguments_.get("--data-dir")));
  TRY(buckets->create(bucket));
  const std::string folder = buckets->new_name();
  const objects::Location source{std::string(bucket), folder + "/probe.zip"};
  TRY(const auto stored, buckets->objects().put(source, MemoryReadAt(package)));
  SigningJob job{.profile = profile_, .timeout = job_timeout};
  job.source = {source.bucket, source.key, stored.location.version};
  job.destination_bucket = source.bucket;
  job.destination_prefix = folder + "/signed/";
  NoWatcher watcher;
  const auto finished = sign_object(client_, job, watcher);
  if (!finished) {
    if (finished.error().reason != job_may_go_on) TRY(buckets->objects().remove(source));
    return finished.error();
  }
  TRY(buckets->objects().remove(source));
  return take_object(*buckets, {finished->bucket, finished->key});
}

void print_text(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    fmt::print("{:<4} {:<20} {:<10} {:>6} ms{}\n", step.fault.empty() ? "ok" : "FAIL", step.profile,
               step.name, step.took.count(), step.fault.empty() ? "" : "  " + step.fault);
  }
}

void print_json(const std::vector<Step>& steps) {
  JsonWriter json;
  json.begin_object();
  json.member("ok", std::ranges::all_of(steps, [](auto& step) { return step.fault.empty(); }));
  json.name("steps").begin_array();
  for (const Step& step : steps) {
    json.begin_object().member("profile", step.profile).member("step", step.name);
    json.member("milliseconds", std::int64_t(step.took.count()));
    if (!step.fault.empty()) json.member("reason", step.fault);
    json.end_object();
  }
  json.end_array().end_object();
  fmt::print("{}\n", json.take());
}

Result<void> run(const Arguments& arguments) {
  const auto profiles = arguments.all("--profile");
  if (profiles.empty()) return wrong_usage("Name a profile to probe with --profile.");
  if (!arguments.has("--trust-root") && !arguments.has("--data-dir")) {
    return wrong_usage("Name what to trust with --trust-root, or the server's --data-dir.");
  }
  const SystemClock clock;
  TRY(const auto client, make_api_client(arguments, clock));
  Probe probe(client, arguments);
  std::size_t failed = 0;  // the other profiles are probed all the same
  for (const std::string& name : profiles) failed += probe.profile(name) ? 0 : 1;
  if (arguments.has("--json")) {
    print_json(probe.steps());
  } else {
    print_text(probe.steps());
  }
  if (failed == 0) return {};
  return invalid(fmt::format("{} of {} profiles failed the probe.", failed, profiles.size()));
}

}  // namespace

constinit const Command probe_command = {
    "probe", "sign and verify through the API, to see that the service works", options, run};

}  // namespace hallmark::cli
