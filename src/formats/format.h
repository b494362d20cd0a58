// Signed formats: a format is a value with two functions. `seal` is the only road from a key to a
// signed artefact; `verify` is the road back. To add one: a new file with its `Format`, and a row
// in formats.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/artifact.h"
#include "base/clock.h"
#include "base/read_at.h"
#include "base/result.h"
#include "crypto/signer.h"
#include "crypto/x509.h"

namespace hallmark::formats {

// What a signature says about itself; written into it by `seal`, read from it by `verify`.
struct Statement {
  std::string job_arn;
  std::string profile_version_arn;
  Timestamp signing_time;
  Timestamp expires_at;

  bool operator==(const Statement&) const = default;
};

// Called as the source is read, with the bytes done so far; an error stops the work and is
// returned.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual Result<void> advance(std::uint64_t bytes_done) = 0;
};

struct SealRequest {
  Statement statement;
  const crypto::CertificateChain& chain;  // of the signer's key, leaf first, root included
};

// The signature apart from the artefact: small, stored before anything is uploaded, and enough to
// make the very same artefact again from the same source.
struct SignatureBlock {
  Bytes bytes;
  Timestamp signing_time;  // the statement's
};

struct Verification {
  Statement statement;
  crypto::CertificateChain chain;  // leaf first; leads to one of the roots
  // What was signed, for people. Symbolic links count among the entries; what they lead to differs
  // with what stands around them, and formats may not tell a link from a file.
  std::uint64_t entries = 0;
  std::uint64_t symbolic_links = 0;
};

struct Format {
  std::string_view name;  // "lambda-zip"

  // Reads the whole source once, checks it strictly and signs it. Memory does not grow with the
  // source. Invalid, with the defect named in one sentence fit for a statusReason, when the source
  // is empty, malformed, too large or already signed. Checks its own block before it returns it.
  Result<SignatureBlock> (*seal)(const SealRequest& request, const ReadAt& source,
                                 std::uint64_t source_bytes_max, const crypto::Signer& signer,
                                 Progress& progress);

  // The artefact of a source and its block. Deterministic: always the same bytes.
  Result<Artifact> (*assemble)(const SignatureBlock& block, const ReadAt& source);

  // Whether this format would be the one to judge the object (a cheap look at its first or last
  // bytes).
  bool (*recognizes)(const ReadAt& object);

  // Checks everything that can be checked offline: structure, digest, signature, chain at the
  // signing time, that the leaf is the profile's, expiry against `now`, and that the signing time
  // is not further ahead of it than limits::signing_time_skew_max. Corrupt with the reason in one
  // sentence when anything is wrong.
  Result<Verification> (*verify)(const ReadAt& object,
                                 const std::vector<crypto::Certificate>& roots, Timestamp now);
};

// All formats, and the lookup by name.
const std::vector<const Format*>& all_formats();
const Format* find_format(std::string_view name);

}  // namespace hallmark::formats
