#include "formats/zip_inflate.h"

#include <zlib.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.h"
#include "formats/zip_names.h"

namespace hallmark::formats {
namespace {

constexpr int raw_window_bits = -MAX_WBITS;  // negative: a raw stream, without zlib's header

}  // namespace

struct Inflater::State {
  ::z_stream stream = {};
  bool is_open = false;
  int status = Z_OK;           // of the last step
  std::uint64_t produced = 0;  // of the entry at hand
  Bytes buffer = Bytes(limits::copy_buffer_bytes);

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (is_open) ::inflateEnd(&stream);
  }

  Result<void> start();
  Result<void> consume(const ZipEntry& entry, ByteView input, Sink& to);
  Result<void> step(const ZipEntry& entry, Sink& to);
};

// Makes the state for the first entry and resets it for the others.
Result<void> Inflater::State::start() {
  const int begun = is_open ? ::inflateReset(&stream) : ::inflateInit2(&stream, raw_window_bits);
  if (begun != Z_OK) return internal_error(fmt::format("zlib: inflateInit2 answers {}", begun));
  is_open = true;
  status = Z_OK;
  produced = 0;
  return {};
}

Result<void> Inflater::State::step(const ZipEntry& entry, Sink& to) {
  // Room for one byte more than there should be shows a stream that is too long.
  const auto room = std::size_t(std::min<std::uint64_t>(buffer.size(), entry.size - produced + 1));
  stream.next_out = buffer.data();
  stream.avail_out = ::uInt(room);
  status = ::inflate(&stream, Z_NO_FLUSH);
  // Z_BUF_ERROR only says that there was nothing to do.
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
    return invalid_entry(entry.name, "holds a broken deflate stream");
  }
  const std::size_t count = room - stream.avail_out;
  produced += count;
  if (produced > entry.size) return invalid_entry(entry.name, "expands to more than its size");
  return to.write(ByteView(buffer).first(count));
}

Result<void> Inflater::State::consume(const ZipEntry& entry, ByteView input, Sink& to) {
  // zlib reads only, but its pointer is not const (ZLIB_CONST is for those who compile zlib).
  stream.next_in = const_cast<::Bytef*>(input.data());
  stream.avail_in = ::uInt(input.size());
  do {
    TRY(step(entry, to));
  } while (status == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
  return {};
}

Inflater::Inflater() : state_(std::make_unique<State>()) {}
Inflater::~Inflater() = default;

Result<void> Inflater::inflate(const ZipEntry& entry, ForwardReader& from, Sink& to) {
  TRY(state_->start());
  std::uint64_t left = entry.compressed_size;
  while (left > 0) {
    TRY(const ByteView input, from.take_some(left));
    left -= input.size();
    TRY(state_->consume(entry, input, to));
    if (state_->status == Z_STREAM_END && left + state_->stream.avail_in > 0) {
      return invalid_entry(entry.name, "has data after the end of its deflate stream");
    }
  }
  if (state_->status != Z_STREAM_END) {
    return invalid_entry(entry.name, "holds a deflate stream without an end");
  }
  if (state_->produced != entry.size) {
    return invalid_entry(entry.name, "expands to less than its size");
  }
  return {};
}

}  // namespace hallmark::formats
