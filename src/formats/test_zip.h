// Archives for tests, made byte by byte, so that each can have one defect. Only for tests.
#pragma once

#include <zlib.h>

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "formats/zip_layout.h"

namespace hallmark::formats::test {

// An entry as it should be, and whatever is to be wrong about it.
struct TestEntry {
  std::string name = "a.txt";
  std::string body = "hello";
  std::uint16_t method = zip::method_stored;
  std::uint16_t flags = 0;
  std::uint16_t version = 20;
  std::uint16_t made_by = 0x031e;  // a Unix
  std::uint32_t attributes = 0100644U << 16;
  std::uint16_t disk = 0;
  Bytes central_extra = {};
  Bytes local_extra = {};
  Bytes descriptor = {};           // stands after the data
  std::optional<Bytes> data = {};  // instead of the (compressed) body
  std::optional<std::uint32_t> crc = {};
  std::optional<std::uint32_t> size = {};
  std::optional<std::uint32_t> compressed_size = {};
  std::optional<std::uint32_t> offset = {};
  std::optional<std::uint32_t> local_signature = {};
  std::optional<std::string> local_name = {};
  std::optional<std::uint16_t> local_method = {};
  std::optional<std::uint16_t> local_flags = {};
  std::optional<std::uint16_t> local_version = {};
  std::optional<std::uint32_t> local_crc = {};
  std::optional<std::uint32_t> local_size = {};
  std::optional<std::uint32_t> local_compressed_size = {};
};

struct TestZip {
  std::vector<TestEntry> entries;
  Bytes before = {};            // the archive, not counted by its offsets
  Bytes before_directory = {};  // between the last entry and the central directory
  Bytes after_directory = {};   // between the central directory and the end record
  std::string comment = {};
  Bytes after = {};  // the archive
  std::uint16_t disk = 0;
  std::optional<std::uint16_t> comment_size = {};
  std::optional<std::uint16_t> entries_on_disk = {};
  std::optional<std::uint16_t> entries_count = {};
  std::optional<std::uint32_t> directory_size = {};
  std::optional<std::uint32_t> directory_offset = {};
};

inline std::uint32_t crc_of(std::string_view body) {
  return std::uint32_t(::crc32_z(0, bytes_of(body).data(), body.size()));
}

inline Bytes deflated(std::string_view body) {
  ::z_stream stream = {};
  CHECK(::deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(::deflateBound(&stream, body.size()) + 16);
  stream.next_in = const_cast<::Bytef*>(bytes_of(body).data());
  stream.avail_in = ::uInt(body.size());
  stream.next_out = out.data();
  stream.avail_out = ::uInt(out.size());
  CHECK(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

inline Bytes data_of(const TestEntry& entry) {
  if (entry.data) return *entry.data;
  if (entry.method == zip::method_deflated) return deflated(entry.body);
  return copy_of(bytes_of(entry.body));
}

// A data descriptor for the entry; T is the width of its sizes.
template <std::unsigned_integral T>
Bytes descriptor_of(const TestEntry& entry, std::optional<std::uint32_t> signature) {
  Bytes bytes;
  if (signature) zip::append_number(bytes, *signature);
  zip::append_number(bytes, crc_of(entry.body));
  zip::append_number(bytes, T(data_of(entry).size()));
  zip::append_number(bytes, T(entry.body.size()));
  return bytes;
}

inline Bytes extra_field(std::uint16_t identifier, const Bytes& content) {
  Bytes bytes;
  zip::append_number(bytes, identifier);
  zip::append_number(bytes, std::uint16_t(content.size()));
  append(bytes, content);
  return bytes;
}

inline Bytes zip64_field(std::initializer_list<std::uint64_t> values) {
  Bytes content;
  for (const std::uint64_t value : values) zip::append_number(content, value);
  return extra_field(zip::extra_zip64, content);
}

inline Bytes unicode_path(std::uint8_t version, std::uint32_t crc, std::string_view path) {
  Bytes content = {version};
  zip::append_number(content, crc);
  append(content, bytes_of(path));
  return extra_field(zip::extra_unicode_path, content);
}

// ASi's, of a mode and the target of a link. Its CRC-32 is left zero.
inline Bytes asi_unix(std::uint16_t mode, std::string_view target) {
  Bytes content(4);
  zip::append_number(content, mode);
  zip::append_number(content, std::uint32_t(target.size()));
  zip::append_number(content, std::uint32_t(0));  // user and group
  append(content, bytes_of(target));
  return extra_field(zip::extra_asi_unix, content);
}

inline void append_test_local(Bytes& to, const TestEntry& entry) {
  using zip::append_number;
  const Bytes data = data_of(entry);
  const bool described = (entry.flags & zip::flag_descriptor) != 0;
  const std::string name = entry.local_name.value_or(entry.name);
  append_number(to, entry.local_signature.value_or(zip::local_signature));
  append_number(to, entry.local_version.value_or(entry.version));
  append_number(to, entry.local_flags.value_or(entry.flags));
  append_number(to, entry.local_method.value_or(entry.method));
  append_number(to, std::uint32_t(0x5d766aa4));  // time and date
  append_number(to, entry.local_crc.value_or(described ? 0 : crc_of(entry.body)));
  append_number(to,
                entry.local_compressed_size.value_or(described ? 0 : std::uint32_t(data.size())));
  append_number(to, entry.local_size.value_or(described ? 0 : std::uint32_t(entry.body.size())));
  append_number(to, std::uint16_t(name.size()));
  append_number(to, std::uint16_t(entry.local_extra.size()));
  append(to, bytes_of(name));
  append(to, entry.local_extra);
  append(to, data);
  append(to, entry.descriptor);
}

inline void append_test_central(Bytes& to, const TestEntry& entry, std::size_t offset) {
  using zip::append_number;
  append_number(to, zip::central_signature);
  append_number(to, entry.made_by);
  append_number(to, entry.version);
  append_number(to, entry.flags);
  append_number(to, entry.method);
  append_number(to, std::uint32_t(0x5d766aa4));
  append_number(to, entry.crc.value_or(crc_of(entry.body)));
  append_number(to, entry.compressed_size.value_or(std::uint32_t(data_of(entry).size())));
  append_number(to, entry.size.value_or(std::uint32_t(entry.body.size())));
  append_number(to, std::uint16_t(entry.name.size()));
  append_number(to, std::uint16_t(entry.central_extra.size()));
  append_number(to, std::uint16_t(0));
  append_number(to, entry.disk);
  append_number(to, std::uint16_t(0));
  append_number(to, entry.attributes);
  append_number(to, entry.offset.value_or(std::uint32_t(offset)));
  append(to, bytes_of(entry.name));
  append(to, entry.central_extra);
}

inline Bytes build(const TestZip& zip) {
  using zip::append_number;
  Bytes entries;
  Bytes directory;
  for (const TestEntry& entry : zip.entries) {
    append_test_central(directory, entry, entries.size());
    append_test_local(entries, entry);
  }
  append(entries, zip.before_directory);
  const auto count = std::uint16_t(zip.entries.size());
  Bytes archive = zip.before;
  append(archive, entries);
  append(archive, directory);
  append(archive, zip.after_directory);
  append_number(archive, zip::end_signature);
  append_number(archive, zip.disk);
  append_number(archive, zip.disk);
  append_number(archive, zip.entries_on_disk.value_or(zip.entries_count.value_or(count)));
  append_number(archive, zip.entries_count.value_or(count));
  append_number(archive, zip.directory_size.value_or(std::uint32_t(directory.size())));
  append_number(archive, zip.directory_offset.value_or(std::uint32_t(entries.size())));
  append_number(archive, zip.comment_size.value_or(std::uint16_t(zip.comment.size())));
  append(archive, bytes_of(zip.comment));
  append(archive, zip.after);
  return archive;
}

}  // namespace hallmark::formats::test
