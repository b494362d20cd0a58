// The records of a ZIP archive as they lie on disk (PKWARE APPNOTE.TXT 6.3.10; section numbers in
// this module are its). All numbers are little-endian. Private to this module.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace hallmark::formats::zip {

// Signatures (§4.3) and the sizes of the fixed parts.
inline constexpr std::uint32_t local_signature = 0x04034b50;
inline constexpr std::uint32_t central_signature = 0x02014b50;
inline constexpr std::uint32_t end_signature = 0x06054b50;
inline constexpr std::uint32_t zip64_end_signature = 0x06064b50;
inline constexpr std::uint32_t zip64_locator_signature = 0x07064b50;
inline constexpr std::uint32_t descriptor_signature = 0x08074b50;

inline constexpr std::size_t local_bytes = 30;
inline constexpr std::size_t central_bytes = 46;
inline constexpr std::size_t end_bytes = 22;
inline constexpr std::size_t comment_bytes_max = 0xFFFF;
inline constexpr std::size_t zip64_end_bytes = 56;
inline constexpr std::size_t zip64_locator_bytes = 20;

// A field of this value says: see the ZIP64 record (§4.4.1.4).
inline constexpr std::uint16_t saturated16 = 0xFFFF;
inline constexpr std::uint32_t saturated32 = 0xFFFFFFFF;

// Compression methods (§4.4.5).
inline constexpr std::uint16_t method_stored = 0;
inline constexpr std::uint16_t method_deflated = 8;

// General purpose bits (§4.4.4).
inline constexpr std::uint16_t flag_encrypted = 1U << 0;
inline constexpr std::uint16_t flag_deflate_options = 3U << 1;
inline constexpr std::uint16_t flag_descriptor = 1U << 3;
inline constexpr std::uint16_t flag_patched = 1U << 5;
inline constexpr std::uint16_t flag_strong_encryption = 1U << 6;
inline constexpr std::uint16_t flag_utf8 = 1U << 11;
inline constexpr std::uint16_t flag_masked = 1U << 13;
inline constexpr std::uint16_t flags_known = flag_deflate_options | flag_descriptor | flag_utf8;

// "Version needed to extract" (§4.4.3): 2.0 knows deflate and folders, 4.5 knows ZIP64. The upper
// byte of the field is a system, which readers ignore.
inline constexpr std::uint16_t version_plain = 20;
inline constexpr std::uint16_t version_zip64 = 45;
inline constexpr std::uint16_t system_unix = 3;
inline constexpr std::uint16_t system_macos = 19;

// The upper half of the external attributes is a Unix mode; the lower byte is of MS-DOS.
inline constexpr std::uint32_t mode_type = 0170000;
inline constexpr std::uint32_t mode_file = 0100000;
inline constexpr std::uint32_t mode_folder = 0040000;
inline constexpr std::uint32_t mode_link = 0120000;
inline constexpr std::uint32_t mode_special = 0007000;  // setuid, setgid, sticky
inline constexpr std::uint32_t dos_folder = 0x10;

// Extra fields (§4.5, §4.6).
inline constexpr std::uint16_t extra_zip64 = 0x0001;
inline constexpr std::uint16_t extra_pkware_unix = 0x000d;
inline constexpr std::uint16_t extra_unicode_path = 0x7075;
inline constexpr std::uint16_t extra_libarchive = 0x6c78;
inline constexpr std::uint16_t extra_asi_unix = 0x756e;

// The number at `offset`, which the caller knows to lie within `bytes`.
template <std::unsigned_integral T>
T number_at(ByteView bytes, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= std::uint64_t(bytes[offset + i]) << (8 * i);
  }
  return T(value);
}

template <std::unsigned_integral T>
void append_number(Bytes& to, T number) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    to.push_back(std::uint8_t(std::uint64_t(number) >> (8 * i)));
  }
}

}  // namespace hallmark::formats::zip
