// Blocks of PEM (RFC 7468) that are no secrets. Private to crypto/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hallmark::crypto {

// "-----BEGIN {label}-----", lines of 64 characters of base64, and the end.
std::string pem_block(std::string_view label, ByteView der);

// The contents of all blocks, none empty. Corrupt: a block with another label or with headers,
// more than `count_max`, or text that is damaged.
struct PemRule {
  std::string_view label;
  std::size_t count_max;
};
Result<std::vector<Bytes>> read_pem(std::string_view pem, const PemRule& rule);

}  // namespace hallmark::crypto
