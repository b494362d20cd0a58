// ReadAt and Sink: bytes too large to hold. Everything that signs or verifies reads through ReadAt;
// everything that streams writes into a Sink.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace hallmark {

// Immutable bytes that can be read from any place, again and again, from any thread.
class ReadAt {
 public:
  virtual ~ReadAt() = default;
  virtual std::uint64_t size() const = 0;
  // Fills `into` with the bytes from `offset`; the range lies within size(), else it is an error
  // (corrupt). Never fills a part: a short read of the medium is an error too.
  virtual Result<void> read_at(std::uint64_t offset, MutableByteView into) const = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;
  // Takes all of `bytes` or fails; after a failure the sink is of no further use.
  virtual Result<void> write(ByteView bytes) = 0;
};

// Borrowed memory as ReadAt; the memory outlives the object.
class MemoryReadAt final : public ReadAt {
 public:
  explicit MemoryReadAt(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override;

 private:
  ByteView bytes_;
};

class MemorySink final : public Sink {
 public:
  Result<void> write(ByteView bytes) override {
    append(bytes_, bytes);
    return {};
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

// Copies the range [offset, offset + length) through a buffer of fixed size.
Result<void> copy_range(const ReadAt& from, std::uint64_t offset, std::uint64_t length, Sink& to);

}  // namespace hallmark
