// Reads a range of a ReadAt once, from front to back, in large steps through one buffer. Private to
// this module.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/read_at.h"
#include "base/result.h"

namespace hallmark::formats {

// One thread at a time; borrows what it is made of. Asking for more than the range holds is an
// error of kind internal: the callers know the range and look first.
class ForwardReader {
 public:
  // Reads from the first byte of `source` up to `end`.
  ForwardReader(const ReadAt& source, std::uint64_t end);
  ForwardReader(const ForwardReader&) = delete;
  ForwardReader& operator=(const ForwardReader&) = delete;

  std::uint64_t position() const { return next_offset_ - held_.size(); }
  // The next `count` bytes in one piece; `count` is at most limits::copy_buffer_bytes. Borrowed
  // until the next call.
  Result<ByteView> take(std::size_t count);
  // The next bytes, at least one and at most `count_max`. Borrowed until the next call.
  Result<ByteView> take_some(std::uint64_t count_max);

 private:
  Result<void> fill();

  const ReadAt& source_;
  const std::uint64_t end_;
  Bytes buffer_;
  ByteView held_;                  // the part of the buffer that was read and not taken
  std::uint64_t next_offset_ = 0;  // in the source, of the byte after `held_`
};

}  // namespace hallmark::formats
