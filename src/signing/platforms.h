// The platform catalogue: calls and verbs.
#pragma once

#include <string>
#include <vector>

#include "access/authorizer.h"
#include "model/platform.h"

namespace hallmark::signing {

struct ListSigningPlatforms {
  static constexpr std::string_view action = "signer:ListSigningPlatforms";

  std::string category;  // each filter: empty for any, else the exact value
  std::string partner;
  std::string target;
  int results_max = 0;
  std::string page_token;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct GetSigningPlatform {
  static constexpr std::string_view action = "signer:GetSigningPlatform";

  std::string platform_id;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct PlatformPage {
  std::vector<const model::Platform*> platforms;
  std::string next_token;
};

class PageTokens;

Result<PlatformPage> list_platforms(const access::Permitted<ListSigningPlatforms>& permitted,
                                    PageTokens& tokens);
Result<const model::Platform*> get_platform(const access::Permitted<GetSigningPlatform>& permitted);

}  // namespace hallmark::signing
