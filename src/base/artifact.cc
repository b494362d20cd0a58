#include "base/artifact.h"

#include <algorithm>
#include <string>

#include "base/encoding.h"
#include "base/limits.h"

namespace hallmark {
namespace {

constexpr std::uint64_t group_bytes = 3;  // become four characters
constexpr std::uint64_t group_characters = 4;
// As many groups as a copy holds at a time.
constexpr std::uint64_t groups_max = limits::copy_buffer_bytes / group_characters;

std::uint64_t size_of(const ArtifactPiece& piece) {
  if (const auto* range = std::get_if<SourceRange>(&piece)) return range->length;
  if (const auto* range = std::get_if<Base64Range>(&piece)) {
    return (range->length + group_bytes - 1) / group_bytes * group_characters;
  }
  return std::get_if<Bytes>(&piece)->size();
}

// The text of some groups of the range, from the one with this number.
Result<std::string> read_groups(const ReadAt& source, const Base64Range& range, std::uint64_t first,
                                std::uint64_t count) {
  const std::uint64_t offset = first * group_bytes;
  Bytes bytes(std::size_t(std::min(count * group_bytes, range.length - offset)));
  TRY(source.read_at(range.offset + offset, bytes));
  return to_base64(bytes);
}

// Fills `into` from `offset` within the text of the range.
Result<void> read_base64(const Base64Range& range, const ReadAt& source, std::uint64_t offset,
                         MutableByteView into) {
  while (!into.empty()) {
    const std::uint64_t skipped = offset % group_characters;
    const std::uint64_t wanted = (skipped + into.size() - 1) / group_characters + 1;
    TRY(const std::string text,
        read_groups(source, range, offset / group_characters, std::min(wanted, groups_max)));
    const ByteView part = bytes_of(text).subspan(std::size_t(skipped));
    const std::size_t step = std::min(part.size(), into.size());
    std::ranges::copy(part.first(step), into.begin());
    into = into.subspan(step);
    offset += step;
  }
  return {};
}

// Fills `into` from `offset` within one piece.
Result<void> read_piece(const ArtifactPiece& piece, const ReadAt& source, std::uint64_t offset,
                        MutableByteView into) {
  if (const auto* range = std::get_if<SourceRange>(&piece)) {
    return source.read_at(range->offset + offset, into);
  }
  if (const auto* range = std::get_if<Base64Range>(&piece)) {
    return read_base64(*range, source, offset, into);
  }
  return MemoryReadAt(*std::get_if<Bytes>(&piece)).read_at(offset, into);
}

Result<void> write_base64(const Base64Range& range, const ReadAt& source, Sink& sink) {
  const std::uint64_t groups = (range.length + group_bytes - 1) / group_bytes;
  for (std::uint64_t group = 0; group < groups; group += groups_max) {
    TRY(const std::string text, read_groups(source, range, group, groups_max));
    TRY(sink.write(bytes_of(text)));
  }
  return {};
}

Result<void> write_piece(const ArtifactPiece& piece, const ReadAt& source, Sink& sink) {
  if (const auto* range = std::get_if<SourceRange>(&piece)) {
    return copy_range(source, range->offset, range->length, sink);
  }
  if (const auto* range = std::get_if<Base64Range>(&piece)) {
    return write_base64(*range, source, sink);
  }
  return sink.write(*std::get_if<Bytes>(&piece));
}

}  // namespace

std::uint64_t Artifact::size() const {
  std::uint64_t total = 0;
  for (const auto& piece : pieces) total += size_of(piece);
  return total;
}

Result<void> Artifact::write_to(Sink& sink, const ReadAt& source) const {
  for (const ArtifactPiece& piece : pieces) TRY(write_piece(piece, source, sink));
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
