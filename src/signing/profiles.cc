#include "signing/profiles.h"

#include <fmt/format.h>

#include "audit/record.h"
#include "base/limits.h"
#include "model/platform.h"
#include "signing/page_token.h"
#include "signing/profile_rules.h"
#include "store/profiles.h"

namespace hallmark::signing {
namespace {

constexpr int hidden_after_months = 24;  // a canceled profile, for Get and List

// 10 mixed-case alphanumerics, as AWS's. 62 does not divide 256: bytes beyond 248 are drawn anew.
model::ProfileVersion random_version(Random& random) {
  static constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string text;
  while (text.size() < 10) {
    std::uint8_t byte = 0;
    random.fill({&byte, 1});
    if (byte < 248) text += alphabet[byte % alphabet.size()];
  }
  return *model::ProfileVersion::parse(text);
}

void describe_map(JsonWriter& json, std::string_view name, const model::StringMap& map) {
  if (map.empty()) return;
  json.name(name).begin_object();
  for (const auto& [key, value] : map) json.member(key, value);
  json.end_object();
}

bool hidden(const model::Profile& profile, Timestamp now) {
  return profile.canceled_at && plus_months(*profile.canceled_at, hidden_after_months) <= now;
}

// `statuses` decides alone when it is given.
store::ProfileFilter filter_of(const ListSigningProfiles& call, Timestamp now) {
  store::ProfileFilter filter{call.statuses, call.platform_id,
                              plus_months(now, -hidden_after_months)};
  if (!filter.statuses.empty()) return filter;
  filter.statuses.push_back(model::ProfileStatus::active);
  if (call.include_canceled) filter.statuses.push_back(model::ProfileStatus::canceled);
  return filter;
}

std::string binding_of(const model::AccountId& account, const ListSigningProfiles& call) {
  std::vector<std::string_view> parts = {account.view(), ListSigningProfiles::action,
                                         call.include_canceled ? "canceled" : "", call.platform_id};
  for (const auto status : call.statuses) parts.push_back(model::name_of(status));
  return token_binding(parts);
}

}  // namespace

std::vector<access::Need> PutSigningProfile::needs(const access::Principal&) const {
  access::Need put{.action = std::string(action)};
  if (tags.empty()) return {put};
  std::vector<std::string> keys;
  for (const auto& [key, value] : tags) {
    put.context.emplace_back("aws:RequestTag/" + key, std::vector{value});
    keys.push_back(key);
  }
  put.context.emplace_back("aws:TagKeys", keys);
  access::Need tag = put;
  tag.action = "signer:TagResource";
  return {put, tag};
}

void PutSigningProfile::describe(JsonWriter& json) const {
  json.member("profileName", name.view()).member("platformId", platform_id);
  if (validity) {
    json.name("signatureValidityPeriod").begin_object();
    json.member("type", model::name_of(validity->unit)).member("value", validity->value);
    json.end_object();
  }
  if (!certificate_arn.empty()) {
    json.name("signingMaterial").begin_object().member("certificateArn", certificate_arn);
    json.end_object();
  }
  if (overrides != model::PlatformOverrides{}) {
    describe_map(json, "overrides",
                 {{"encryptionAlgorithm", overrides.encryption_algorithm},
                  {"hashAlgorithm", overrides.hash_algorithm},
                  {"signingImageFormat", overrides.image_format}});
  }
  describe_map(json, "signingParameters", signing_parameters);
  describe_map(json, "tags", tags);
}

std::vector<access::Need> GetSigningProfile::needs(const access::Principal& caller) const {
  return {{.action = std::string(action),
           .resource = access::ProfileResource{owner.value_or(caller.account), name}}};
}

void GetSigningProfile::describe(JsonWriter& json) const {
  json.member("profileName", name.view());
  if (owner) json.member("profileOwner", owner->view());
}

std::vector<access::Need> ListSigningProfiles::needs(const access::Principal&) const {
  return {{.action = std::string(action)}};
}

void ListSigningProfiles::describe(JsonWriter& json) const {
  json.member("maxResults", results_max);
}

Profiles::Profiles(store::Store& store, PageTokens& tokens, const Clock& clock, Random& random,
                   model::Home home)
    : store_(store), tokens_(tokens), clock_(clock), random_(random), home_(std::move(home)) {}

void Profiles::put(access::Permitted<PutSigningProfile> permitted, Then<model::Profile> then) {
  const PutSigningProfile& call = permitted.call();
  if (auto allowed = check_profile_rules(call, clock_.now()); !allowed)
    return then(allowed.error());

  model::Profile profile{.account = permitted.caller().principal().account,
                         .name = call.name,
                         .version = random_version(random_),
                         .platform_id = call.platform_id,
                         .status_reason = {},
                         .validity = call.validity.value_or(model::ValidityPeriod{}),
                         .certificate_arn = call.certificate_arn,
                         .overrides = call.overrides,
                         .signing_parameters = call.signing_parameters,
                         .tags = call.tags,
                         .created_at = clock_.now(),
                         .canceled_at = {},
                         .revocation = {}};
  auto record = audit::record(
      permitted, home_,
      {{"arn", model::profile_arn(home_, profile.account, profile.name)},
       {"profileVersion", profile.version.text()},
       {"profileVersionArn",
        model::profile_version_arn(home_, profile.account, profile.name, profile.version)}});
  store_.write(
      [profile = std::move(profile),
       record = std::move(record)](store::Transaction& tx) -> Result<model::Profile> {
        auto inserted = store::insert_profile(tx, profile);
        if (!inserted && inserted.error().kind == ErrorKind::conflict) {
          return invalid(inserted.error().message, inserted.error().reason);
        }
        TRY(std::move(inserted));
        TRY(store::append_audit(tx, record));
        return profile;
      },
      std::move(then));
}

Result<model::Profile> Profiles::get(const access::Permitted<GetSigningProfile>& permitted) {
  const auto& profile = permitted.facts().profile;
  if (!profile || hidden(*profile, clock_.now())) {
    return not_found(
        fmt::format("Signing Profile with name {} does not exist.", permitted.call().name.view()),
        "ProfileNotFound");
  }
  return *profile;
}

Result<ProfilePage> Profiles::list(const access::Permitted<ListSigningProfiles>& permitted) {
  const ListSigningProfiles& call = permitted.call();
  const model::AccountId& account = permitted.caller().principal().account;
  const std::string binding = binding_of(account, call);
  std::string after;
  if (!call.page_token.empty()) {
    TRY(after, tokens_.open(call.page_token, binding));
  }
  TRY(auto found, store_.read([&](store::Reader& reader) {
    return store::list_profiles(reader, account, filter_of(call, clock_.now()), after,
                                std::size_t(call.results_max));
  }));
  ProfilePage page{std::move(found.profiles), {}};
  if (!found.continue_after.empty()) page.next_token = tokens_.seal(found.continue_after, binding);
  return page;
}

}  // namespace hallmark::signing
