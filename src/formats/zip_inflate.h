// Decompression of the entries of an archive (RFC 1951) through one fixed buffer. Private to this
// module.
#pragma once

#include <memory>

#include "base/read_at.h"
#include "base/result.h"
#include "formats/forward_reader.h"
#include "formats/zip_directory.h"

namespace hallmark::formats {

// For one entry after the other. One thread at a time.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Expands the entry, whose compressed bytes are next in `from`, into `to`. Invalid unless those
  // bytes are exactly one deflate stream, which expands to exactly the entry's size.
  Result<void> inflate(const ZipEntry& entry, ForwardReader& from, Sink& to);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hallmark::formats
