#include "crypto/pkcs8_openssl.h"

namespace hallmark::crypto {

Result<KeyHandle> read_pkcs8(ByteView der) {
  const std::uint8_t* next = der.data();
  const Pkcs8Handle info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &next, static_cast<long>(der.size())));
  if (info == nullptr || next != der.data() + der.size()) {
    return openssl_refusal("The private key is not PKCS#8.");
  }
  KeyHandle key(EVP_PKCS82PKEY_ex(info.get(), nullptr, nullptr));
  if (key == nullptr) return openssl_refusal("The private key cannot be read.");
  return key;
}

Result<Secret> der_of_pkcs8(const PKCS8_PRIV_KEY_INFO& info) {
  const int size = i2d_PKCS8_PRIV_KEY_INFO(&info, nullptr);
  if (size <= 0) return openssl_error("size a PKCS#8 private key");
  Secret der(static_cast<std::size_t>(size));
  std::uint8_t* end = der.fill().data();
  if (i2d_PKCS8_PRIV_KEY_INFO(&info, &end) != size) {
    return openssl_error("write a PKCS#8 private key");
  }
  return der;
}

Result<Secret> pkcs8_of(const EVP_PKEY* key) {
  const Pkcs8Handle info(EVP_PKEY2PKCS8(key));
  if (info == nullptr) return openssl_error("write a private key as PKCS#8");
  return der_of_pkcs8(*info);
}

}  // namespace hallmark::crypto
