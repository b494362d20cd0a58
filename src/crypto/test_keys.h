// The fixed keys of tests/vectors/keys. Included by *_test.cc only.
#pragma once

#include <string>

#include "crypto/random.h"
#include "crypto/test_support.h"

namespace hallmark::crypto {

inline std::string key_file(std::string_view name) {
  return fmt::format("{}/keys/{}.pem", HALLMARK_VECTORS, name);
}

inline std::string key_pem(std::string_view name) {
  const auto text = read_file(key_file(name), 1 << 16);
  CHECK(text.has_value());
  return *text;
}

inline bool is_rsa(std::string_view name) { return name.starts_with("rsa"); }

// The key without import_private_key, which takes its time over the factors of RSA.
inline PrivateKey stored_key(std::string_view name) {
  std::string base64 = key_pem(name);
  base64 = base64.substr(base64.find('\n'), base64.rfind("-----END") - base64.find('\n'));
  std::erase(base64, '\n');
  const auto der = from_base64(base64);
  CHECK(der.has_value());
  const KeyKind kind = is_rsa(name) ? KeyKind::rsa : name == "p256" ? KeyKind::p256 : KeyKind::p384;
  return {.kind = kind, .pkcs8 = Secret(ByteView(*der))};
}

// A key of the folder, opened: "p256", "p384", "rsa-2048", "rsa-3072", "rsa-4096".
struct FixedKey {
  SystemRandom random;
  PrivateKey key;
  std::unique_ptr<Signer> signer;

  explicit FixedKey(std::string_view name)
      : key(stored_key(name)), signer(*software_signer(key, random)) {}
};

// A certificate of the key for signing code, by itself, as firmware developers make one.
inline Certificate self_signed(std::string_view name) {
  const TemporaryFolder folder;
  const std::string file = folder.path("certificate.pem");
  const auto made = run(
      fmt::format("openssl req -x509 -new -key '{}' -subj '/CN=Firmware of {}' -days 36500 -sha256 "
                  "-addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=codeSigning "
                  "-addext basicConstraints=critical,CA:FALSE -out '{}'",
                  key_file(name), name, file));
  CHECK(made.status == 0);
  return certificates_from_pem(folder.read("certificate.pem"))->front();
}

}  // namespace hallmark::crypto
