// A digest as a sink, for bytes that are streamed.
#pragma once

#include <algorithm>
#include <concepts>

#include "base/check.h"
#include "base/read_at.h"
#include "crypto/digest.h"

namespace hallmark::crypto {

// Takes the digest of what is written to it. One thread at a time. A copy goes on from where the
// other one is.
class DigestSink final : public Sink {
 public:
  explicit DigestSink(DigestAlgorithm algorithm) : hasher_(algorithm) {}

  Result<void> write(ByteView bytes) override {
    hasher_.update(bytes);
    return {};
  }
  // Once, either of the two. `finish_as` aborts when the algorithm's digest has another length.
  Bytes finish() { return hasher_.finish(); }
  template <class Digest>
  requires std::same_as<Digest, Sha256> || std::same_as<Digest, Sha384> Digest finish_as() {
    const Bytes bytes = hasher_.finish();
    Digest digest = {};
    CHECK(bytes.size() == digest.size());
    std::ranges::copy(bytes, digest.begin());
    return digest;
  }

 private:
  Hasher hasher_;
};

}  // namespace hallmark::crypto
