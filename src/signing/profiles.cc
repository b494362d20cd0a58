#include "signing/profiles.h"

#include <array>

#include <fmt/format.h>

#include "access/tag_context.h"
#include "base/limits.h"
#include "model/platform.h"
#include "signing/change.h"
#include "signing/page_token.h"
#include "signing/profile_certificate.h"
#include "signing/profile_end.h"
#include "signing/profile_rules.h"
#include "signing/shown_profile.h"
#include "signing/tag_rules.h"
#include "store/profiles.h"

namespace hallmark::signing {
namespace {

// 10 mixed-case alphanumerics, as AWS's. 62 does not divide 256: bytes beyond 248 are left out, so
// more are drawn than a version has, all at once, for to draw costs the same for one or for many.
model::ProfileVersion random_version(Random& random) {
  static constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t version_characters = 10;
  std::array<std::uint8_t, 16> drawn = {};
  std::string text;
  while (text.size() < version_characters) {
    random.fill(drawn);
    for (const std::uint8_t byte : drawn) {
      if (byte < 248 && text.size() < version_characters) text += alphabet[byte % alphabet.size()];
    }
  }
  return *model::ProfileVersion::parse(text);
}

void describe_map(JsonWriter& json, std::string_view name, const model::StringMap& map) {
  if (map.empty()) return;
  json.name(name).begin_object();
  for (const auto& [key, value] : map) json.member(key, value);
  json.end_object();
}

// `statuses` decides alone when it is given.
store::ProfileFilter filter_of(const ListSigningProfiles& call, Timestamp now) {
  store::ProfileFilter filter{call.statuses, call.platform_id,
                              plus_months(now, -canceled_profile_shown_months)};
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

Error no_such_profile(const model::ProfileName& name) {
  return not_found(fmt::format("Signing Profile with name {} does not exist.", name.view()),
                   "ProfileNotFound");
}

}  // namespace

std::vector<access::Need> PutSigningProfile::needs(const access::Principal&) const {
  access::Need put{.action = std::string(action)};
  if (tags.empty()) return {put};
  put.context = access::context_of_tags(tags);
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

std::vector<access::Need> CancelSigningProfile::needs(const access::Principal& caller) const {
  return {
      {.action = std::string(action), .resource = access::ProfileResource{caller.account, name}}};
}

void CancelSigningProfile::describe(JsonWriter& json) const {
  json.member("profileName", name.view());
}

std::vector<access::Need> RevokeSigningProfile::needs(const access::Principal& caller) const {
  return {
      {.action = std::string(action), .resource = access::ProfileResource{caller.account, name}}};
}

void RevokeSigningProfile::describe(JsonWriter& json) const {
  json.member("profileName", name.view()).member("profileVersion", version.view());
  json.member("reason", reason).member("effectiveTime", to_rfc3339(effective_time));
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
  auto insert = [profile, record = std::move(record),
                 home = home_](store::Transaction& tx) -> Result<void> {
    TRY(check_profile_certificate(tx, home, profile, profile.created_at));
    auto inserted = store::insert_profile(tx, profile);
    if (!inserted && inserted.error().kind == ErrorKind::conflict) {
      return invalid(inserted.error().message, inserted.error().reason);
    }
    TRY(std::move(inserted));
    return store::append_audit(tx, record);
  };
  store_.write(std::move(insert), [profile = std::move(profile),
                                   then = std::move(then)](Result<void> inserted) mutable {
    if (!inserted) return then(std::move(inserted.error()));
    then(std::move(profile));
  });
}

Result<model::Profile> Profiles::get(const access::Permitted<GetSigningProfile>& permitted) {
  const auto& profile = permitted.facts().profile;
  if (!profile || is_hidden(*profile, clock_.now())) return no_such_profile(permitted.call().name);
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

Ending Profiles::ending_by(const access::Caller& caller) {
  const Timestamp now = clock_.now();
  return {caller.principal().arn, now, Uuid::v7(now, random_).text()};
}

void Profiles::cancel(access::Permitted<CancelSigningProfile> permitted, Then<std::string> then) {
  const auto work = [ending = ending_by(permitted.caller())](
                        store::Transaction& tx,
                        const access::Permitted<CancelSigningProfile>& permit) -> Result<Changed> {
    const auto& found = permit.facts().profile;
    if (!found || is_hidden(*found, ending.now)) return no_such_profile(permit.call().name);
    TRY(auto profile, profile_as_judged(tx, permit.facts()));
    TRY(profile, canceled(std::move(profile), ending));
    TRY(store::update_status(tx, profile));
    return Changed{};
  };
  change_once(store_, home_, std::move(permitted), work, std::move(then));
}

void Profiles::revoke(access::Permitted<RevokeSigningProfile> permitted, Then<std::string> then) {
  const auto work = [ending = ending_by(permitted.caller())](
                        store::Transaction& tx,
                        const access::Permitted<RevokeSigningProfile>& permit) -> Result<Changed> {
    if (!permit.facts().profile) return no_such_profile(permit.call().name);
    TRY(auto profile, profile_as_judged(tx, permit.facts()));
    TRY(profile, revoked(std::move(profile), permit.call(), ending));
    TRY(store::update_status(tx, profile));
    return Changed{};
  };
  change_once(store_, home_, std::move(permitted), work, std::move(then));
}

}  // namespace hallmark::signing
