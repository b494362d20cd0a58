// Authorization: Caller + Call + facts → Permitted<Call>. A verb takes a Permitted and nothing
// else, so an unauthorized call does not compile, and the values that were judged are the values
// that are used.
//
// A Call is a struct of parsed arguments that says what it needs:
//
//   struct PutSigningProfile {
//     static constexpr std::string_view action = "signer:PutSigningProfile";
//     std::vector<Need> needs(const model::Home& home, const Principal& caller) const;
//     void describe(JsonWriter& json) const;   // the requestParameters of its audit record
//     …
//   };
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/principal.h"
#include "base/json.h"
#include "base/result.h"
#include "model/arn.h"
#include "model/profile.h"
#include "store/store.h"

namespace hallmark::access {

struct ProfileReference {
  model::AccountId account;
  model::ProfileName name;
};

// One thing that the caller must be allowed: an action on a resource, under condition keys.
struct Need {
  std::string action;    // "signer:PutSigningProfile"
  std::string resource;  // an ARN, or "*" where the action has no resource type
  std::optional<ProfileReference> profile =
      {};                   // the resource is this profile: its tags and version count
  std::string bucket = {};  // the resource lies in this bucket: its owner counts
  std::optional<model::AccountId> account =
      {};  // the resource belongs to this account; nothing: the caller's
  std::vector<std::pair<std::string, std::vector<std::string>>> context =
      {};  // further condition keys
};

template <class C>
concept Call = requires(const C& call, const model::Home& home, const Principal& caller,
                        JsonWriter& json) {
  { C::action } -> std::convertible_to<std::string_view>;
  { call.needs(home, caller) } -> std::same_as<std::vector<Need>>;
  { call.describe(json) } -> std::same_as<void>;
};

// What was read to judge the call; a verb uses it instead of reading again.
struct Facts {
  std::optional<model::Profile>
      profile;  // of the need that names one; nothing: there is no such profile
};

// The proof, for one call: made only by Authorizer, moved, never copied.
template <Call C>
class Permitted {
 public:
  const C& call() const { return call_; }
  const Caller& caller() const { return caller_; }
  const Facts& facts() const { return facts_; }

  Permitted(Permitted&&) noexcept = default;
  Permitted& operator=(Permitted&&) = delete;
  Permitted(const Permitted&) = delete;
  Permitted& operator=(const Permitted&) = delete;
  ~Permitted() = default;

 private:
  friend class Authorizer;
  Permitted(Caller caller, C call, Facts facts)
      : caller_(std::move(caller)), call_(std::move(call)), facts_(std::move(facts)) {}

  Caller caller_;
  C call_;
  Facts facts_;
};

// Says whose a bucket is; nothing when there is no such bucket. Any thread.
class BucketOwners {
 public:
  virtual ~BucketOwners() = default;
  virtual Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) = 0;
};

// Safe to call from any thread. The store and the owners outlive it.
class Authorizer {
 public:
  Authorizer(store::Store& store, BucketOwners& bucket_owners, model::Home home)
      : store_(store), bucket_owners_(bucket_owners), home_(std::move(home)) {}

  // Denied, in AWS's words and naming the action and the resource, unless every need is allowed.
  template <Call C>
  Result<Permitted<C>> permit(Caller caller, C call) const {
    TRY(auto facts, judge(caller, call.needs(home_, caller.principal())));
    return Permitted<C>(std::move(caller), std::move(call), std::move(facts));
  }

  const model::Home& home() const { return home_; }

 private:
  Result<Facts> judge(const Caller& caller, const std::vector<Need>& needs) const;

  store::Store& store_;
  BucketOwners& bucket_owners_;
  model::Home home_;
};

}  // namespace hallmark::access
