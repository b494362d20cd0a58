// The table of a ZIP archive, read strictly: whatever two readers could understand differently is
// refused, so that what is signed here is what will be unpacked elsewhere.
//
// An archive that passes has exactly one end record; its entries stand in the order of the central
// directory, one after the other, from its first byte to the central directory; their names make
// one tree (zip_names.h); they are stored or deflated, not encrypted, on one disk, and no mode has
// the setuid, setgid or sticky bit. What only the content can show is checked by zip_reader.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/read_at.h"
#include "base/result.h"

namespace hallmark::formats {

enum class ZipEntryKind { file, folder, link };

// One entry as the central directory tells it.
struct ZipEntry {
  std::string_view name;  // borrowed from ZipDirectory::bytes; of a folder, it ends in '/'
  ZipEntryKind kind = ZipEntryKind::file;
  std::uint64_t offset = 0;  // of its local header
  std::uint64_t compressed_size = 0;
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
};

// Moves, but does not copy: the names are borrowed from `bytes`.
struct ZipDirectory {
  Bytes bytes;               // the central directory as it stands in the archive
  std::uint64_t offset = 0;  // of the central directory: here the entries end
  std::uint64_t comment_offset = 0;
  std::uint16_t comment_size = 0;
  std::vector<ZipEntry> entries;  // at least one

  ZipDirectory() = default;
  ZipDirectory(ZipDirectory&&) = default;
  ZipDirectory& operator=(ZipDirectory&&) = default;
  ZipDirectory(const ZipDirectory&) = delete;
  ZipDirectory& operator=(const ZipDirectory&) = delete;

  std::uint64_t end_of(std::size_t index) const;      // of an entry: where the next one begins
  const ZipEntry* find(std::string_view name) const;  // nullptr: there is none
};

// Reads the end of the archive and its central directory, of
// limits::zip_central_directory_bytes_max and limits::zip_entries_max at most. Invalid with the
// defect, and the entry that has it.
Result<ZipDirectory> read_zip_directory(const ReadAt& archive);

// How many bytes the package expands to. Invalid when that is more than `bytes_max`, or a large
// entry expands by more than limits::zip_ratio_max: what makes reading the content worthwhile.
Result<std::uint64_t> check_zip_size(const ZipDirectory& directory, std::uint64_t bytes_max);

}  // namespace hallmark::formats
