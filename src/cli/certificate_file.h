// Files of certificates that the caller names.
#pragma once

#include <vector>

#include "base/result.h"
#include "cli/named_file.h"
#include "crypto/x509.h"

namespace hallmark::cli {

// The certificates of a PEM file, at least one. Invalid, naming the file: it cannot be read, has
// more than a mebibyte, or holds none.
Result<std::vector<crypto::Certificate>> read_certificates(const NamedFile& file);

}  // namespace hallmark::cli
