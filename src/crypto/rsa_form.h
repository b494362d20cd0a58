// Keys that a broken generator made. Private to crypto/.
#pragma once

#include "base/bytes.h"

namespace hallmark::crypto {

// Whether the big-endian modulus has the form of those whose primes were built from powers of 65537
// (CVE-2017-15361, "ROCA"), which can be factored. One other key in a hundred million has it too.
bool has_roca_form(ByteView modulus);

}  // namespace hallmark::crypto
