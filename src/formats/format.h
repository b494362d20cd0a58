// Signed formats: a format is a value with two functions. `seal` is the only road from a key to a
// signed artefact; `verify` is the road back. To add one: a new file with its `Format`, and a row
// in formats.cc.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/artifact.h"
#include "base/clock.h"
#include "base/read_at.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/signer.h"
#include "crypto/x509.h"
#include "model/job.h"

namespace hallmark::formats {

// What a signature says about itself; written into it by `seal`, read from it by `verify`.
struct Statement {
  std::string job_arn;
  std::string profile_version_arn;
  Timestamp signing_time;
  Timestamp expires_at;

  bool operator==(const Statement&) const = default;
};

// What is signed, and as what. Algorithm and size come from the platform's row and the profile's
// overrides (platform_algorithm.h), never from a request.
struct SealRequest {
  Statement statement;
  // Of the signer's key, leaf first; with the root where the signed object carries the chain.
  const crypto::CertificateChain& chain;
  crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::ecdsa_sha384;
  std::uint64_t source_bytes_max = 0;
  model::SourceObject source = {};  // where the source is kept, for formats that say so
};

// The signature apart from the artefact: small, stored before anything is uploaded, and enough to
// make the very same artefact again from the same source.
struct SignatureBlock {
  Bytes bytes;
  Timestamp signing_time;  // the statement's
};

// Whose object is judged.
enum class Origin {
  anybodys,
  just_sealed  // here, of a source that was read strictly: what it expands to is known
};

struct VerifyRequest {
  const ReadAt& object;
  const std::vector<crypto::Certificate>& trusted;  // as the format's `trusts` says
  Timestamp now;
  const ReadAt* payload = nullptr;  // of formats that have it beside the object
  // The platform's, when the platform is known: then no other passes. SHA-1 passes only so.
  std::vector<crypto::SignatureAlgorithm> algorithms = {};
  // SHA-256 of the payload, when whoever asks has just taken it from these very bytes: then a
  // signature over this digest is judged without reading the payload again.
  std::optional<crypto::Sha256> payload_sha256 = {};
  Origin origin = Origin::anybodys;
};

// A further fact for people, under a name in camelCase.
struct Fact {
  std::string_view name;
  std::variant<std::uint64_t, std::string> value;

  bool operator==(const Fact&) const = default;
};

struct Verification {
  std::optional<Statement> statement;  // nothing of formats that have no place for one
  crypto::CertificateChain chain;      // leaf first; the leaf's key signed
  std::vector<Fact> facts;
};

// What the verifier of a format has to be given to trust.
enum class Trusts {
  roots,   // the object carries its chain, which leads to one of the roots
  signers  // it carries none: one of the certificates is the signer's own
};

// Where the bytes are that were signed.
enum class Payload { within, beside };

struct Format {
  std::string_view name;  // "lambda-zip"
  Trusts trusts;
  Payload payload;

  // Reads the whole source once, checks it strictly and signs it. Memory does not grow with the
  // source. Invalid, with the defect named in one sentence fit for a statusReason, when the source
  // is empty, malformed, too large or already signed; an error of the source is returned as it is.
  // Checks its own block before it returns it.
  Result<SignatureBlock> (*seal)(const SealRequest& request, const ReadAt& source,
                                 const crypto::Signer& signer);

  // The artefact of a source and its block. Deterministic: always the same bytes.
  Result<Artifact> (*assemble)(const SignatureBlock& block, const ReadAt& source);

  // Whether this format would be the one to judge the object (a cheap look at its first or last
  // bytes).
  bool (*recognizes)(const ReadAt& object);

  // Checks everything that can be checked offline: structure, digest, signature, and what the
  // format says of time: the chain at the signing time, that the leaf is the profile's, expiry
  // against `now`, and that the signing time is not further ahead of it than
  // limits::signing_time_skew_max. Corrupt with the reason in one sentence when anything is wrong;
  // invalid when something is not given that it takes.
  Result<Verification> (*verify)(const VerifyRequest& request);
};

// Corrupt if the request names algorithms and this is not among them.
Result<void> check_accepted(crypto::SignatureAlgorithm algorithm, const VerifyRequest& request);

// All formats, and the lookup by name.
const std::vector<const Format*>& all_formats();
const Format* find_format(std::string_view name);

}  // namespace hallmark::formats
