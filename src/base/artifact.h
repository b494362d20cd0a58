// Artifact: the recipe of a signed object: pieces, each a range of the source, the base64 of one,
// or a small byte string. It holds no content of the source, so its size does not grow with the
// object, and it can be written out any number of times, each time with identical bytes.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/read_at.h"
#include "base/result.h"

namespace hallmark {

struct SourceRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// The base64 of a range of the source (RFC 4648 §4, padded).
struct Base64Range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // of the source, not of the text
};

using ArtifactPiece = std::variant<SourceRange, Base64Range, Bytes>;

struct Artifact {
  std::vector<ArtifactPiece> pieces;

  std::uint64_t size() const;
  // Writes all pieces in order. `source` is the object that the artifact was made from.
  Result<void> write_to(Sink& sink, const ReadAt& source) const;
};

// The artifact's bytes as ReadAt, so that a verifier reads it before it is stored anywhere.
// Borrows both; they outlive it.
class ArtifactReadAt final : public ReadAt {
 public:
  ArtifactReadAt(const Artifact& artifact, const ReadAt& source);
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override;

 private:
  const Artifact& artifact_;
  const ReadAt& source_;
  std::uint64_t size_;
};

}  // namespace hallmark
