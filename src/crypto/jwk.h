// Public keys of others as JSON Web Keys (RFC 7517), and the JSON Web Signatures (RFC 7515) that
// are verified with them. Verification only: nothing here signs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "crypto/algorithm.h"

namespace hallmark::crypto {

// RFC 7518 §3.3 and §3.4. There is no "none" and no HMAC: a public key is nobody's secret.
enum class JwsAlgorithm { rs256, rs384, rs512, es256, es384 };
std::optional<JwsAlgorithm> find_jws_algorithm(std::string_view name);  // "RS256"; case counts

// A value. Safe to use from any thread.
class JsonWebKey {
 public:
  // RSA of 2048 to 8192 bits, P-256 and P-384, for signatures. Every other key is an error that
  // says why: RFC 7517 §5 has it ignored where it stands among others.
  static Result<JsonWebKey> parse(const JsonObject& jwk);

  const std::string& id() const { return id_; }  // "kid"; empty: it has none
  // Whether the key is one for the algorithm. A key decides that, never a signature.
  bool fits(JwsAlgorithm algorithm) const;
  // Whether the key made the signature over what is signed: yes, no (also for bytes of another
  // form), or broken. Requires fits(algorithm).
  Result<bool> verify(JwsAlgorithm algorithm, ByteView signing_input, ByteView signature) const;

 private:
  explicit JsonWebKey(std::string id) : id_(std::move(id)) {}
  Result<void> read_rsa(const JsonObject& jwk);
  Result<void> read_point(const JsonObject& jwk, std::string_view curve);

  std::string id_;
  std::optional<JwsAlgorithm> only_;  // "alg"
  std::optional<KeyKind> curve_;      // nothing: RSA
  Bytes public_key_;                  // of a curve: SubjectPublicKeyInfo, DER
  Bytes modulus_;                     // of RSA: big-endian, without leading zeros
  Bytes exponent_;
};

}  // namespace hallmark::crypto
