#include "crypto/nettle.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "base/check.h"
#include "base/secret.h"

namespace hallmark::crypto {
namespace {

void* allocate(std::size_t size) {
  void* memory = std::malloc(size);
  CHECK(memory != nullptr);  // GMP has no way to hear of it
  return memory;
}

void wipe_and_free(void* memory, std::size_t size) {
  wipe({static_cast<std::uint8_t*>(memory), size});
  std::free(memory);
}

void* reallocate(void* memory, std::size_t old_size, std::size_t new_size) {
  void* moved = allocate(new_size);
  std::memcpy(moved, memory, std::min(old_size, new_size));
  wipe_and_free(memory, old_size);
  return moved;
}

// GMP's allocator belongs to the process. Ours is malloc's own memory, so that whoever else uses
// GMP and allocated earlier is not disturbed.
void make_gmp_wipe_its_memory() {
  static const bool done = [] {
    mp_set_memory_functions(allocate, reallocate, wipe_and_free);
    return true;
  }();
  CHECK(done);
}

}  // namespace

const ecc_curve* nettle_curve(KeyKind kind) {
  make_gmp_wipe_its_memory();
  switch (kind) {
    case KeyKind::p256: return nettle_get_secp_256r1();
    case KeyKind::p384: return nettle_get_secp_384r1();
    case KeyKind::rsa: break;
  }
  CHECK(false);
}

void fill_from_random(void* random, std::size_t length, std::uint8_t* into) noexcept {
  static_cast<Random*>(random)->fill({into, length});
}

[[gnu::noinline]] void wipe_stack_below() {
  std::array<std::uint8_t, 8192> frames;  // Nettle's deepest chain of calls takes less than half
  wipe(frames);
}

Result<void> Scalar::set(ByteView big_endian) {
  Integer number;
  read_big_endian(big_endian, number.get());
  if (ecc_scalar_set(&scalar_, number.get()) != 1) {
    return corrupt("The private key is outside of its curve's range.");
  }
  return {};
}

void read_big_endian(ByteView bytes, mpz_ptr number) {
  mpz_import(number, bytes.size(), 1, 1, 1, 0, bytes.data());
}

void write_big_endian(mpz_srcptr number, MutableByteView into) {
  const std::size_t size = mpz_sgn(number) == 0 ? 0 : (mpz_sizeinbase(number, 2) + 7) / 8;
  CHECK(mpz_sgn(number) >= 0 && size <= into.size());
  std::ranges::fill(into, std::uint8_t{0});
  mpz_export(into.last(size).data(), nullptr, 1, 1, 1, 0, number);
}

}  // namespace hallmark::crypto
