// SignPayload: a small payload signed at once, for clients that keep the signature themselves
// (the Notary Project's, for container images).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/task.h"
#include "formats/format.h"
#include "model/job.h"
#include "store/store.h"

namespace hallmark::signing {

// The one value of payloadFormat.
inline constexpr std::string_view payload_format = "application/vnd.cncf.notary.payload.v1+json";
inline constexpr std::size_t payload_bytes_max = 4096;

struct SignPayload {
  static constexpr std::string_view action = "signer:SignPayload";
  static constexpr bool signs = true;

  model::JobId id;  // made with the call
  model::ProfileName profile_name;
  std::optional<model::AccountId> profile_owner;  // nothing: the caller's account
  Bytes payload;                                  // 1 to payload_bytes_max

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct SignedPayload {
  model::JobId id;
  model::AccountId owner;
  std::string envelope;
  // Both as the envelope has them.
  std::string profile_version_arn;
  std::string job_arn;
};
// Writes what the caller is answered.
using RenderPayload = std::function<std::string(const SignedPayload&)>;

struct SealedPayload {
  std::string envelope;
  std::string certificate_serial;  // upper-case hex
};

// Puts a payload into a signed envelope. Any thread; may block while a certificate is issued.
class PayloadSealer {
 public:
  virtual ~PayloadSealer() = default;
  // With the key of the statement's profile. Whole seconds are the statement's precision.
  virtual Result<SealedPayload> seal(const model::Profile& profile,
                                     const formats::Statement& statement, ByteView payload) = 0;
};

// Safe to call from any thread. What the constructor takes outlives the object.
class Payloads {
 public:
  Payloads(store::Store& store, PayloadSealer& sealer, const Clock& clock, model::Home home)
      : store_(store), sealer_(sealer), clock_(clock), home_(std::move(home)) {}

  // `then` gets what `render` made of the signature, once its job and audit record are durable.
  // `render` is called on this thread before `sign` returns, even when the write then fails, so it
  // only renders: all others wait for the thread that writes. Not found: no such profile. Invalid:
  // it is not active, or its platform signs by StartSigningJob.
  void sign(access::Permitted<SignPayload> permitted, const RenderPayload& render,
            Then<std::string> then);

 private:
  store::Store& store_;
  PayloadSealer& sealer_;
  const Clock& clock_;
  const model::Home home_;
};

}  // namespace hallmark::signing
