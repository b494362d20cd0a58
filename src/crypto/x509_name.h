// Names as we write them. Private to crypto/.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

// Name (RFC 5280 §4.1.2.4), DER: one attribute in each relative name, from the country down to the
// common name. Invalid: a part that is too long, or holds what is not allowed in it.
Result<Bytes> name_of(const DistinguishedName& name);

}  // namespace hallmark::crypto
