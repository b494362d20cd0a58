// The headers of a Notation envelope, written and read. Private to this module.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "crypto/x509.h"
#include "formats/format.h"

namespace hallmark::formats {

// The protected header: JSON, not yet base64url.
std::string notation_protected_header(const Statement& statement);
// Corrupt unless the text holds exactly the members that notation_protected_header writes.
Result<Statement> read_notation_protected_header(std::string_view json);

// The unprotected header, as JSON.
std::string notation_unprotected_header(const crypto::CertificateChain& chain);

// `x5c` of the unprotected header: its certificates, leaf first. Corrupt: no chain, or another
// member beside it.
Result<crypto::CertificateChain> read_notation_chain(const JsonObject& header);

// Corrupt unless these are the certificates of `x5c`, and it is alone.
Result<void> check_notation_chain(const JsonObject& header, const crypto::CertificateChain& chain);

// Corrupt unless the object has exactly `count` members; each of ours is asked for by name.
Result<void> check_member_count(const JsonObject& object, std::size_t count);

// A fault of the envelope, whatever the reader of its JSON called it.
template <class T>
Result<T> of_envelope(Result<T> read) {
  if (read) return read;
  return corrupt("The envelope is malformed: " + read.error().message);
}

}  // namespace hallmark::formats
