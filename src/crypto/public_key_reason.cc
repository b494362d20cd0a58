#include <array>

#include <fmt/format.h>
#include <openssl/err.h>

#include "base/printable.h"
#include "crypto/public_key.h"
#include "crypto/rsa.h"

namespace hallmark::crypto {
namespace {

constexpr const char* otherwise = "The key is not in the one accepted form of its kind.";

std::string reason_of_rsa(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < rsa_bits_min)
    return fmt::format("The RSA key has only {} bits: it is too weak.", bits);
  if (bits != 2048 && bits != 3072 && bits != 4096) {
    return fmt::format("The RSA key has {} bits: supported are 2048, 3072 and 4096.", bits);
  }
  return "The RSA key's exponent or modulus is not supported.";
}

std::string reason_of_curve(const EVP_PKEY* key) {
  std::array<char, 64> name = {};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) {
    ERR_clear_error();
    return "The key's curve has no name: supported are P-256 and P-384.";
  }
  const std::string_view group(name.data(), size);
  if (group == "prime256v1" || group == "secp384r1") return otherwise;
  return fmt::format("The key is of the curve {}: supported are P-256 and P-384.", group);
}

}  // namespace

std::string unsupported_reason(ByteView subject_public_key_info) {
  const std::uint8_t* next = subject_public_key_info.data();
  const KeyHandle key(
      d2i_PUBKEY(nullptr, &next, static_cast<long>(subject_public_key_info.size())));
  if (key == nullptr) {
    ERR_clear_error();
    return "The public key cannot be read.";
  }
  if (next != subject_public_key_info.data() + subject_public_key_info.size()) return otherwise;
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return reason_of_rsa(key.get());
  if (EVP_PKEY_is_a(key.get(), "EC") == 1) return reason_of_curve(key.get());
  const char* name = EVP_PKEY_get0_type_name(key.get());
  if (name == nullptr || !is_printable(name)) return "The key is of an unsupported kind.";
  return fmt::format("The key is of the kind {}: supported are RSA and ECDSA.", name);
}

}  // namespace hallmark::crypto
