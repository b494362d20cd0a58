// Callers without authentication, for the tests of modules below `auth`. Only for tests, and never
// beside the real Authenticator.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/principal.h"
#include "base/test_support.h"

namespace hallmark::auth {

// Only a class of this name may make a Caller.
class Authenticator {
 public:
  static access::Caller make(std::shared_ptr<const access::Principal> principal,
                             access::RequestFacts facts) {
    return {std::move(principal), std::move(facts)};
  }
};

}  // namespace hallmark::auth

namespace hallmark::access::test {

inline constexpr std::string_view allow_everything =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";

inline model::AccountId account(std::string_view digits = "111122223333") {
  return hallmark::test::value_of(model::AccountId::parse(digits));
}

// The user `alice` of an account, with identity policies.
inline std::shared_ptr<const Principal> user(const std::vector<std::string_view>& policies,
                                             const model::AccountId& of = account()) {
  std::vector<policy::Document> documents;
  documents.reserve(policies.size());
  for (const std::string_view json : policies) {
    documents.push_back(
        hallmark::test::value_of(policy::Document::parse(json, policy::DocumentKind::identity)));
  }
  return std::make_shared<const Principal>(
      Principal{.type = PrincipalType::user,
                .account = of,
                .arn = "arn:aws:iam::" + of.text() + ":user/alice",
                .unique_id = "AIDAALICE",
                .name = "alice",
                .policies = std::move(documents)});
}

inline Caller caller(std::shared_ptr<const Principal> principal,
                     std::shared_ptr<const Session> session = {}) {
  return auth::Authenticator::make(
      std::move(principal), {.request_id = "0192f0c1-0000-7000-8000-000000000001",
                             .access_key_id = "AKIAALICE",
                             .source_ip = "192.0.2.7",
                             .user_agent = "aws-cli/2.15",
                             .time = hallmark::test::value_of(from_rfc3339("2026-11-22T09:00:00Z")),
                             .secure_transport = false,
                             .session = std::move(session)});
}

inline Caller caller(std::string_view policy = allow_everything) { return caller(user({policy})); }

}  // namespace hallmark::access::test
