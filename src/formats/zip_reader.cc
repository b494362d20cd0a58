#include "formats/zip_reader.h"

#include <libdeflate.h>

#include <concepts>
#include <string>

#include "base/limits.h"
#include "formats/forward_reader.h"
#include "formats/zip_extra.h"
#include "formats/zip_inflate.h"
#include "formats/zip_layout.h"
#include "formats/zip_names.h"

namespace hallmark::formats {
namespace {

using namespace zip;

bool has_descriptor(const ZipEntry& entry) { return (entry.flags & flag_descriptor) != 0; }

// The numbers that stand in a local header or a data descriptor again.
struct Sizes {
  std::uint32_t crc = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t size = 0;
};

// A local header (§4.3.7), its variable parts not yet read.
struct LocalHeader {
  std::uint32_t signature = 0;
  std::uint8_t version_needed = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  Sizes sizes;
  std::size_t name_bytes = 0;
  std::size_t extra_bytes = 0;
};

LocalHeader parse_local(ByteView fixed) {
  return {.signature = number_at<std::uint32_t>(fixed, 0),
          .version_needed = fixed[4],
          .flags = number_at<std::uint16_t>(fixed, 6),
          .method = number_at<std::uint16_t>(fixed, 8),
          .sizes = {.crc = number_at<std::uint32_t>(fixed, 14),
                    .compressed_size = number_at<std::uint32_t>(fixed, 18),
                    .size = number_at<std::uint32_t>(fixed, 22)},
          .name_bytes = number_at<std::uint16_t>(fixed, 26),
          .extra_bytes = number_at<std::uint16_t>(fixed, 28)};
}

// The content of a stored entry has no end of its own. When its header leaves the size to the data
// descriptor, who reads a stream looks for a descriptor's signature and may find one in the
// content, with other entries behind it. Where there is no content, there is nothing to be found.
Result<void> check_end_is_known(const ZipEntry& entry, const Sizes& local) {
  if (entry.method != method_stored || !has_descriptor(entry) || entry.size == 0) return {};
  if (local.compressed_size != 0 && local.size != 0) return {};
  return invalid_entry(entry.name,
                       "is stored without its size before its content; it has to be deflated, or "
                       "stored by a program that does not write into a pipe");
}

Result<void> check_local_fields(const ZipEntry& entry, const LocalHeader& local) {
  if (local.signature != local_signature) {
    return invalid_entry(entry.name, "has no local header where the central directory says");
  }
  if (local.flags != entry.flags) {
    return invalid_entry(entry.name, "has other flags in its local header");
  }
  if (local.method != entry.method) {
    return invalid_entry(entry.name, "has another compression method in its local header");
  }
  if (local.version_needed > version_zip64) {
    return invalid_entry(entry.name, "needs an unknown version of the format");
  }
  return check_end_is_known(entry, local.sizes);
}

// The sizes of the ZIP64 extra field; here, unlike in the central header, it holds both or is
// absent (§4.5.3). The narrow fields then refer to it or say the same.
Result<Sizes> widen(const ZipEntry& entry, Sizes narrow, ByteView zip64) {
  if (zip64.size() != 2 * sizeof(std::uint64_t)) {
    return invalid_entry(entry.name, "has a ZIP64 extra field of a wrong size in its local header");
  }
  Sizes wide = {.crc = narrow.crc,
                .compressed_size = number_at<std::uint64_t>(zip64, 8),
                .size = number_at<std::uint64_t>(zip64, 0)};
  const auto agrees = [&](std::uint64_t field, std::uint64_t value) {
    return field == saturated32 || field == value || (field == 0 && has_descriptor(entry));
  };
  if (!agrees(narrow.size, wide.size) || !agrees(narrow.compressed_size, wide.compressed_size)) {
    return invalid_entry(entry.name, "has a ZIP64 extra field that contradicts its local header");
  }
  return wide;
}

// With a data descriptor, the local header may leave the numbers at zero (§4.4.4, bit 3). `local`
// are those of the ZIP64 extra field, where there is one.
Result<void> check_local_sizes(const ZipEntry& entry, const Sizes& local) {
  TRY(check_end_is_known(entry, local));
  const auto agrees = [&](std::uint64_t field, std::uint64_t value) {
    return field == value || (field == 0 && has_descriptor(entry));
  };
  if (!agrees(local.crc, entry.crc)) {
    return invalid_entry(entry.name, "has another CRC-32 in its local header");
  }
  if (!agrees(local.size, entry.size) || !agrees(local.compressed_size, entry.compressed_size)) {
    return invalid_entry(entry.name, "has another size in its local header");
  }
  return {};
}

template <std::unsigned_integral T>
Sizes parse_descriptor(ByteView bytes) {
  return {.crc = number_at<std::uint32_t>(bytes, 0),
          .compressed_size = number_at<T>(bytes, sizeof(std::uint32_t)),
          .size = number_at<T>(bytes, sizeof(std::uint32_t) + sizeof(T))};
}

// Takes in the content of one entry: its CRC-32, and the target if it is a link.
class EntrySink final : public Sink {
 public:
  EntrySink(const ZipEntry& entry, ZipVisitor& visitor) : entry_(entry), visitor_(visitor) {}

  Result<void> write(ByteView bytes) override {
    if (bytes.empty()) return {};  // libdeflate_crc32 starts anew on a null pointer
    crc_ = ::libdeflate_crc32(crc_, bytes.data(), bytes.size());
    // A link has at most limits::zip_link_target_bytes_max: the directory was checked.
    if (entry_.kind == ZipEntryKind::link) target_ += text_of(bytes);
    return visitor_.content(bytes);
  }

  Result<void> finish() const {
    if (crc_ != entry_.crc) {
      return invalid_entry(entry_.name, "has content that does not match its CRC-32");
    }
    if (entry_.kind == ZipEntryKind::link) return check_link_target(entry_.name, target_);
    return {};
  }

 private:
  const ZipEntry& entry_;
  ZipVisitor& visitor_;
  std::uint32_t crc_ = 0;
  std::string target_;
};

class ContentReader {
 public:
  explicit ContentReader(const ZipArchive& archive)
      : directory_(archive.directory),
        reader_(archive.bytes, archive.directory.offset),
        inflater_(archive.inflating) {}

  Result<void> read_all(ZipVisitor& visitor) {
    for (std::size_t i = 0; i < directory_.entries.size(); ++i) {
      const ZipEntry& entry = directory_.entries[i];
      CHECK(reader_.position() == entry.offset);
      TRY(visitor.begin(entry));
      EntrySink sink(entry, visitor);
      const std::uint64_t end = directory_.end_of(i);
      TRY(const bool is_wide, read_local_header(entry, end));
      TRY(read_data(entry, sink));
      TRY(sink.finish());
      TRY(read_descriptor(entry, end, is_wide));
    }
    return {};
  }

 private:
  // Whether the header has a ZIP64 extra field. Afterwards the entry's data and what follows it up
  // to `end` lie ahead, all of the data for certain.
  Result<bool> read_local_header(const ZipEntry& entry, std::uint64_t end) {
    TRY(const ByteView fixed, reader_.take(local_bytes));  // check_places: it is all there
    LocalHeader local = parse_local(fixed);
    TRY(check_local_fields(entry, local));
    const std::uint64_t variable = local.name_bytes + local.extra_bytes;
    if (end - reader_.position() < variable + entry.compressed_size) {
      return invalid_entry(entry.name, "overlaps what follows it");
    }
    TRY(const ByteView rest, reader_.take(std::size_t(variable)));
    if (text_of(rest.first(local.name_bytes)) != entry.name) {
      return invalid_entry(entry.name, "has another name in its local header");
    }
    TRY(const auto zip64, zip64_extra_of(rest.subspan(local.name_bytes), entry.name));
    if (zip64) {
      TRY(local.sizes, widen(entry, local.sizes, *zip64));
    }
    TRY(check_local_sizes(entry, local.sizes));
    return zip64.has_value();
  }

  Result<void> read_data(const ZipEntry& entry, Sink& sink) {
    if (entry.method == method_deflated) return inflater_.inflate(entry, reader_, sink);
    for (std::uint64_t left = entry.compressed_size; left > 0;) {
      TRY(const ByteView part, reader_.take_some(left));
      left -= part.size();
      TRY(sink.write(part));
    }
    return {};
  }

  // A data descriptor (§4.3.9): with or without a signature, its sizes as wide as the local
  // header's. Since the next entry's place is known, its length tells which form it has.
  Result<void> read_descriptor(const ZipEntry& entry, std::uint64_t end, bool is_wide) {
    const std::uint64_t left = end - reader_.position();
    const std::size_t plain = is_wide ? 20 : 12;
    const std::size_t signed_too = plain + sizeof(descriptor_signature);
    if (!has_descriptor(entry)) {
      if (left == 0) return {};
      return invalid_entry(entry.name, "is followed by data that belongs to no entry");
    }
    if (left == 0) return invalid_entry(entry.name, "lacks its data descriptor");
    if (left != plain && left != signed_too) {
      return invalid_entry(entry.name, "is followed by something else than its data descriptor");
    }
    TRY(ByteView bytes, reader_.take(std::size_t(left)));
    const bool begins_signed = number_at<std::uint32_t>(bytes, 0) == descriptor_signature;
    // A reader that does not know the length looks for the signature; a deflate stream tells it.
    const bool lacks_signature = !begins_signed && entry.method == method_stored;
    if (begins_signed != (left == signed_too) || lacks_signature) {
      return invalid_entry(entry.name, "has an ambiguous data descriptor");
    }
    bytes = bytes.last(plain);
    return check_descriptor(entry, is_wide ? parse_descriptor<std::uint64_t>(bytes)
                                           : parse_descriptor<std::uint32_t>(bytes));
  }

  static Result<void> check_descriptor(const ZipEntry& entry, const Sizes& descriptor) {
    if (descriptor.crc == entry.crc && descriptor.compressed_size == entry.compressed_size &&
        descriptor.size == entry.size) {
      return {};
    }
    return invalid_entry(entry.name,
                         "has a data descriptor that contradicts the central directory");
  }

  const ZipDirectory& directory_;
  ForwardReader reader_;
  Inflater inflater_;
};

}  // namespace

Result<void> read_zip_content(const ZipArchive& archive, ZipVisitor& visitor) {
  ContentReader content(archive);
  return content.read_all(visitor);
}

}  // namespace hallmark::formats
