// An Authenticator with everything that it asks, over a directory. Only for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/authenticator.h"
#include "base/mutex.h"
#include "identity/test_directory.h"

namespace hallmark::auth::test {

// Knows one token.
class OneWebIdentity final : public identity::WebIdentities {
 public:
  Result<identity::WebIdentity> verify(std::string_view token) override {
    if (token != known_token) return denied("The token is of no issuer that is trusted.");
    return identity::WebIdentity{
        .issuer = "gitlab.example.com",
        .subject = "project_path:group/app:ref:main",
        .audience = "hallmark",
        .claims = {{"gitlab.example.com:sub", {"project_path:group/app:ref:main"}},
                   {"gitlab.example.com:aud", {"hallmark"}}}};
  }

  static constexpr std::string_view known_token = "header.claims.signature";
};

struct Use {
  std::string access_key_id;
  std::string service;
  Timestamp time;
  bool operator==(const Use&) const = default;
};

class RememberedUses final : public LastUsed {
 public:
  void note(std::string_view access_key_id, std::string_view service, Timestamp time) override {
    const MutexLock lock(mutex_);
    uses_.push_back({std::string(access_key_id), std::string(service), time});
  }
  std::vector<Use> uses() {
    const MutexLock lock(mutex_);
    return uses_;
  }

 private:
  Mutex mutex_;
  std::vector<Use> uses_ GUARDED_BY(mutex_);
};

struct TestAuthentication {
  explicit TestAuthentication(identity::test::TestDirectory& made)
      : sessions(made.sealer, made.directory, made.clock, made.random, {}),
        authenticator({made.directory, sessions, web_identities, last_used, made.clock},
                      {.home = {},
                       .account = made.account,
                       .services = {"signer", "sts", "acm"},
                       .server_user = server_user}) {}

  static constexpr std::uint32_t server_user = 990;
  identity::Sessions sessions;
  OneWebIdentity web_identities;
  RememberedUses last_used;
  Authenticator authenticator;
};

}  // namespace hallmark::auth::test
