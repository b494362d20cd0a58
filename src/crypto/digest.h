// Digests and MACs, whole and streamed.
#pragma once

#include <array>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/algorithm.h"

namespace hallmark::crypto {

using Sha256 = std::array<std::uint8_t, 32>;
using Sha384 = std::array<std::uint8_t, 48>;

// Whole digests. They cannot fail but by a broken machine, which aborts.
Sha256 sha256(ByteView bytes);
Sha384 sha384(ByteView bytes);
Sha256 hmac_sha256(ByteView key, ByteView bytes);

// Compares in constant time; lengths are public.
bool equal(ByteView a, ByteView b);

// A digest over bytes that come in parts. One thread at a time.
class Hasher {
 public:
  explicit Hasher(DigestAlgorithm algorithm);
  ~Hasher();
  explicit Hasher(const Hasher& begun);  // goes on from where the other one is
  Hasher& operator=(const Hasher&) = delete;

  void update(ByteView bytes);
  Bytes finish();  // once; the hasher then starts anew

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace hallmark::crypto
