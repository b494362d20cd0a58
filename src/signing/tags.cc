#include "signing/tags.h"

#include <algorithm>

#include <fmt/format.h>

#include "access/tag_context.h"
#include "model/tags.h"
#include "signing/change.h"
#include "signing/shown_profile.h"
#include "signing/tag_rules.h"

namespace hallmark::signing {
namespace {

access::Need need_of(std::string_view action, const TaggedProfile& profile) {
  return {.action = std::string(action),
          .resource = access::ProfileResource{profile.account, profile.name}};
}

bool is_shown(const std::optional<model::Profile>& profile, Timestamp now) {
  return profile && !is_hidden(*profile, now);
}

Error no_such_profile(const TaggedProfile& profile) {
  return not_found(fmt::format("The signing profile {} does not exist.", profile.arn));
}

// The profile as judged, if its tags may change. One that was revoked, but never canceled, keeps
// its owner's labels up to date: the reference refuses canceled ones alone.
Result<model::Profile> profile_to_tag(store::Transaction& tx, const access::Facts& facts,
                                      const TaggedProfile& named, Timestamp now) {
  if (!is_shown(facts.profile, now)) return no_such_profile(named);
  TRY(auto profile, profile_as_judged(tx, facts));
  if (profile.canceled_at) {
    return invalid(
        fmt::format("The tags of the signing profile {} cannot be changed: it was "
                    "canceled.",
                    named.arn));
  }
  return profile;
}

model::StringMap without(model::StringMap tags, const std::vector<std::string>& keys) {
  std::erase_if(tags,
                [&](const auto& tag) { return std::ranges::find(keys, tag.first) != keys.end(); });
  return tags;
}

}  // namespace

Result<TaggedProfile> TaggedProfile::parse(const model::Home& home, std::string_view arn) {
  auto reference = model::find_profile_reference(home, arn);
  if (!reference || reference->version) {
    return invalid(
        "resourceArn must be the ARN of a signing profile of this partition and region.");
  }
  return TaggedProfile{std::string(arn), std::move(reference->account), std::move(reference->name)};
}

std::vector<access::Need> TagResource::needs(const access::Principal&) const {
  access::Need need = need_of(action, profile);
  need.context = access::context_of_tags(tags);
  return {std::move(need)};
}

void TagResource::describe(JsonWriter& json) const {
  json.member("resourceArn", profile.arn).name("tags").begin_object();
  for (const auto& [key, value] : tags) json.member(key, value);
  json.end_object();
}

std::vector<access::Need> UntagResource::needs(const access::Principal&) const {
  access::Need need = need_of(action, profile);
  need.context = access::context_of_tag_keys(keys);
  return {std::move(need)};
}

void UntagResource::describe(JsonWriter& json) const {
  json.member("resourceArn", profile.arn).name("tagKeys").begin_array();
  for (const std::string& key : keys) json.text(key);
  json.end_array();
}

std::vector<access::Need> ListTagsForResource::needs(const access::Principal&) const {
  return {need_of(action, profile)};
}

void ListTagsForResource::describe(JsonWriter& json) const {
  json.member("resourceArn", profile.arn);
}

void ProfileTags::tag(access::Permitted<TagResource> permitted, Then<std::string> then) {
  if (auto allowed = check_tags(permitted.call().tags); !allowed) return then(allowed.error());
  const auto work = [now = clock_.now()](
                        store::Transaction& tx,
                        const access::Permitted<TagResource>& permit) -> Result<Changed> {
    const TagResource& call = permit.call();
    TRY(auto profile, profile_to_tag(tx, permit.facts(), call.profile, now));
    profile.tags = model::merged(std::move(profile.tags), call.tags);
    TRY(check_tags(profile.tags));
    TRY(store::update_tags(tx, profile));
    return Changed{};
  };
  change_once(store_, home_, std::move(permitted), work, std::move(then));
}

void ProfileTags::untag(access::Permitted<UntagResource> permitted, Then<std::string> then) {
  if (auto allowed = check_tag_keys(permitted.call().keys); !allowed) return then(allowed.error());
  const auto work = [now = clock_.now()](
                        store::Transaction& tx,
                        const access::Permitted<UntagResource>& permit) -> Result<Changed> {
    const UntagResource& call = permit.call();
    TRY(auto profile, profile_to_tag(tx, permit.facts(), call.profile, now));
    profile.tags = without(std::move(profile.tags), call.keys);
    TRY(store::update_tags(tx, profile));
    return Changed{};
  };
  change_once(store_, home_, std::move(permitted), work, std::move(then));
}

Result<model::StringMap> ProfileTags::list(
    const access::Permitted<ListTagsForResource>& permitted) {
  const auto& profile = permitted.facts().profile;
  if (!is_shown(profile, clock_.now())) return no_such_profile(permitted.call().profile);
  return profile->tags;
}

}  // namespace hallmark::signing
