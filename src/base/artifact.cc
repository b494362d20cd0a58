#include "base/artifact.h"

#include <algorithm>

namespace hallmark {
namespace {

std::uint64_t size_of(const std::variant<SourceRange, Bytes>& piece) {
  if (const auto* range = std::get_if<SourceRange>(&piece)) return range->length;
  return std::get_if<Bytes>(&piece)->size();
}

// Fills `into` from `offset` within one piece.
Result<void> read_piece(const std::variant<SourceRange, Bytes>& piece, const ReadAt& source,
                        std::uint64_t offset, MutableByteView into) {
  if (const auto* range = std::get_if<SourceRange>(&piece)) {
    return source.read_at(range->offset + offset, into);
  }
  return MemoryReadAt(*std::get_if<Bytes>(&piece)).read_at(offset, into);
}

}  // namespace

std::uint64_t Artifact::size() const {
  std::uint64_t total = 0;
  for (const auto& piece : pieces) total += size_of(piece);
  return total;
}

Result<void> Artifact::write_to(Sink& sink, const ReadAt& source) const {
  for (const auto& piece : pieces) {
    if (const auto* range = std::get_if<SourceRange>(&piece)) {
      TRY(copy_range(source, range->offset, range->length, sink));
    } else {
      TRY(sink.write(*std::get_if<Bytes>(&piece)));
    }
  }
  return {};
}

ArtifactReadAt::ArtifactReadAt(const Artifact& artifact, const ReadAt& source)
    : artifact_(artifact), source_(source), size_(artifact.size()) {}

Result<void> ArtifactReadAt::read_at(std::uint64_t offset, MutableByteView into) const {
  if (offset > size_ || into.size() > size_ - offset) {
    return corrupt("a read past the end of the data");
  }
  for (const auto& piece : artifact_.pieces) {
    const std::uint64_t length = size_of(piece);
    if (into.empty()) break;
    if (offset >= length) {
      offset -= length;
      continue;
    }
    const auto step = std::size_t(std::min<std::uint64_t>(into.size(), length - offset));
    TRY(read_piece(piece, source_, offset, into.first(step)));
    into = into.subspan(step);
    offset = 0;
  }
  return {};
}

}  // namespace hallmark
