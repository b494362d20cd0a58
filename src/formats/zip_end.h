// The end of a ZIP archive: the record that says where the central directory is. Private to this
// module.
#pragma once

#include <cstdint>

#include "base/read_at.h"
#include "base/result.h"

namespace hallmark::formats {

struct ZipEnd {
  std::uint64_t entries = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t comment_offset = 0;
  std::uint16_t comment_size = 0;
};

// Finds the end record and, when there are, the ZIP64 records before it. Invalid unless there is
// exactly one way to see them and the central directory ends exactly where they begin.
Result<ZipEnd> find_zip_end(const ReadAt& archive);

}  // namespace hallmark::formats
