// Appends entries to a ZIP archive: every byte before its central directory stays as it is.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/artifact.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "formats/zip_directory.h"

namespace hallmark::formats {

// A name that ends in '/' is a folder and has no content.
struct NewZipEntry {
  std::string name;  // ASCII
  Bytes content;
  Timestamp
      modified;  // in UTC, cut to even seconds; 1980 to 2107, times outside are moved to the edge
  std::uint32_t permissions = 0644;
};

// The archive with `added` after its last entry: its entries, the new local headers and contents,
// its central directory, the new central headers, an end record (with ZIP64's if the numbers need
// them), its comment. The same arguments always make the same bytes, with every version of zlib:
// contents are written as deflate streams of stored blocks. The names are new to the archive.
Artifact append_to_zip(const ZipDirectory& directory, std::span<const NewZipEntry> added);

}  // namespace hallmark::formats
