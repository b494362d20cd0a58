// Nettle and GMP inside this module: curves, scalars that are wiped, randomness. Private to
// crypto/.
#pragma once

#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/algorithm.h"

namespace hallmark::crypto {

// The curve of an elliptic key. Everything that uses its curves begins here, because the first call
// makes GMP wipe the memory that it frees: scalars and the intermediate values of Nettle live
// there.
const ecc_curve* nettle_curve(KeyKind kind);

// A nettle_random_func whose context is a Random. A Random that has no fresh bytes aborts, and so
// does an exception, for Nettle would sign with whatever lies in `into`.
void fill_from_random(void* random, std::size_t length, std::uint8_t* into) noexcept;

// Overwrites the part of the stack where the calls just made had their frames: Nettle keeps nonces
// in alloca and pads keys there, and clears neither.
void wipe_stack_below();

// A secret scalar: a private key or a nonce.
class Scalar {
 public:
  explicit Scalar(const ecc_curve* curve) { ecc_scalar_init(&scalar_, curve); }
  ~Scalar() { ecc_scalar_clear(&scalar_); }
  Scalar(const Scalar&) = delete;
  Scalar& operator=(const Scalar&) = delete;

  // Corrupt unless the big-endian number is between 1 and the order of the curve less one.
  Result<void> set(ByteView big_endian);
  ecc_scalar* get() { return &scalar_; }
  const ecc_scalar* get() const { return &scalar_; }

 private:
  ecc_scalar scalar_ = {};
};

// A point of a curve: a public key.
class Point {
 public:
  explicit Point(const ecc_curve* curve) { ecc_point_init(&point_, curve); }
  ~Point() { ecc_point_clear(&point_); }
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;

  ecc_point* get() { return &point_; }

 private:
  ecc_point point_ = {};
};

// An integer of GMP.
class Integer {
 public:
  Integer() { mpz_init2(number_, bits); }  // never grows, so that no copy is left behind
  ~Integer() { mpz_clear(number_); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;

  mpz_ptr get() { return number_; }
  mpz_srcptr get() const { return number_; }

 private:
  static constexpr mp_bitcnt_t bits = 576;  // more than any curve here
  mpz_t number_;
};

// The two numbers of a signature.
class SignatureNumbers {
 public:
  SignatureNumbers() { dsa_signature_init(&numbers_); }
  ~SignatureNumbers() { dsa_signature_clear(&numbers_); }
  SignatureNumbers(const SignatureNumbers&) = delete;
  SignatureNumbers& operator=(const SignatureNumbers&) = delete;

  dsa_signature* get() { return &numbers_; }
  mpz_ptr r() { return numbers_.r; }
  mpz_ptr s() { return numbers_.s; }

 private:
  dsa_signature numbers_ = {};
};

// The number of these bytes.
void read_big_endian(ByteView bytes, mpz_ptr number);
// Big-endian, padded to the size of `into`; aborts if the number is larger.
void write_big_endian(mpz_srcptr number, MutableByteView into);

}  // namespace hallmark::crypto
