// One attempt at one claimed job: sign, upload, complete. Private to the worker.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "audit/gate.h"
#include "base/beside.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/signer.h"
#include "formats/format.h"
#include "model/platform.h"
#include "objects/objects.h"
#include "pki/authority.h"
#include "pki/imported_certificates.h"
#include "signing/signing_gate.h"
#include "store/jobs.h"
#include "store/outbox.h"
#include "store/store.h"

namespace hallmark::signing {

struct JobServices {
  store::Store& store;
  objects::Objects& objects;
  pki::Authority& authority;                // signs where the profile names no certificate
  pki::ImportedCertificates& certificates;  // and where it names one
  const Clock& clock;
  const model::Home& home;
  std::stop_token stop = {};
  Timestamp::duration lease = limits::job_lease;  // how long a job stays claimed without a sign
  // What to write into the outbox with a job's end; empty: nothing, ever.
  std::function<std::vector<store::JobEvent>(const model::Job& ended)> events_of_end = {};
  const audit::Gate* gate = nullptr;          // of new jobs and of every signature, as the next;
  const SigningGate* signing_gate = nullptr;  // nothing: always open
};

class JobRun final {
 public:
  JobRun(const JobServices& services, const store::ClaimedJob& claimed);

  // Takes the job to its end or as far as it goes. Errors:
  //   invalid, not_found, corrupt, too_large, denied   the job can never succeed: fail() it
  //   conflict                                         the lease was lost: another worker has it
  //   anything else                                    passing: the job may be tried again
  // When the worker is told to stop, it ends soon with `unavailable`.
  Result<void> attempt();

  // Ends the job as Failed: whatever an earlier attempt uploaded is removed first. Where the
  // bucket's owner forbids that, the reason says so. When the removal fails otherwise, its error is
  // returned and the job comes again later, until it is older than limits::job_age_max.
  Result<void> fail(std::string reason);
  // Gives the job back for another attempt.
  Result<void> release();
  // Gives the job back as if it had not been claimed: the worker stops.
  Result<void> give_back();
  // The same until later, because something is short (disk, descriptors, memory): the older the
  // job, the later. Fails the job when it is older than limits::job_age_max.
  Result<void> postpone();

 private:
  // What is made of the source.
  struct Order {
    const formats::Format& format;
    const model::Platform& platform;
    const model::Profile& profile;
    crypto::SignatureAlgorithm algorithm;
  };
  struct PinnedSource {
    const objects::Pinned& pinned;
    const ReadAt& bytes;
  };
  // What has been signed and not yet been recorded.
  struct Sealed {
    formats::SignatureBlock block;
    Artifact artifact;
    crypto::Sha256 source_sha256;
    std::string output_sha256;  // in hexadecimal
  };

  // Whether the work may go on: renews the lease in time. Asked from several threads.
  Result<void> go_on();
  Result<void> renew();
  Result<void> check_signing() const;
  Result<std::shared_ptr<const pki::SigningIdentity>> find_identity();
  Result<Artifact> sign(const Order& order, const PinnedSource& source);
  Result<Sealed> seal(const formats::Format& format, const formats::SealRequest& request,
                      const crypto::Signer& signer, const PinnedSource& source);
  Result<void> check_signed(const Order& order, formats::VerifyRequest request) const;
  Result<std::unique_ptr<Beside>> verify(const Order& order, const Artifact& artifact,
                                         const ReadAt& source);
  Result<void> upload(const Order& order, const Artifact& artifact, const ReadAt& source);
  Result<void> complete();
  Result<void> undo_late_upload();
  // Writes the end and its audit record, under the fence.
  Result<void> end(model::JobStatus status, std::string reason);
  Result<void> remove_upload();
  Result<void> return_after(Timestamp::duration delay);

  const JobServices& services_;
  model::Job job_;
  store::JobWork work_;
  Mutex renewal_;
  Timestamp renew_at_ GUARDED_BY(renewal_);
};

}  // namespace hallmark::signing
