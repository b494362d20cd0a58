// Certificates as OpenSSL holds them. Private to crypto/.
#pragma once

#include <memory>

#include <openssl/x509.h>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/openssl.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

// Frees the stack, not the certificates in it.
struct FreesStack {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using StackHandle = std::unique_ptr<STACK_OF(X509), FreesStack>;

// Corrupt unless the bytes are exactly one certificate.
Result<X509Handle> read_x509(ByteView der);
// The facts of a certificate that OpenSSL has read.
Result<Certificate> certificate_of(const X509& x509);
// For people: RFC 2253, but for letters beyond ASCII, which stay readable as UTF-8; unless there
// are characters among them that a terminal would obey.
Result<std::string> readable_name(const X509_NAME* name);
// The text of the name's only attribute of this kind (NID_…); empty when there is none, or several.
Result<std::string> only_attribute(const X509_NAME* name, int kind);

}  // namespace hallmark::crypto
