#include "signing/platforms.h"

#include <fmt/format.h>

#include "signing/page_token.h"

namespace hallmark::signing {
namespace {

bool selected(const model::Platform& platform, const ListSigningPlatforms& call) {
  // The service answers `AWS` where the model's enumeration has only `AWSIoT`: both name all of
  // ours.
  const bool category =
      call.category.empty() || call.category == platform.category || call.category == "AWSIoT";
  return category && (call.partner.empty() || call.partner == platform.partner) &&
         (call.target.empty() || call.target == platform.target);
}

}  // namespace

std::vector<access::Need> ListSigningPlatforms::needs(const access::Principal&) const {
  return {{.action = std::string(action)}};
}
void ListSigningPlatforms::describe(JsonWriter& json) const {
  json.member("maxResults", results_max);
}

std::vector<access::Need> GetSigningPlatform::needs(const access::Principal&) const {
  return {{.action = std::string(action)}};
}
void GetSigningPlatform::describe(JsonWriter& json) const {
  json.member("platformId", platform_id);
}

Result<PlatformPage> list_platforms(const access::Permitted<ListSigningPlatforms>& permitted,
                                    PageTokens& tokens) {
  const ListSigningPlatforms& call = permitted.call();
  const std::string binding = token_binding(std::vector<std::string_view>{
      permitted.caller().principal().account.view(), ListSigningPlatforms::action, call.category,
      call.partner, call.target});
  std::string after;
  if (!call.page_token.empty()) {
    TRY(after, tokens.open(call.page_token, binding));
  }
  PlatformPage page;
  bool reached = after.empty();
  for (const model::Platform& platform : model::platforms()) {
    if (reached && selected(platform, call)) {
      if (page.platforms.size() == std::size_t(call.results_max)) {
        page.next_token = tokens.seal(page.platforms.back()->id, binding);
        break;
      }
      page.platforms.push_back(&platform);
    }
    if (platform.id == after) reached = true;
  }
  return page;
}

Result<const model::Platform*> get_platform(
    const access::Permitted<GetSigningPlatform>& permitted) {
  const std::string& id = permitted.call().platform_id;
  const model::Platform* platform = model::find_platform(id);
  if (platform == nullptr) {
    return not_found(fmt::format("Signing platform with id {} does not exist.", id));
  }
  return platform;
}

}  // namespace hallmark::signing
