// Signing profiles: the calls and the verbs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "model/profile.h"
#include "store/store.h"

namespace hallmark::signing {

struct PutSigningProfile {
  static constexpr std::string_view action = "signer:PutSigningProfile";

  model::ProfileName name;
  std::string platform_id;
  std::optional<model::ValidityPeriod> validity;
  std::string certificate_arn;  // empty: none given
  model::PlatformOverrides overrides;
  model::StringMap signing_parameters;
  model::StringMap tags;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct GetSigningProfile {
  static constexpr std::string_view action = "signer:GetSigningProfile";

  model::ProfileName name;
  std::optional<model::AccountId> owner;  // nothing: the caller's account

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListSigningProfiles {
  static constexpr std::string_view action = "signer:ListSigningProfiles";

  std::vector<model::ProfileStatus> statuses;  // empty: Active, and Canceled too when asked
  bool include_canceled = false;
  std::string platform_id;  // empty: any
  int results_max = 0;
  std::string page_token;  // empty: the first page

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct CancelSigningProfile {
  static constexpr std::string_view action = "signer:CancelSigningProfile";
  static constexpr bool restricts = true;
  static constexpr bool is_done_once = true;

  model::ProfileName name;  // of the caller's account

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct RevokeSigningProfile {
  static constexpr std::string_view action = "signer:RevokeSigningProfile";
  static constexpr bool restricts = true;
  static constexpr bool is_done_once = true;

  model::ProfileName name;  // of the caller's account
  model::ProfileVersion version;
  std::string reason;
  Timestamp effective_time;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ProfilePage {
  std::vector<model::Profile> profiles;  // in order of name
  std::string next_token;                // empty: the end
};

class PageTokens;
struct Ending;

// Safe to call from any thread. What the constructor takes outlives the object.
class Profiles {
 public:
  Profiles(store::Store& store, PageTokens& tokens, const Clock& clock, Random& random,
           model::Home home);

  // Creates the profile; `then` runs after the profile and its audit record are durable. Invalid:
  // the name is taken (in whatever status), or a value breaks a rule of the platform.
  void put(access::Permitted<PutSigningProfile> permitted, Then<model::Profile> then);
  // Not found: no such profile, or one that was canceled two years ago.
  Result<model::Profile> get(const access::Permitted<GetSigningProfile>& permitted);
  Result<ProfilePage> list(const access::Permitted<ListSigningProfiles>& permitted);

  // Each is done once for a signed request; `then` gets an empty text when it is durable. Not
  // found: no such profile. Invalid: what signing/profile_end.h says.
  void cancel(access::Permitted<CancelSigningProfile> permitted, Then<std::string> then);
  // Of a hidden profile too: what it signed lives longer.
  void revoke(access::Permitted<RevokeSigningProfile> permitted, Then<std::string> then);

 private:
  // Now, by the caller.
  Ending ending_by(const access::Caller& caller);

  store::Store& store_;
  PageTokens& tokens_;
  const Clock& clock_;
  Random& random_;
  const model::Home home_;
};

}  // namespace hallmark::signing
