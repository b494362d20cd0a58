#include "formats/zip_extra.h"

#include <zlib.h>

#include "formats/zip_layout.h"
#include "formats/zip_names.h"

namespace hallmark::formats {
namespace {

using namespace zip;

constexpr std::size_t head_bytes = 4;          // identifier and size (§4.5.1)
constexpr std::size_t unicode_head_bytes = 5;  // version and CRC-32 of the header's name (§4.6.9)
constexpr std::size_t pkware_unix_bytes = 12;  // two times, user and group (§4.5.7)

// A reader takes this path for the name when the CRC fits, so it has to be the name.
Result<void> check_unicode_path(ByteView field, std::string_view name) {
  const auto name_crc = std::uint32_t(::crc32_z(0, bytes_of(name).data(), name.size()));
  if (field.size() < unicode_head_bytes || field[0] != 1 ||
      number_at<std::uint32_t>(field, 1) != name_crc ||
      text_of(field.subspan(unicode_head_bytes)) != name) {
    return invalid_entry(name, "has a Unicode Path that differs from its name");
  }
  return {};
}

// What a reader could take in place of the header's own name, mode or kind.
Result<void> check_field(std::uint16_t identifier, ByteView field, std::string_view name) {
  if (identifier == extra_unicode_path) return check_unicode_path(field, name);
  // bsdtar takes an entry's mode from the one, and Info-ZIP's unzip from the other where the header
  // has none: a file becomes a link, or setuid. Hardly any writer makes them.
  if (identifier == extra_libarchive || identifier == extra_asi_unix) {
    return invalid_entry(name, "has another mode in its extra fields");
  }
  // Where a link leads, or which device it is, follows those twelve bytes.
  if (identifier == extra_pkware_unix && field.size() > pkware_unix_bytes) {
    return invalid_entry(name, "has a link or device in its extra fields");
  }
  return {};
}

}  // namespace

Result<std::optional<ByteView>> zip64_extra_of(ByteView extra, std::string_view name) {
  std::optional<ByteView> zip64;
  while (!extra.empty()) {
    if (extra.size() < head_bytes ||
        extra.size() - head_bytes < number_at<std::uint16_t>(extra, 2)) {
      return invalid_entry(name, "has extra fields that do not fill their place");
    }
    const auto identifier = number_at<std::uint16_t>(extra, 0);
    const ByteView field = extra.subspan(head_bytes, number_at<std::uint16_t>(extra, 2));
    extra = extra.subspan(head_bytes + field.size());
    TRY(check_field(identifier, field, name));
    if (identifier != extra_zip64) continue;
    if (zip64) return invalid_entry(name, "has two ZIP64 extra fields");
    zip64 = field;
  }
  return zip64;
}

}  // namespace hallmark::formats
