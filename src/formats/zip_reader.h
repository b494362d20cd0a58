// The content of a ZIP archive, read once from front to back through fixed buffers, and strictly:
// see zip_directory.h.
#pragma once

#include "base/bytes.h"
#include "base/read_at.h"
#include "base/result.h"
#include "formats/zip_directory.h"
#include "formats/zip_inflate.h"

namespace hallmark::formats {

// Receives the entries in the order of the archive. An error stops the reading and is returned.
class ZipVisitor {
 public:
  virtual ~ZipVisitor() = default;
  virtual Result<void> begin(const ZipEntry& entry) = 0;
  // The entry's next bytes, expanded; its CRC-32 is only known to fit when the next entry begins or
  // the reading ends.
  virtual Result<void> content(ByteView bytes) = 0;
};

struct ZipArchive {
  const ZipDirectory& directory;
  const ReadAt& bytes;
  Inflating inflating = Inflating::strict;
};

// Reads all entries of the archive. Invalid, with the entry named, unless
// each local header and data descriptor agrees with the central header, the entries leave no gap
// and no overlap, the content has its size and CRC-32, where it ends is told before it or by itself
// (a deflate stream), and symbolic links stay in the tree.
Result<void> read_zip_content(const ZipArchive& archive, ZipVisitor& visitor);

}  // namespace hallmark::formats
