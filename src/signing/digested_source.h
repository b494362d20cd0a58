// A source while it is read for the first time: what reads it from front to back leaves its SHA-256
// behind, so that nobody reads it a second time for that.
#pragma once

#include <memory>

#include "base/artifact.h"
#include "base/mutex.h"
#include "base/read_at.h"
#include "base/relay.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/digest_sink.h"

namespace hallmark::signing {

// Which thread takes the digest.
enum class Digesting {
  by_reader,  // where whoever reads hands on all work that takes long
  beside      // another than the reader's, which has more to do: inflating, say. Of a large source
};

class DigestedSource final : public ReadAt {
 public:
  // Borrows the source. Unavailable: no thread can be had.
  static Result<std::unique_ptr<DigestedSource>> open(const ReadAt& source, Digesting digesting);

  std::uint64_t size() const override { return source_.size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override;

  // SHA-256 of the source. Reads what has not been read in order yet.
  Result<crypto::Sha256> sha256() const;
  // SHA-256 of an artifact of the source. Where this begins with all that has been read in order
  // and more of the source, that is not read again.
  Result<crypto::Sha256> sha256_of(const Artifact& artifact) const;

 private:
  struct Begun {
    crypto::DigestSink digest;
    std::uint64_t bytes;
  };

  explicit DigestedSource(const ReadAt& source) : source_(source) {}
  Result<Begun> begun() const;

  const ReadAt& source_;
  mutable Mutex mutex_;
  mutable crypto::DigestSink digest_ GUARDED_BY(mutex_){crypto::DigestAlgorithm::sha256};
  mutable std::uint64_t digested_ GUARDED_BY(mutex_) = 0;  // how many bytes, from the first one on
  // While there is one, digest_ is its: the last member, so that its thread is the first to end.
  mutable std::unique_ptr<Relay> beside_ GUARDED_BY(mutex_);
};

// The same where nothing has been read yet.
Result<crypto::Sha256> sha256_of(const Artifact& artifact, const ReadAt& source);

}  // namespace hallmark::signing
