// The DER of a private key in what its user brings. Private to crypto/.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::crypto {

enum class PrivateKeyForm { pkcs8, pkcs1, sec1 };

struct PrivateKeyText {
  PrivateKeyForm form;
  Secret der;
};

// Invalid unless it is one private key that is not encrypted, by its PEM label or by the beginning
// of its DER; nothing else of it is looked at.
Result<PrivateKeyText> find_private_key(ByteView pem_or_der);

}  // namespace hallmark::crypto
