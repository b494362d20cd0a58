// Authorization: Caller + Call + facts → Permitted<Call>. A verb takes a Permitted and nothing
// else, so an unauthorized call does not compile, and the values that were judged are the values
// that are used.
//
// A Call is a struct of parsed arguments that says what it needs:
//
//   struct PutSigningProfile {
//     static constexpr std::string_view action = "signer:PutSigningProfile";
//     std::vector<Need> needs(const Principal& caller) const;
//     void describe(JsonWriter& json) const;   // the requestParameters of its audit record
//     …
//   };
//
// A Call whose needs depend on what was read says those in `needs_knowing(const Facts&)`: they are
// judged by the same facts, and only when the others are allowed. They name objects alone, for
// which nothing is read.
#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "access/principal.h"
#include "base/json.h"
#include "base/result.h"
#include "base/uuid.h"
#include "model/arn.h"
#include "model/job.h"
#include "model/profile.h"
#include "policy/evaluation.h"
#include "store/certificates.h"
#include "store/identities.h"
#include "store/store.h"

namespace hallmark::access {

// What an action is done to. Whether it exists is for the verb to say, after the judgement.
struct AnyResource {};  // the action has no resource type: "*"
struct ProfileResource {
  model::AccountId account;
  model::ProfileName name;
};
// A job of the owner; without one, a job that the caller's account owns or has invoked.
struct JobResource {
  std::optional<model::AccountId> owner;
  model::JobId id;
};
struct ObjectResource {
  std::string bucket;
  std::string key;
};
struct RoleResource {
  model::AccountId account;
  std::string name;
};
// An imported certificate; without an id, one that is not made yet.
struct CertificateResource {
  model::AccountId account;
  std::optional<Uuid> id;
};
struct NamedResource {
  std::string arn;
  model::AccountId account;  // whose it is
};
using Resource = std::variant<AnyResource, ProfileResource, JobResource, ObjectResource,
                              RoleResource, CertificateResource, NamedResource>;

// One thing that the caller must be allowed: an action on a resource, under condition keys.
struct Need {
  std::string action;  // "signer:PutSigningProfile"
  Resource resource = AnyResource{};
  // Whose policies have to allow it; nothing: as the action says (access/sides.h).
  std::optional<policy::Sides> sides = {};
  Context context = {};  // further condition keys
};

template <class C>
concept Call = requires(const C& call, const Principal& caller, JsonWriter& json) {
  { C::action } -> std::convertible_to<std::string_view>;
  { call.needs(caller) } -> std::same_as<std::vector<Need>>;
  { call.describe(json) } -> std::same_as<void>;
};

// What was read to judge the call, in one snapshot; a verb uses it instead of reading again, and
// has its transaction check that the profile is still at the same revision.
struct Facts {
  std::optional<model::Profile> profile;  // the one named, or the job's; nothing: there is none
  std::optional<model::Job> job;
  std::optional<store::PrincipalRow> role;
  std::optional<store::ImportedCertificate> certificate;
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

// What the policies say of one need.
struct Judgement {
  policy::Evaluation evaluation;
  std::string resource;  // the ARN that was judged
  std::string why_not;   // the end of the sentence of a denial; empty when it is allowed
};

// Safe to call from any thread. The store and the owners outlive it.
class Authorizer {
 public:
  Authorizer(store::Store& store, BucketOwners& bucket_owners, model::Home home)
      : store_(store), bucket_owners_(bucket_owners), home_(std::move(home)) {}

  // Denied, in AWS's words and naming the action and the resource, unless every need is allowed.
  template <Call C>
  Result<Permitted<C>> permit(Caller caller, C call) const {
    const std::vector<Need> needs = call.needs(caller.principal());
    TRY(auto facts, read_facts(caller.principal(), needs));
    TRY(judge_all(caller, needs, facts));
    if constexpr (requires { call.needs_knowing(facts); }) {
      TRY(judge_all(caller, call.needs_knowing(facts), facts));
    }
    return Permitted<C>(std::move(caller), std::move(call), std::move(facts));
  }

  // What would be said of `need`, for `hallmark policy simulate`. Permits nothing.
  Result<Judgement> explain(const Principal& who, const RequestFacts& request,
                            const Need& need) const;

  const model::Home& home() const { return home_; }

 private:
  Result<void> judge_all(const Caller& caller, std::span<const Need> needs,
                         const Facts& facts) const;
  Result<Facts> read_facts(const Principal& who, std::span<const Need> needs) const;
  Result<Judgement> judge(const Principal& who, const RequestFacts& request, const Need& need,
                          const Facts& facts) const;

  store::Store& store_;
  BucketOwners& bucket_owners_;
  model::Home home_;
};

}  // namespace hallmark::access
