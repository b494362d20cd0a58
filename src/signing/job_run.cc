#include "signing/job_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "base/relay.h"
#include "crypto/digest.h"
#include "formats/platform_algorithm.h"
#include "signing/digested_source.h"
#include "signing/own_bucket.h"
#include "store/audit.h"
#include "store/profiles.h"

namespace hallmark::signing {
namespace {

// The first retry comes at once, the others later and later.
constexpr auto retry_delay = std::chrono::seconds(1);
constexpr auto postponed_min = std::chrono::seconds(1);
constexpr auto postponed_max = std::chrono::seconds(60);

// Finality is for what the caller chose: source, destination and profile. A fault of our own state
// is passing, since it can be repaired.
template <class T>
Result<T> ours(Result<T> outcome) {
  if (outcome) return outcome;
  const ErrorKind kind = outcome.error().kind;
  const bool ends_a_job = kind == ErrorKind::corrupt || kind == ErrorKind::not_found ||
                          kind == ErrorKind::invalid || kind == ErrorKind::conflict;
  if (ends_a_job) return internal_error(describe(outcome.error()));
  return outcome;
}

// Whoever owns the bucket has shut the service out of it, or has removed it: that does not pass.
bool is_bucket_owners_doing(ErrorKind kind) {
  return kind == ErrorKind::denied || kind == ErrorKind::not_found || kind == ErrorKind::invalid;
}

// The older a job, the later it is looked at again.
Timestamp::duration delay_at(Timestamp::duration age) {
  return std::clamp<Timestamp::duration>(age / 4, postponed_min, postponed_max);
}

// A source that asks before each read, on whichever thread, whether the work may go on: so no step
// that takes long outlives a stop, or a lease, by much.
class WatchedSource final : public ReadAt {
 public:
  using MayGoOn = std::function<Result<void>()>;

  WatchedSource(const ReadAt& source, MayGoOn may_go_on)
      : source_(source), may_go_on_(std::move(may_go_on)) {}
  std::uint64_t size() const override { return source_.size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    TRY(may_go_on_());
    return source_.read_at(offset, into);
  }

 private:
  const ReadAt& source_;
  const MayGoOn may_go_on_;
};

}  // namespace

JobRun::JobRun(const JobServices& services, const store::ClaimedJob& claimed)
    : services_(services),
      job_(claimed.job),
      work_(claimed.work),
      renew_at_(services.clock.now() + services.lease / 3) {}

Result<void> JobRun::attempt() {
  const model::Platform* platform = model::find_platform(job_.platform_id);
  const formats::Format* format = platform ? formats::find_format(platform->format) : nullptr;
  if (format == nullptr || !job_.source) return internal_error("a stored job has no known format");
  TRY(auto profile, ours(services_.store.read([&](store::Reader& reader) {
        return store::find_profile(reader, job_.owner, job_.profile_name);
      })));
  if (!profile || profile->status != model::ProfileStatus::active) {
    return denied("The signing profile is no longer active.");
  }
  TRY(check_own_bucket(services_.objects, job_.source->bucket, job_.invoker));
  TRY(auto pinned,
      services_.objects.pin({job_.source->bucket, job_.source->key, job_.source->version}));
  TRY(auto snapshot, services_.objects.snapshot(pinned));
  const WatchedSource source(*snapshot, [this] { return go_on(); });

  TRY(const auto algorithm, formats::signature_algorithm_of(*platform, profile->overrides));
  const Order order{*format, *platform, *profile, algorithm};
  Artifact artifact;
  if (work_.signature_block.empty()) {
    TRY(artifact, sign(order, {pinned, source}));
  } else {
    TRY(artifact, format->assemble({work_.signature_block, *job_.signed_at}, source));
    TRY(const auto output, sha256_of(artifact, source));
    if (to_hex(output) != work_.output_sha256) return corrupt("The source object has changed.");
  }
  TRY(upload(order, artifact, source));
  auto completed = complete();
  if (!completed && completed.error().kind == ErrorKind::conflict) TRY(undo_late_upload());
  return completed;
}

// We stood still between the look at the fence and the upload, and another worker has ended the job
// without us meanwhile: a failed job has no object.
Result<void> JobRun::undo_late_upload() {
  TRY(const auto ended, services_.store.read([&](store::Reader& reader) {
    return store::find_job(reader, job_.owner, job_.id);
  }));
  if (!ended || ended->status != model::JobStatus::failed) return {};
  return remove_upload();
}

// Seals the source in one reading, and looks whether the bytes are those of the version that was
// pinned, where the store knows their hash. A package that was damaged where it is kept is called
// that, not a bad package.
Result<JobRun::Sealed> JobRun::seal(const formats::Format& format,
                                    const formats::SealRequest& request,
                                    const crypto::Signer& signer, const PinnedSource& source) {
  // Of a payload that stands beside, the reader does no more than read.
  const Digesting digesting =
      format.payload == formats::Payload::within ? Digesting::beside : Digesting::by_reader;
  TRY(const auto digested, DigestedSource::open(source.bytes, digesting));
  auto block = format.seal(request, *digested, signer);
  if (!block && block.error().kind != ErrorKind::invalid) return std::move(block.error());
  TRY(const auto source_sha256, digested->sha256());
  const std::string& pinned = source.pinned.sha256_hex;
  if (!pinned.empty() && pinned != to_hex(source_sha256)) {
    return corrupt("The source object is not what was stored under its version.");
  }
  if (!block) return std::move(block.error());
  TRY(auto artifact, format.assemble(*block, source.bytes));
  TRY(const auto output, digested->sha256_of(artifact));
  return Sealed{*std::move(block), std::move(artifact), source_sha256, to_hex(output)};
}

// The certificate was looked at when the profile was made; one that was deleted or has expired
// since ends the job.
Result<std::shared_ptr<const pki::SigningIdentity>> JobRun::find_identity() {
  if (job_.certificate_arn.empty()) {
    return ours(services_.authority.identity_for(job_.owner, job_.profile_name));
  }
  return services_.certificates.identity_of_certificate(job_.certificate_arn);
}

Result<Artifact> JobRun::sign(const Order& order, const PinnedSource& source) {
  TRY(check_signing());
  TRY(auto identity, find_identity());
  const Timestamp now = services_.clock.now();
  TRY(formats::check_key_kind(order.algorithm, identity->signer->kind()));
  const formats::SealRequest request{
      .statement = {.job_arn = model::job_arn(services_.home, job_.owner, job_.id),
                    .profile_version_arn = model::profile_version_arn(
                        services_.home, job_.owner, job_.profile_name, job_.profile_version),
                    .signing_time = now,
                    .expires_at = model::expiry(now, order.profile.validity)},
      .chain = identity->chain,
      .algorithm = order.algorithm,
      .source_bytes_max = std::uint64_t(order.platform.size_mib_max) * limits::mebibyte,
      .source = *job_.source};
  TRY(auto sealed, seal(order.format, request, *identity->signer, source));
  if (order.format.trusts == formats::Trusts::signers) {
    // With the certificate of this moment: another attempt may find another one under its ARN. The
    // digest of a payload that stands beside is that of the source, which was taken apart from the
    // one that was signed, and of the bytes that the store says it has.
    TRY(check_signed(order, {.object = ArtifactReadAt(sealed.artifact, source.bytes),
                             .trusted = {identity->chain.front()},
                             .now = now,
                             .payload = &source.bytes,
                             .payload_sha256 = sealed.source_sha256}));
  }

  job_.signed_at = now;
  audit::Elements elements = {{"jobArn", request.statement.job_arn},
                              {"jobOwner", job_.owner.text()},
                              {"profileVersionArn", request.statement.profile_version_arn},
                              {"sourceBucket", job_.source->bucket},
                              {"sourceKey", job_.source->key},
                              {"sourceVersion", job_.source->version},
                              {"sourceSha256", to_hex(sealed.source_sha256)},
                              {"outputSha256", sealed.output_sha256},
                              {"certificateSerialNumber", identity->chain.front().serial_hex}};
  // A format without a statement cannot say when it expires, and so never does.
  if (!order.platform.certificate_required) {
    job_.signature_expires_at = request.statement.expires_at;
    elements.emplace_back("signatureExpiresAt", to_rfc3339(request.statement.expires_at));
  }
  const auto record = audit::record_event("SignObject", now, services_.home, elements);
  TRY(services_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::record_signature(tx, job_, work_.fence, sealed.block.bytes, sealed.output_sha256));
    return store::append_audit(tx, record);
  }));
  work_.signature_block = sealed.block.bytes;
  work_.output_sha256 = sealed.output_sha256;
  return std::move(sealed.artifact);
}

// What is about to leave is read as a stranger would read it.
Result<void> JobRun::check_signed(const Order& order, formats::VerifyRequest request) const {
  request.algorithms = {order.algorithm};
  request.origin = formats::Origin::just_sealed;
  if (order.format.payload == formats::Payload::within) request.payload = nullptr;
  auto verified = order.format.verify(request);
  if (!verified && verified.error().kind != ErrorKind::corrupt) return std::move(verified.error());
  if (!verified) {
    return internal_error(
        fmt::format("our own signature does not verify: {}", describe(verified.error())));
  }
  return {};
}

// Verifies an object that carries its chain: a large one on a thread of its own, for whose outcome
// the caller waits; else there is none.
Result<std::unique_ptr<Beside>> JobRun::verify(const Order& order, const Artifact& artifact,
                                               const ReadAt& source) {
  std::unique_ptr<Beside> beside;
  if (order.format.trusts == formats::Trusts::signers) return beside;  // sign() did
  const auto verify_from = [this, &order, &artifact](const ReadAt& bytes) -> Result<void> {
    TRY(const auto roots, ours(services_.authority.roots()));
    return check_signed(
        order,
        {.object = ArtifactReadAt(artifact, bytes), .trusted = roots, .now = *job_.signed_at});
  };
  if (artifact.size() >= relayed_bytes_min) {
    return Beside::start([verify_from, &source](const std::stop_token& stop) {
      return verify_from(WatchedSource(source, [&stop]() -> Result<void> {
        if (stop.stop_requested()) return unavailable("the attempt has ended");
        return {};
      }));
    });
  }
  TRY(verify_from(source));
  return beside;
}

// The object is verified in full on each attempt, and appears afterwards: one that is kept as a
// file is verified while it is written where nobody sees it, and one in S3 before it is sent.
Result<void> JobRun::upload(const Order& order, const Artifact& artifact, const ReadAt& source) {
  TRY(renew());
  TRY(const auto verifying, verify(order, artifact, source));
  const objects::Location destination{job_.destination_bucket, job_.destination_key};
  // The fence is looked at when the object is about to appear: whoever ends the job without us
  // waits for that moment, and then removes what has appeared.
  const auto may_appear = [&]() -> Result<void> {
    TRY(check_own_bucket(services_.objects, destination.bucket, job_.invoker));
    TRY(check_signing());
    if (verifying) TRY(verifying->wait());
    return renew();
  };
  auto written = services_.objects.put_once(destination, artifact, source, may_appear);
  if (!written && written.error().kind == ErrorKind::conflict) {
    TRY(renew());  // or is the conflict that the lease is lost?
    return invalid("The destination key holds another object.");
  }
  if (!written) return std::move(written.error());
  if (!written->sha256_hex.empty() && written->sha256_hex != work_.output_sha256) {
    TRY(services_.objects.remove_content(destination, written->sha256_hex));
    return corrupt("The uploaded object is not the one that was signed.");
  }
  // Whether or not the object store has asked: what does not verify is no success.
  return verifying ? verifying->wait() : Result<void>();
}

Result<void> JobRun::complete() { return end(model::JobStatus::succeeded, "Signing Succeeded"); }

Result<void> JobRun::fail(std::string reason) {
  TRY(renew());  // a worker that lost its lease removes nothing
  if (auto removed = remove_upload(); !removed) {
    const auto age = services_.clock.now() - job_.created_at;
    if (!is_bucket_owners_doing(removed.error().kind) && age <= limits::job_age_max) {
      TRY(return_after(delay_at(age)));
      return removed;
    }
    reason += " What was uploaded could not be removed.";
  }
  return end(model::JobStatus::failed, std::move(reason));
}

Result<void> JobRun::end(model::JobStatus status, std::string reason) {
  job_.status = status;
  job_.status_reason = std::move(reason);
  job_.completed_at = services_.clock.now();
  audit::Elements elements = {{"jobId", job_.id.text()},
                              {"jobOwner", job_.owner.text()},
                              {"status", std::string(model::name_of(status))}};
  if (status == model::JobStatus::failed) elements.emplace_back("statusReason", job_.status_reason);
  const auto record =
      audit::record_event("CompleteSigningJob", *job_.completed_at, services_.home, elements);
  std::vector<store::JobEvent> events;
  if (services_.events_of_end) events = services_.events_of_end(job_);
  return services_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::complete_job(tx, job_, work_.fence));
    for (const store::JobEvent& event : events) TRY(store::add_event(tx, event));
    return store::append_audit(tx, record);
  });
}

// Nothing is uploaded before the signature is recorded. What somebody else has put there stays.
Result<void> JobRun::remove_upload() {
  if (work_.signature_block.empty()) return {};
  return services_.objects.remove_content({job_.destination_bucket, job_.destination_key},
                                          work_.output_sha256);
}

Result<void> JobRun::release() {
  const auto delay = retry_delay * (work_.attempts - 1);
  return services_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(const Timestamp now, store::lease_time(tx, services_.clock));
    return store::release_job(tx, job_, work_.fence, now + delay);
  });
}

Result<void> JobRun::give_back() { return return_after({}); }

Result<void> JobRun::postpone() {
  const Timestamp now = services_.clock.now();
  const auto age = now - job_.created_at;
  if (age > limits::job_age_max) return fail("The service was out of resources for too long.");
  return return_after(delay_at(age));
}

Result<void> JobRun::return_after(Timestamp::duration delay) {
  return services_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(const Timestamp now, store::lease_time(tx, services_.clock));
    return store::return_job(tx, job_, work_.fence, now + delay);
  });
}

Result<void> JobRun::go_on() {
  if (services_.stop.stop_requested()) return unavailable("the worker is stopping");
  {
    const MutexLock lock(renewal_);
    if (services_.clock.now() < renew_at_) return {};
  }
  return renew();
}

// A job that was claimed before a gate closed waits as those do that were not.
Result<void> JobRun::check_signing() const {
  if (services_.gate != nullptr && !services_.gate->is_open()) return audit::gate_closed();
  if (services_.signing_gate == nullptr) return {};
  return services_.signing_gate->check_signing();
}

Result<void> JobRun::renew() {
  {
    const MutexLock lock(renewal_);
    renew_at_ = services_.clock.now() + services_.lease / 3;
  }
  return services_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(const Timestamp now, store::lease_time(tx, services_.clock));
    return store::renew_lease(tx, job_, work_.fence, now + services_.lease);
  });
}

}  // namespace hallmark::signing
