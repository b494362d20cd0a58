#include "signing/digested_source.h"

namespace hallmark::signing {

Result<std::unique_ptr<DigestedSource>> DigestedSource::open(const ReadAt& source,
                                                             Digesting digesting) {
  auto digested = std::unique_ptr<DigestedSource>(new DigestedSource(source));
  if (digesting == Digesting::beside && source.size() >= relayed_bytes_min) {
    const MutexLock lock(digested->mutex_);
    TRY(digested->beside_, Relay::start(digested->digest_));
  }
  return digested;
}

Result<void> DigestedSource::read_at(std::uint64_t offset, MutableByteView into) const {
  TRY(source_.read_at(offset, into));
  const MutexLock lock(mutex_);
  if (offset > digested_ || into.size() <= digested_ - offset) return {};
  const ByteView fresh = into.subspan(std::size_t(digested_ - offset));
  TRY(beside_ ? beside_->write(fresh) : digest_.write(fresh));
  digested_ += fresh.size();
  return {};
}

// From then on the reader digests: little is left to read.
Result<DigestedSource::Begun> DigestedSource::begun() const {
  const MutexLock lock(mutex_);
  if (beside_) {
    TRY(beside_->finish());
    beside_.reset();
  }
  return Begun{digest_, digested_};
}

Result<crypto::Sha256> DigestedSource::sha256() const {
  TRY(Begun begun, this->begun());
  TRY(copy_range(source_, begun.bytes, size() - begun.bytes, begun.digest));
  return begun.digest.finish_as<crypto::Sha256>();
}

Result<crypto::Sha256> DigestedSource::sha256_of(const Artifact& artifact) const {
  TRY(Begun begun, this->begun());
  const auto* head =
      artifact.pieces.empty() ? nullptr : std::get_if<SourceRange>(&artifact.pieces.front());
  if (head == nullptr || head->offset != 0 || head->length < begun.bytes) {
    return signing::sha256_of(artifact, source_);
  }
  Artifact rest = artifact;
  rest.pieces.front() = SourceRange{begun.bytes, head->length - begun.bytes};
  TRY(rest.write_to(begun.digest, source_));
  return begun.digest.finish_as<crypto::Sha256>();
}

Result<crypto::Sha256> sha256_of(const Artifact& artifact, const ReadAt& source) {
  crypto::DigestSink digest(crypto::DigestAlgorithm::sha256);
  TRY(artifact.write_to(digest, source));
  return digest.finish_as<crypto::Sha256>();
}

}  // namespace hallmark::signing
