// The tags of a profile: the calls and the verbs.
#pragma once

#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/task.h"
#include "model/arn.h"
#include "store/store.h"

namespace hallmark::signing {

// A profile by its ARN: of any account, without a version.
struct TaggedProfile {
  std::string arn;
  model::AccountId account;
  model::ProfileName name;

  // Invalid: no such ARN of this partition and region. Only profiles have tags.
  static Result<TaggedProfile> parse(const model::Home& home, std::string_view arn);
};

struct TagResource {
  static constexpr std::string_view action = "signer:TagResource";
  static constexpr bool is_done_once = true;

  TaggedProfile profile;
  model::StringMap tags;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct UntagResource {
  static constexpr std::string_view action = "signer:UntagResource";
  static constexpr bool is_done_once = true;

  TaggedProfile profile;
  std::vector<std::string> keys;  // one that the profile does not have is no fault

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListTagsForResource {
  static constexpr std::string_view action = "signer:ListTagsForResource";

  TaggedProfile profile;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// Safe to call from any thread. What the constructor takes outlives the object.
class ProfileTags {
 public:
  ProfileTags(store::Store& store, const Clock& clock, model::Home home)
      : store_(store), clock_(clock), home_(std::move(home)) {}

  // Each is done once for a signed request; `then` gets an empty text when it is durable. Not
  // found: no such profile. Invalid: a rule of tags, or the profile was canceled.
  void tag(access::Permitted<TagResource> permitted, Then<std::string> then);
  void untag(access::Permitted<UntagResource> permitted, Then<std::string> then);
  // Of a canceled profile too. Not found: no such profile.
  Result<model::StringMap> list(const access::Permitted<ListTagsForResource>& permitted);

 private:
  store::Store& store_;
  const Clock& clock_;
  const model::Home home_;
};

}  // namespace hallmark::signing
