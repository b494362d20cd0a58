#include "signing/digested_source.h"

#include <algorithm>

namespace hallmark::signing {
namespace {

class HashSink final : public Sink {
 public:
  explicit HashSink(crypto::Hasher& hasher) : hasher_(hasher) {}
  Result<void> write(ByteView bytes) override {
    hasher_.update(bytes);
    return {};
  }

 private:
  crypto::Hasher& hasher_;
};

crypto::Sha256 finish(crypto::Hasher& hasher) {
  crypto::Sha256 digest = {};
  std::ranges::copy(hasher.finish(), digest.begin());
  return digest;
}

}  // namespace

Result<void> DigestedSource::read_at(std::uint64_t offset, MutableByteView into) const {
  TRY(source_.read_at(offset, into));
  const MutexLock lock(mutex_);
  if (offset > digested_ || into.size() <= digested_ - offset) return {};
  const ByteView fresh = into.subspan(std::size_t(digested_ - offset));
  hasher_.update(fresh);
  digested_ += fresh.size();
  return {};
}

DigestedSource::Begun DigestedSource::begun() const {
  const MutexLock lock(mutex_);
  return {crypto::Hasher(hasher_), digested_};
}

Result<crypto::Sha256> DigestedSource::sha256() const {
  Begun begun = this->begun();
  HashSink sink(begun.hasher);
  TRY(copy_range(source_, begun.bytes, size() - begun.bytes, sink));
  return finish(begun.hasher);
}

Result<crypto::Sha256> DigestedSource::sha256_of(const Artifact& artifact) const {
  Begun begun = this->begun();
  const auto* head =
      artifact.pieces.empty() ? nullptr : std::get_if<SourceRange>(&artifact.pieces.front());
  if (head == nullptr || head->offset != 0 || head->length < begun.bytes) {
    return signing::sha256_of(artifact, source_);
  }
  Artifact rest = artifact;
  rest.pieces.front() = SourceRange{begun.bytes, head->length - begun.bytes};
  HashSink sink(begun.hasher);
  TRY(rest.write_to(sink, source_));
  return finish(begun.hasher);
}

Result<crypto::Sha256> sha256_of(const Artifact& artifact, const ReadAt& source) {
  crypto::Hasher hasher(crypto::DigestAlgorithm::sha256);
  HashSink sink(hasher);
  TRY(artifact.write_to(sink, source));
  return finish(hasher);
}

}  // namespace hallmark::signing
