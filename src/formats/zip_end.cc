#include "formats/zip_end.h"

#include <algorithm>
#include <array>
#include <optional>

#include "formats/zip_layout.h"

namespace hallmark::formats {
namespace {

using namespace zip;

constexpr std::uint32_t disks = 1;

// The end record's own numbers (§4.3.16), before ZIP64 is looked at.
struct EndRecord {
  std::uint64_t offset = 0;  // of the record itself
  std::uint16_t disk = 0;
  std::uint16_t directory_disk = 0;
  std::uint16_t entries_on_disk = 0;
  std::uint16_t entries = 0;
  std::uint32_t directory_size = 0;
  std::uint32_t directory_offset = 0;
  std::uint16_t comment_size = 0;
};

// The two ZIP64 records (§4.3.14, §4.3.15), which stand right before the end record.
struct Zip64End {
  std::uint64_t offset = 0;  // of the first of them
  std::uint64_t entries = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t directory_offset = 0;
};

EndRecord parse_end(ByteView record, std::uint64_t offset) {
  return {.offset = offset,
          .disk = number_at<std::uint16_t>(record, 4),
          .directory_disk = number_at<std::uint16_t>(record, 6),
          .entries_on_disk = number_at<std::uint16_t>(record, 8),
          .entries = number_at<std::uint16_t>(record, 10),
          .directory_size = number_at<std::uint32_t>(record, 12),
          .directory_offset = number_at<std::uint32_t>(record, 16),
          .comment_size = number_at<std::uint16_t>(record, 20)};
}

// Readers look for the record from the back, from the front, or take the last signature without a
// look at the comment's length. So there must be one record whose comment ends where the archive
// ends, and no signature in that comment.
Result<std::size_t> locate_end(ByteView tail) {
  std::optional<std::size_t> found;
  bool has_signature = false;
  for (std::size_t at = 0; at + sizeof(end_signature) <= tail.size(); ++at) {
    if (number_at<std::uint32_t>(tail, at) != end_signature) continue;
    has_signature = true;
    if (found) return invalid("The archive has more than one end of central directory record.");
    if (at + end_bytes > tail.size()) continue;
    const std::size_t comment = number_at<std::uint16_t>(tail, at + 20);
    if (at + end_bytes + comment == tail.size()) found = at;
  }
  if (found) return *found;
  if (has_signature) {
    return invalid("Data follows the archive's end record, or its comment is cut short.");
  }
  return invalid("The package is not a ZIP archive: it has no end of central directory record.");
}

Result<EndRecord> read_end(const ReadAt& archive) {
  if (archive.size() == 0) return invalid("The package is empty.");
  Bytes tail(std::size_t(std::min<std::uint64_t>(archive.size(), end_bytes + comment_bytes_max)));
  const std::uint64_t tail_offset = archive.size() - tail.size();
  TRY(archive.read_at(tail_offset, tail));
  TRY(const std::size_t at, locate_end(tail));
  return parse_end(ByteView(tail).subspan(at, end_bytes), tail_offset + at);
}

Result<Zip64End> read_zip64_end(const ReadAt& archive, std::uint64_t locator_offset,
                                ByteView locator) {
  const auto record_offset = number_at<std::uint64_t>(locator, 8);
  if (locator_offset < zip64_end_bytes || record_offset != locator_offset - zip64_end_bytes) {
    return invalid("The ZIP64 locator does not point at the record before it.");
  }
  std::array<std::uint8_t, zip64_end_bytes> record = {};
  TRY(archive.read_at(record_offset, record));
  // The size leaves out the signature and itself (§4.3.14.1).
  constexpr std::uint64_t size_without_head = zip64_end_bytes - 12;
  if (number_at<std::uint32_t>(record, 0) != zip64_end_signature ||
      number_at<std::uint64_t>(record, 4) != size_without_head) {
    return invalid("The ZIP64 locator does not point at a ZIP64 end record of the known form.");
  }
  if (number_at<std::uint32_t>(locator, 4) != 0 || number_at<std::uint32_t>(locator, 16) != disks ||
      number_at<std::uint32_t>(record, 16) != 0 || number_at<std::uint32_t>(record, 20) != 0) {
    return invalid("The archive spans several disks.");
  }
  const auto entries = number_at<std::uint64_t>(record, 32);
  if (number_at<std::uint64_t>(record, 24) != entries) {
    return invalid("The ZIP64 end record counts its entries in two ways.");
  }
  return Zip64End{.offset = record_offset,
                  .entries = entries,
                  .directory_size = number_at<std::uint64_t>(record, 40),
                  .directory_offset = number_at<std::uint64_t>(record, 48)};
}

// Nothing when no locator stands before the end record. A reader that knows ZIP64 looks there
// whatever the end record says, so a signature in that place must be a true one.
Result<std::optional<Zip64End>> find_zip64_end(const ReadAt& archive, const EndRecord& end) {
  if (end.offset < zip64_locator_bytes) return std::optional<Zip64End>();
  const std::uint64_t offset = end.offset - zip64_locator_bytes;
  std::array<std::uint8_t, zip64_locator_bytes> locator = {};
  TRY(archive.read_at(offset, locator));
  if (number_at<std::uint32_t>(locator, 0) != zip64_locator_signature) {
    return std::optional<Zip64End>();
  }
  TRY(auto found, read_zip64_end(archive, offset, locator));
  return std::optional<Zip64End>(found);
}

template <std::unsigned_integral T>
bool agrees(T narrow, std::uint64_t wide) {
  return narrow == T(~T(0)) || narrow == wide;
}

Result<void> check_agreement(const EndRecord& end, const Zip64End& wide) {
  if (agrees(end.disk, 0) && agrees(end.directory_disk, 0) &&
      agrees(end.entries_on_disk, wide.entries) && agrees(end.entries, wide.entries) &&
      agrees(end.directory_size, wide.directory_size) &&
      agrees(end.directory_offset, wide.directory_offset)) {
    return {};
  }
  return invalid("The end record does not agree with the ZIP64 end record.");
}

// 65535 entries without ZIP64 are what some writers make; the directory will show how many.
Result<void> check_plain(const EndRecord& end) {
  if (end.disk != 0 || end.directory_disk != 0) return invalid("The archive spans several disks.");
  if (end.entries_on_disk != end.entries) {
    return invalid("The end record counts its entries in two ways.");
  }
  if (end.directory_size == saturated32 || end.directory_offset == saturated32) {
    return invalid("The end record refers to a ZIP64 end record that is not there.");
  }
  return {};
}

}  // namespace

Result<ZipEnd> find_zip_end(const ReadAt& archive) {
  TRY(const EndRecord end, read_end(archive));
  TRY(const auto wide, find_zip64_end(archive, end));
  ZipEnd found = {.entries = end.entries,
                  .directory_offset = end.directory_offset,
                  .directory_size = end.directory_size,
                  .comment_offset = end.offset + end_bytes,
                  .comment_size = end.comment_size};
  std::uint64_t directory_end = end.offset;
  if (wide) {
    TRY(check_agreement(end, *wide));
    found.entries = wide->entries;
    found.directory_offset = wide->directory_offset;
    found.directory_size = wide->directory_size;
    directory_end = wide->offset;
  } else {
    TRY(check_plain(end));
  }
  if (found.directory_offset > directory_end ||
      found.directory_size != directory_end - found.directory_offset) {
    return invalid(
        "The central directory does not end where the end record begins: data stands before the "
        "archive or within it, or the record's offset or size is wrong.");
  }
  return found;
}

}  // namespace hallmark::formats
