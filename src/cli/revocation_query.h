// Asking a server what is revoked of a signature.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/api_client.h"
#include "cli/verified_file.h"

namespace hallmark::cli {

// GetRevocationStatus: ARNs of the profile's version and of the job, and composite hashes of
// certificates; empty when nothing is revoked. Requires a file whose format has revocation. Any
// error means that nothing is known: the signature must not be believed.
Result<std::vector<std::string>> find_revoked_entities(const ApiClient& client,
                                                       const VerifiedFile& file);

// "the profile's version", "the job", "a certificate of the chain (CN=…)".
std::string describe_entity(const VerifiedFile& file, std::string_view entity);

}  // namespace hallmark::cli
