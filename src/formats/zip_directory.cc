#include "formats/zip_directory.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/limits.h"
#include "formats/zip_end.h"
#include "formats/zip_extra.h"
#include "formats/zip_layout.h"
#include "formats/zip_names.h"

namespace hallmark::formats {
namespace {

using namespace zip;

// One central header (§4.3.12), its parts still as they lie there.
struct CentralHeader {
  ByteView fixed;
  std::string_view name;
  ByteView extra;
};

// Cuts the headers off the directory, one after the other.
class HeaderReader {
 public:
  explicit HeaderReader(ByteView directory) : rest_(directory) {}
  bool at_end() const { return rest_.empty(); }

  Result<CentralHeader> next() {
    if (rest_.size() < central_bytes || number_at<std::uint32_t>(rest_, 0) != central_signature) {
      return invalid("The central directory holds something that is not a header of an entry.");
    }
    const std::size_t name = number_at<std::uint16_t>(rest_, 28);
    const std::size_t extra = number_at<std::uint16_t>(rest_, 30);
    const std::size_t comment = number_at<std::uint16_t>(rest_, 32);
    if (rest_.size() - central_bytes < name + extra + comment) {
      return invalid("The last header of the central directory is cut short.");
    }
    const CentralHeader header = {.fixed = rest_.first(central_bytes),
                                  .name = text_of(rest_.subspan(central_bytes, name)),
                                  .extra = rest_.subspan(central_bytes + name, extra)};
    rest_ = rest_.subspan(central_bytes + name + extra + comment);
    return header;
  }

 private:
  ByteView rest_;
};

Result<void> check_method_and_flags(const ZipEntry& entry, std::uint8_t version_needed) {
  const auto has = [&](std::uint16_t flag) { return (entry.flags & flag) != 0; };
  if (has(flag_strong_encryption) || has(flag_masked)) {
    return invalid_entry(entry.name, "is strongly encrypted");
  }
  if (has(flag_encrypted)) return invalid_entry(entry.name, "is encrypted");
  if (has(flag_patched)) return invalid_entry(entry.name, "holds compressed patched data");
  if ((entry.flags & ~flags_known) != 0) {
    return invalid_entry(entry.name, fmt::format("has unknown flags ({:#06x})", entry.flags));
  }
  if (entry.method != method_stored && entry.method != method_deflated) {
    return invalid_entry(entry.name,
                         fmt::format("uses compression method {}, which is neither stored nor "
                                     "deflated",
                                     entry.method));
  }
  // Readers skip or refuse entries that need more than they know.
  if (version_needed > version_zip64) {
    return invalid_entry(entry.name, fmt::format("needs version {}.{} of the format",
                                                 version_needed / 10, version_needed % 10));
  }
  return {};
}

// §4.5.3: the extra field holds the values of exactly those fields that are saturated, in order.
Result<void> widen(ZipEntry& entry, ByteView extra) {
  TRY(const auto zip64, zip64_extra_of(extra, entry.name));
  const std::array fields = {&entry.size, &entry.compressed_size, &entry.offset};
  ByteView values = zip64.value_or(ByteView());
  for (std::uint64_t* field : fields) {
    if (*field != saturated32) continue;
    if (values.size() < sizeof(std::uint64_t)) {
      return invalid_entry(entry.name, "lacks a value in its ZIP64 extra field");
    }
    *field = number_at<std::uint64_t>(values, 0);
    values = values.subspan(sizeof(std::uint64_t));
  }
  if (!values.empty()) {
    return invalid_entry(entry.name, "has values in its ZIP64 extra field that nothing refers to");
  }
  return {};
}

Result<ZipEntryKind> kind_of(std::string_view name, std::uint32_t attributes) {
  const std::uint32_t type = (attributes >> 16) & mode_type;
  // No signature covers a mode, so none may grant anybody's rights. On a folder the bits grant
  // none, and volumes that are shared by a group set them.
  if (type != mode_folder && ((attributes >> 16) & mode_special) != 0) {
    return invalid_entry(name, "has the setuid, setgid or sticky bit in its mode");
  }
  const bool is_folder_name = name.ends_with('/');
  const bool is_folder_marked = type == mode_folder || (attributes & dos_folder) != 0;
  if (type == mode_link && !is_folder_name && !is_folder_marked) return ZipEntryKind::link;
  if (type != 0 && type != mode_file && type != mode_folder) {
    return invalid_entry(name, "is neither a file, a folder nor a symbolic link");
  }
  if (is_folder_marked && !is_folder_name) {
    return invalid_entry(name, "is marked as a folder, but its name does not end in \"/\"");
  }
  return is_folder_name ? ZipEntryKind::folder : ZipEntryKind::file;
}

Result<void> check_size_for_kind(const ZipEntry& entry) {
  if (entry.kind == ZipEntryKind::folder && entry.size != 0) {
    return invalid_entry(entry.name, "is a folder with content");
  }
  if (entry.kind == ZipEntryKind::link && entry.size > limits::zip_link_target_bytes_max) {
    return invalid_entry(entry.name, fmt::format("is a symbolic link of more than {} bytes",
                                                 limits::zip_link_target_bytes_max));
  }
  if (entry.method == method_stored && entry.size != entry.compressed_size) {
    return invalid_entry(entry.name, "is stored, but its two sizes differ");
  }
  return {};
}

Result<ZipEntry> parse_entry(const CentralHeader& header) {
  const ByteView fixed = header.fixed;
  ZipEntry entry = {.name = header.name,
                    .offset = number_at<std::uint32_t>(fixed, 42),
                    .compressed_size = number_at<std::uint32_t>(fixed, 20),
                    .size = number_at<std::uint32_t>(fixed, 24),
                    .crc = number_at<std::uint32_t>(fixed, 16),
                    .flags = number_at<std::uint16_t>(fixed, 8),
                    .method = number_at<std::uint16_t>(fixed, 10)};
  TRY(check_zip_name(entry.name));
  TRY(check_name_encoding(entry.name, {.flags = entry.flags, .system = fixed[5]}));
  TRY(check_method_and_flags(entry, fixed[6]));
  if (number_at<std::uint16_t>(fixed, 34) != 0) {
    return invalid_entry(entry.name, "is on another disk");
  }
  TRY(widen(entry, header.extra));
  TRY(entry.kind, kind_of(entry.name, number_at<std::uint32_t>(fixed, 38)));
  TRY(check_size_for_kind(entry));
  return entry;
}

Result<void> parse_entries(ZipDirectory& directory, std::uint64_t count) {
  directory.entries.reserve(std::size_t(count));
  HeaderReader headers(directory.bytes);
  while (!headers.at_end()) {
    TRY(const CentralHeader header, headers.next());
    if (directory.entries.size() == count) {
      return invalid("The central directory holds more entries than the end record says.");
    }
    TRY(auto entry, parse_entry(header));
    directory.entries.push_back(entry);
  }
  if (directory.entries.size() != count) {
    return invalid("The central directory holds fewer entries than the end record says.");
  }
  return {};
}

// The entries follow each other from the first byte on. How long the local headers are is not known
// yet, but each has its fixed part and the name.
Result<void> check_places(const ZipDirectory& directory) {
  if (directory.entries.front().offset != 0) {
    return invalid("Data stands before the first entry of the archive.");
  }
  for (std::size_t i = 0; i < directory.entries.size(); ++i) {
    const ZipEntry& entry = directory.entries[i];
    const std::uint64_t end = directory.end_of(i);
    if (end <= entry.offset) {
      return invalid_entry(entry.name,
                           "does not stand before the next one, as the central directory has it");
    }
    const std::uint64_t header = local_bytes + entry.name.size();
    if (end - entry.offset < header || end - entry.offset - header < entry.compressed_size) {
      return invalid_entry(entry.name, "overlaps what follows it");
    }
  }
  return {};
}

Result<void> check_limits(const ZipEnd& end) {
  if (end.entries == 0) return invalid("The package has no entries.");
  if (end.entries > limits::zip_entries_max) {
    return invalid(fmt::format("The package has {} entries, more than the limit of {}.",
                               end.entries, limits::zip_entries_max));
  }
  if (end.directory_size > limits::zip_central_directory_bytes_max) {
    return invalid(fmt::format("The central directory has {} bytes, more than the limit of {}.",
                               end.directory_size, limits::zip_central_directory_bytes_max));
  }
  return {};
}

}  // namespace

std::uint64_t ZipDirectory::end_of(std::size_t index) const {
  return index + 1 < entries.size() ? entries[index + 1].offset : offset;
}

const ZipEntry* ZipDirectory::find(std::string_view name) const {
  const auto found = std::ranges::find(entries, name, &ZipEntry::name);
  return found == entries.end() ? nullptr : &*found;
}

Result<ZipDirectory> read_zip_directory(const ReadAt& archive) {
  TRY(const ZipEnd end, find_zip_end(archive));
  TRY(check_limits(end));
  ZipDirectory directory;
  directory.offset = end.directory_offset;
  directory.comment_offset = end.comment_offset;
  directory.comment_size = end.comment_size;
  directory.bytes.resize(std::size_t(end.directory_size));
  TRY(archive.read_at(directory.offset, directory.bytes));
  TRY(parse_entries(directory, end.entries));
  TRY(check_places(directory));
  TRY(check_zip_tree(directory.entries));
  return directory;
}

Result<std::uint64_t> check_zip_size(const ZipDirectory& directory, std::uint64_t bytes_max) {
  std::uint64_t left = bytes_max;
  for (const ZipEntry& entry : directory.entries) {
    if (entry.size > left) {
      return invalid(
          fmt::format("The package expands to more than the limit of {} bytes.", bytes_max));
    }
    left -= entry.size;
    if (entry.size > limits::zip_ratio_free_bytes &&
        (entry.size - 1) / limits::zip_ratio_max >= entry.compressed_size) {
      return invalid_entry(entry.name,
                           fmt::format("expands by more than {} to 1", limits::zip_ratio_max));
    }
  }
  return bytes_max - left;
}

}  // namespace hallmark::formats
