// What goes to the machine that has the root's key, and what it makes of it: a new intermediate.
// Needs no installation.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/certification_request.h"
#include "crypto/signer.h"
#include "crypto/x509.h"

namespace hallmark::pki {

struct IntermediateOrder {
  crypto::CertificationRequest request;
  crypto::Certificate root;  // that is to issue it
};

// The request, followed by the root's certificate.
std::string to_pem(const IntermediateOrder& order);
Result<IntermediateOrder> intermediate_order_from_pem(std::string_view pem);

// An intermediate for five years, but never beyond the root's end, that may issue leaves and
// nothing else, whatever the request asks for. Invalid: the key is not the root's, the root's
// certificate does not hold or has ended, or the request is not for a P-384 key under a name as
// ours are.
Result<crypto::Certificate> sign_intermediate(const IntermediateOrder& order,
                                              const crypto::Signer& root_key, Timestamp now,
                                              Random& random);

}  // namespace hallmark::pki
