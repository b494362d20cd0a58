#include "formats/zip_inflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/handle.h"
#include "base/limits.h"
#include "formats/zip_names.h"

namespace hallmark::formats {
namespace {

constexpr int raw_window_bits = -MAX_WBITS;  // negative: a raw stream, without zlib's header

Error is_broken(const ZipEntry& entry) {
  return invalid_entry(entry.name, "holds a broken deflate stream");
}
Error is_long(const ZipEntry& entry) {
  return invalid_entry(entry.name, "expands to more than its size");
}
Error is_short(const ZipEntry& entry) {
  return invalid_entry(entry.name, "expands to less than its size");
}
Error goes_on(const ZipEntry& entry) {
  return invalid_entry(entry.name, "has data after the end of its deflate stream");
}

}  // namespace

// zlib, at any size.
struct Inflater::Stream {
  ::z_stream stream = {};
  bool is_open = false;
  int status = Z_OK;           // of the last step
  std::uint64_t produced = 0;  // of the entry at hand
  Bytes buffer = Bytes(limits::copy_buffer_bytes);

  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (is_open) ::inflateEnd(&stream);
  }

  Result<void> inflate(const ZipEntry& entry, ForwardReader& from, Sink& to);
  Result<void> start();
  Result<void> consume(const ZipEntry& entry, ByteView input, Sink& to);
  Result<void> step(const ZipEntry& entry, Sink& to);
};

// Makes the state for the first entry and resets it for the others.
Result<void> Inflater::Stream::start() {
  const int begun = is_open ? ::inflateReset(&stream) : ::inflateInit2(&stream, raw_window_bits);
  if (begun != Z_OK) return internal_error(fmt::format("zlib: inflateInit2 answers {}", begun));
  is_open = true;
  status = Z_OK;
  produced = 0;
  return {};
}

Result<void> Inflater::Stream::step(const ZipEntry& entry, Sink& to) {
  // Room for one byte more than there should be shows a stream that is too long.
  const auto room = std::size_t(std::min<std::uint64_t>(buffer.size(), entry.size - produced + 1));
  stream.next_out = buffer.data();
  stream.avail_out = ::uInt(room);
  status = ::inflate(&stream, Z_NO_FLUSH);
  // Z_BUF_ERROR only says that there was nothing to do.
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
    return is_broken(entry);
  }
  const std::size_t count = room - stream.avail_out;
  produced += count;
  if (produced > entry.size) return is_long(entry);
  return to.write(ByteView(buffer).first(count));
}

Result<void> Inflater::Stream::consume(const ZipEntry& entry, ByteView input, Sink& to) {
  // zlib reads only, but its pointer is not const (ZLIB_CONST is for those who compile zlib).
  stream.next_in = const_cast<::Bytef*>(input.data());
  stream.avail_in = ::uInt(input.size());
  do {
    TRY(step(entry, to));
  } while (status == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
  return {};
}

Result<void> Inflater::Stream::inflate(const ZipEntry& entry, ForwardReader& from, Sink& to) {
  TRY(start());
  std::uint64_t left = entry.compressed_size;
  while (left > 0) {
    TRY(const ByteView input, from.take_some(left));
    left -= input.size();
    TRY(consume(entry, input, to));
    if (status == Z_STREAM_END && left + stream.avail_in > 0) return goes_on(entry);
  }
  if (status != Z_STREAM_END) {
    return invalid_entry(entry.name, "holds a deflate stream without an end");
  }
  if (produced != entry.size) return is_short(entry);
  return {};
}

// libdeflate, which wants all of an entry at once.
struct Inflater::Whole {
  Handle<::libdeflate_decompressor, ::libdeflate_free_decompressor> decompressor{
      ::libdeflate_alloc_decompressor()};
  Bytes input;
  Bytes output;

  static bool can_hold(const ZipEntry& entry) {
    return entry.compressed_size <= inflated_whole_bytes_max &&
           entry.size <= inflated_whole_bytes_max;
  }
  Result<void> inflate(const ZipEntry& entry, ForwardReader& from, Sink& to);
};

Result<void> Inflater::Whole::inflate(const ZipEntry& entry, ForwardReader& from, Sink& to) {
  if (decompressor == nullptr) return unavailable("no memory to inflate with");
  input.clear();
  while (input.size() < entry.compressed_size) {
    TRY(const ByteView part, from.take_some(entry.compressed_size - input.size()));
    append(input, part);
  }
  output.resize(inflated_whole_bytes_max);
  std::size_t consumed = 0;
  std::size_t produced = 0;
  switch (::libdeflate_deflate_decompress_ex(decompressor.get(), input.data(), input.size(),
                                             output.data(), std::size_t(entry.size), &consumed,
                                             &produced)) {
    case LIBDEFLATE_SUCCESS: break;
    case LIBDEFLATE_INSUFFICIENT_SPACE: return is_long(entry);
    case LIBDEFLATE_SHORT_OUTPUT:
    case LIBDEFLATE_BAD_DATA: return is_broken(entry);
  }
  if (consumed != input.size()) return goes_on(entry);
  if (produced != entry.size) return is_short(entry);
  return to.write(ByteView(output).first(produced));
}

Inflater::Inflater(Inflating how)
    : stream_(std::make_unique<Stream>()),
      whole_(how == Inflating::quick ? std::make_unique<Whole>() : nullptr) {}
Inflater::~Inflater() = default;

Result<void> Inflater::inflate(const ZipEntry& entry, ForwardReader& from, Sink& to) {
  if (whole_ && Whole::can_hold(entry)) return whole_->inflate(entry, from, to);
  return stream_->inflate(entry, from, to);
}

}  // namespace hallmark::formats
