// A signed file of any format: recognised by its content, and judged.
#pragma once

#include <string>
#include <vector>

#include "base/read_at.h"
#include "base/result.h"
#include "cli/command.h"
#include "crypto/x509.h"
#include "formats/format.h"

namespace hallmark::cli {

struct VerifiedFile {
  formats::Verification verification;
  // Leaf first, and the root that it leads to last; empty of formats that do not carry a chain.
  crypto::CertificateChain chain_to_root;
  std::string platform_id;  // by which revocations are asked for; empty: it has none
};

// By FILE's options: --trust-root or --data-dir, --certificate, --payload, --expected-digest and
// --platform, as the format needs them. The outer error is that nothing could be judged (or wrong
// usage); the inner one that the file is not valid.
Result<Result<VerifiedFile>> verify_file(const ReadAt& file, const Arguments& arguments);

}  // namespace hallmark::cli
