#include "crypto/rsa_form.h"

#include <algorithm>
#include <cstdint>

namespace hallmark::crypto {
namespace {

constexpr std::uint32_t base = 65537;

// The primes p below 168 whose powers of 65537 do not reach every residue. The generator's primes
// are k·M + (65537^a mod M), with all of them in M, so that a product of two is a power of 65537
// modulo each (Nemec and others, "The Return of Coppersmith's Attack", 2017, §2).
constexpr std::uint32_t primes[] = {11, 13, 17,  19,  37,  53,  61,  71, 73,
                                    79, 97, 103, 107, 109, 127, 151, 157};

std::uint32_t remainder_of(ByteView number, std::uint32_t divisor) {
  std::uint32_t rest = 0;
  for (const std::uint8_t byte : number) rest = (rest * 256 + byte) % divisor;
  return rest;
}

bool is_power_of_base(std::uint32_t residue, std::uint32_t prime) {
  std::uint32_t power = 1;
  do {
    if (power == residue) return true;
    power = power * (base % prime) % prime;
  } while (power != 1);
  return false;
}

}  // namespace

bool has_roca_form(ByteView modulus) {
  return std::ranges::all_of(primes, [&](std::uint32_t prime) {
    return is_power_of_base(remainder_of(modulus, prime), prime);
  });
}

}  // namespace hallmark::crypto
