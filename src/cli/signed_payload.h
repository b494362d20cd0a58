// SignPayload, for the commands that sign small payloads.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "cli/api_client.h"

namespace hallmark::cli {

struct ProfileName {
  std::string name;
  std::string owner = {};  // empty: the caller's account
};

// GetSigningProfile's platformId.
Result<std::string> find_platform_id(const ApiClient& client, const ProfileName& profile);

struct PayloadSignature {
  std::string job_id;
  Bytes envelope;
};
Result<PayloadSignature> sign_payload(const ApiClient& client, const ProfileName& profile,
                                      ByteView payload);

}  // namespace hallmark::cli
