#include "crypto/signature_nettle.h"

#include <utility>

#include <nettle/ecdsa.h>

#include "crypto/ecdsa_values.h"
#include "crypto/nettle.h"

namespace hallmark::crypto {
namespace {

// The two halves of a point's or a signature's bytes.
std::pair<ByteView, ByteView> halves(ByteView bytes) {
  return {bytes.first(bytes.size() / 2), bytes.last(bytes.size() / 2)};
}

}  // namespace

Result<bool> verify_nettle(const PublicKey& key, ByteView digest, ByteView signature) {
  const ecc_curve* curve = nettle_curve(key.kind);
  const auto [x_bytes, y_bytes] = halves(key.bits.subspan(1));  // SEC 1 §2.3.3: 04 x y
  Integer x;
  Integer y;
  read_big_endian(x_bytes, x.get());
  read_big_endian(y_bytes, y.get());
  Point point(curve);
  if (ecc_point_set(point.get(), x.get(), y.get()) != 1) {
    return corrupt("The public key is not a point of its curve.");
  }
  const auto raw = ecdsa_raw_from_der(key.kind, signature);
  if (!raw) return false;
  const auto [r_bytes, s_bytes] = halves(*raw);
  SignatureNumbers numbers;
  read_big_endian(r_bytes, numbers.r());
  read_big_endian(s_bytes, numbers.s());
  return ecdsa_verify(point.get(), digest.size(), digest.data(), numbers.get()) == 1;
}

}  // namespace hallmark::crypto
