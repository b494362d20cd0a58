#include "formats/zip_writer.h"

#include <zlib.h>

#include <algorithm>
#include <chrono>

#include "formats/zip_layout.h"

namespace hallmark::formats {
namespace {

using namespace zip;
using namespace std::chrono_literals;

// §4.4.6: date and time as MS-DOS packs them.
struct DosTime {
  std::uint16_t time = 0;
  std::uint16_t date = 0;
};

DosTime dos_time(Timestamp when) {
  constexpr Timestamp first = std::chrono::sys_days(std::chrono::January / 1 / 1980);
  constexpr Timestamp last = std::chrono::sys_days(std::chrono::January / 1 / 2108) - 1ms;
  when = std::clamp(when, first, last);
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date = day;
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(when - day));
  const auto years = unsigned(int(date.year()) - 1980);
  return {
      .time = std::uint16_t((unsigned(time.hours().count()) << 11) |
                            (unsigned(time.minutes().count()) << 5) |
                            (unsigned(time.seconds().count()) / 2)),
      .date = std::uint16_t((years << 9) | (unsigned(date.month()) << 5) | unsigned(date.day()))};
}

// A deflate stream of stored blocks (RFC 1951 §3.2.4).
Bytes deflate_stored(ByteView content) {
  constexpr std::size_t block_bytes_max = 0xFFFF;
  Bytes stream;
  do {
    const ByteView block = content.first(std::min(content.size(), block_bytes_max));
    content = content.subspan(block.size());
    stream.push_back(content.empty() ? 1 : 0);  // the last block; type 00
    append_number(stream, std::uint16_t(block.size()));
    append_number(stream, std::uint16_t(~block.size()));
    append(stream, block);
  } while (!content.empty());
  return stream;
}

// A new entry with all that its two headers say.
struct Written {
  const NewZipEntry& entry;
  bool is_folder = false;
  Bytes data;
  std::uint64_t offset = 0;

  bool is_far() const { return offset >= saturated32; }  // needs ZIP64 for its place
};

Written prepare(const NewZipEntry& entry, std::uint64_t offset) {
  const bool is_folder = entry.name.ends_with('/');
  return {.entry = entry,
          .is_folder = is_folder,
          .data = is_folder ? Bytes() : deflate_stored(entry.content),
          .offset = offset};
}

// The fields that both headers have, from "version needed" to the length of the name.
void append_common(Bytes& to, const Written& written) {
  const ByteView content = written.entry.content;
  const DosTime when = dos_time(written.entry.modified);
  append_number(to, written.is_far() ? version_zip64 : version_plain);
  append_number(to, std::uint16_t(0));  // flags
  append_number(to, written.is_folder ? method_stored : method_deflated);
  append_number(to, when.time);
  append_number(to, when.date);
  append_number(to, std::uint32_t(::crc32_z(0, content.data(), content.size())));
  append_number(to, std::uint32_t(written.data.size()));
  append_number(to, std::uint32_t(content.size()));
  append_number(to, std::uint16_t(written.entry.name.size()));
}

void append_local(Bytes& to, const Written& written) {
  append_number(to, local_signature);
  append_common(to, written);
  append_number(to, std::uint16_t(0));  // extra fields
  append(to, bytes_of(written.entry.name));
  append(to, written.data);
}

void append_central(Bytes& to, const Written& written) {
  const std::uint32_t mode =
      (written.is_folder ? mode_folder : mode_file) | written.entry.permissions;
  Bytes extra;
  if (written.is_far()) {
    append_number(extra, extra_zip64);
    append_number(extra, std::uint16_t(sizeof(written.offset)));
    append_number(extra, written.offset);
  }
  append_number(to, central_signature);
  append_number(to, std::uint16_t((system_unix << 8) | version_zip64));  // made by
  append_common(to, written);
  append_number(to, std::uint16_t(extra.size()));
  append_number(to, std::uint16_t(0));  // comment
  append_number(to, std::uint16_t(0));  // disk
  append_number(to, std::uint16_t(0));  // internal attributes
  append_number(to, (mode << 16) | (written.is_folder ? dos_folder : 0));
  append_number(to, std::uint32_t(std::min<std::uint64_t>(written.offset, saturated32)));
  append(to, bytes_of(written.entry.name));
  append(to, extra);
}

struct DirectoryPlace {
  std::uint64_t entries = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool needs_zip64() const {
    return entries >= saturated16 || offset >= saturated32 || size >= saturated32;
  }
};

void append_zip64_end(Bytes& to, const DirectoryPlace& place) {
  append_number(to, zip64_end_signature);
  append_number(to, std::uint64_t(zip64_end_bytes - 12));  // without signature and this field
  append_number(to, std::uint16_t((system_unix << 8) | version_zip64));
  append_number(to, version_zip64);
  append_number(to, std::uint32_t(0));  // disk
  append_number(to, std::uint32_t(0));  // disk of the directory
  append_number(to, place.entries);     // on this disk
  append_number(to, place.entries);
  append_number(to, place.size);
  append_number(to, place.offset);

  append_number(to, zip64_locator_signature);
  append_number(to, std::uint32_t(0));  // disk of the record above
  append_number(to, place.offset + place.size);
  append_number(to, std::uint32_t(1));  // disks
}

void append_end(Bytes& to, const DirectoryPlace& place, std::uint16_t comment_size) {
  if (place.needs_zip64()) append_zip64_end(to, place);
  const auto entries = std::uint16_t(std::min<std::uint64_t>(place.entries, saturated16));
  append_number(to, end_signature);
  append_number(to, std::uint16_t(0));  // disk
  append_number(to, std::uint16_t(0));  // disk of the directory
  append_number(to, entries);           // on this disk
  append_number(to, entries);
  append_number(to, std::uint32_t(std::min<std::uint64_t>(place.size, saturated32)));
  append_number(to, std::uint32_t(std::min<std::uint64_t>(place.offset, saturated32)));
  append_number(to, comment_size);
}

}  // namespace

Artifact append_to_zip(const ZipDirectory& directory, std::span<const NewZipEntry> added) {
  Bytes local;
  Bytes central;
  for (const NewZipEntry& entry : added) {
    const Written written = prepare(entry, directory.offset + local.size());
    append_local(local, written);
    append_central(central, written);
  }
  append_end(central,
             {.entries = directory.entries.size() + added.size(),
              .offset = directory.offset + local.size(),
              .size = directory.bytes.size() + central.size()},
             directory.comment_size);

  Artifact artifact;
  artifact.pieces.emplace_back(SourceRange{.offset = 0, .length = directory.offset});
  artifact.pieces.emplace_back(std::move(local));
  artifact.pieces.emplace_back(
      SourceRange{.offset = directory.offset, .length = directory.bytes.size()});
  artifact.pieces.emplace_back(std::move(central));
  if (directory.comment_size > 0) {
    artifact.pieces.emplace_back(
        SourceRange{.offset = directory.comment_offset, .length = directory.comment_size});
  }
  return artifact;
}

}  // namespace hallmark::formats
