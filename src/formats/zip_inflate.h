// Decompression of the entries of an archive (RFC 1951) through fixed buffers. Private to this
// module.
#pragma once

#include <memory>

#include "base/read_at.h"
#include "base/result.h"
#include "formats/forward_reader.h"
#include "formats/zip_directory.h"

namespace hallmark::formats {

// Of an entry up to this size, compressed and expanded, all can be held.
inline constexpr std::uint64_t inflated_whole_bytes_max = 1024 * 1024;

enum class Inflating {
  // zlib, which most of those have who unpack packages. Refuses what RFC 1951 does not allow.
  strict,
  // libdeflate for entries that can be held, more than twice as fast, and zlib for larger ones.
  // Another implementation, so another judge of what the bytes expand to; but it lets some streams
  // pass that zlib refuses (codes that are not complete, symbols that are not defined). For
  // archives that somebody who is trusted has read strictly.
  quick
};

// For one entry after the other. One thread at a time.
class Inflater {
 public:
  explicit Inflater(Inflating how);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Expands the entry, whose compressed bytes are next in `from`, into `to`. Invalid unless those
  // bytes are exactly one deflate stream, which expands to exactly the entry's size.
  Result<void> inflate(const ZipEntry& entry, ForwardReader& from, Sink& to);

 private:
  struct Stream;
  struct Whole;
  const std::unique_ptr<Stream> stream_;
  const std::unique_ptr<Whole> whole_;  // of the quick one
};

}  // namespace hallmark::formats
