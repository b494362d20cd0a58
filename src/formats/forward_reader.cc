#include "formats/forward_reader.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace hallmark::formats {

ForwardReader::ForwardReader(const ReadAt& source, std::uint64_t end)
    : source_(source),
      end_(end),
      buffer_(std::size_t(std::min<std::uint64_t>(end, limits::copy_buffer_bytes))) {}

Result<ByteView> ForwardReader::take(std::size_t count) {
  CHECK(count <= limits::copy_buffer_bytes);
  if (held_.size() < count) TRY(fill());
  if (held_.size() < count) return internal_error("a read past the entries of an archive");
  const ByteView taken = held_.first(count);
  held_ = held_.subspan(count);
  return taken;
}

Result<ByteView> ForwardReader::take_some(std::uint64_t count_max) {
  if (held_.empty()) TRY(fill());
  if (held_.empty()) return internal_error("a read past the entries of an archive");
  return take(std::size_t(std::min<std::uint64_t>(count_max, held_.size())));
}

// Moves what is held to the front and reads as much behind it as fits.
Result<void> ForwardReader::fill() {
  std::ranges::copy(held_, buffer_.begin());
  const auto step =
      std::size_t(std::min<std::uint64_t>(buffer_.size() - held_.size(), end_ - next_offset_));
  TRY(source_.read_at(next_offset_, MutableByteView(buffer_).subspan(held_.size(), step)));
  next_offset_ += step;
  held_ = ByteView(buffer_).first(held_.size() + step);
  return {};
}

}  // namespace hallmark::formats
