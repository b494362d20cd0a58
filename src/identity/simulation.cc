#include "identity/simulation.h"

#include <fmt/format.h>

#include "access/denial.h"
#include "identity/principals.h"
#include "identity/sessions.h"
#include "policy/wildcard.h"

namespace hallmark::identity {
namespace {

constexpr std::string_view session_name = "simulation";

Result<void> check_action(std::string_view action) {
  const std::size_t colon = action.find(':');
  const bool fine = colon != std::string_view::npos && colon > 0 && colon + 1 < action.size() &&
                    action.find_first_of("*? ") == std::string_view::npos;
  if (fine) return {};
  return invalid("The action must have the form service:Action, without wildcards.");
}

access::Resource object_of(const model::Arn& arn) {
  const std::size_t slash = arn.resource.find('/');
  if (slash == std::string::npos) return access::ObjectResource{arn.resource, {}};
  return access::ObjectResource{arn.resource.substr(0, slash), arn.resource.substr(slash + 1)};
}

// As the operations name what they are done to.
Result<access::Resource> resource_of(const model::Home& home, const SimulatePrincipalPolicy& call) {
  if (call.resource == "*") return access::Resource(access::AnyResource{});
  auto profile = model::find_profile_reference(home, call.resource);
  if (profile && profile->version) {
    return invalid("A profile is judged without its version: name signer:ProfileVersion instead.");
  }
  if (profile) {
    return access::Resource(access::ProfileResource{profile->account, std::move(profile->name)});
  }
  if (auto job = model::find_job_reference(home, call.resource)) {
    return access::Resource(access::JobResource{std::move(job->account), job->id});
  }
  TRY(auto arn, model::Arn::parse(call.resource));
  if (arn.service == "s3") return object_of(arn);
  auto account = model::AccountId::parse(arn.account);
  static constexpr std::string_view role = "role/";
  if (account && call.asked == "sts:AssumeRole" && arn.resource.starts_with(role)) {
    return access::Resource(
        access::RoleResource{*std::move(account), arn.resource.substr(role.size())});
  }
  return access::Resource(
      access::NamedResource{call.resource, account ? *std::move(account) : call.who.place.account});
}

Result<access::Principal> principal_as_it_acts(const model::Home& home, const Subject& subject) {
  TRY(auto principal, principal_of(home, subject.row, subject.policies));
  if (principal.type != access::PrincipalType::role) return principal;
  principal.role_arn = principal.arn;
  const std::string id = assumed_role_id(principal, session_name);
  principal.arn = assumed_role_arn(home, principal, session_name);
  principal.unique_id = id;
  principal.name.clear();
  return principal;
}

// What of the context is a fact of the request goes there, and is taken out.
Result<access::RequestFacts> take_facts(access::Context& context, Timestamp now) {
  access::RequestFacts facts{.request_id = {},
                             .access_key_id = {},
                             .source_ip = {},
                             .user_agent = {},
                             .time = now,
                             .secure_transport = true};
  access::Context others;
  for (auto& [key, values] : context) {
    const std::string_view value = values.empty() ? std::string_view() : values.front();
    if (policy::equals_ignoring_case(key, "aws:CurrentTime")) {
      auto time = from_rfc3339(value);
      if (!time) return invalid("aws:CurrentTime must be a time like 2026-11-22T09:00:00Z.");
      facts.time = *time;
    } else if (policy::equals_ignoring_case(key, "aws:SecureTransport")) {
      facts.secure_transport = value == "true";
    } else if (policy::equals_ignoring_case(key, "aws:SourceIp")) {
      facts.source_ip = value;
    } else if (policy::equals_ignoring_case(key, "aws:UserAgent")) {
      facts.user_agent = value;
    } else {
      others.emplace_back(std::move(key), std::move(values));
    }
  }
  context = std::move(others);
  return facts;
}

Result<std::shared_ptr<const access::Session>> session_of(const SimulatePrincipalPolicy& call,
                                                          Timestamp now) {
  if (call.session_policy.empty()) return std::shared_ptr<const access::Session>();
  auto document = policy::Document::parse(call.session_policy, policy::DocumentKind::identity);
  if (!document) return invalid(document.error().message, "MalformedPolicyDocument");
  return std::make_shared<const access::Session>(
      access::Session{.policy = *std::move(document), .issued_at = now, .expires_at = now});
}

std::string policy_name_of(const Subject& subject, const policy::Evaluation& evaluation) {
  if (!evaluation.matched || evaluation.policy_type != policy::PolicyType::identity) return {};
  if (evaluation.matched->document >= subject.policies.size()) return {};  // the root's
  return subject.policies[evaluation.matched->document].name;
}

}  // namespace

Result<Simulation> simulate(const access::Authorizer& authorizer, const Subject& subject,
                            const SimulatePrincipalPolicy& call, Timestamp now) {
  TRY(check_action(call.asked));
  access::Need need{.action = call.asked, .context = call.context};
  TRY(need.resource, resource_of(authorizer.home(), call));
  TRY(const auto who, principal_as_it_acts(authorizer.home(), subject));
  TRY(auto facts, take_facts(need.context, now));
  TRY(facts.session, session_of(call, facts.time));

  TRY(auto judgement, authorizer.explain(who, facts, need));
  Simulation simulation{std::move(judgement), {}, {}};
  simulation.policy_name = policy_name_of(subject, simulation.judgement.evaluation);
  if (!simulation.judgement.why_not.empty()) {
    simulation.sentence = access::denial_of(who, need, simulation.judgement);
  }
  return simulation;
}

}  // namespace hallmark::identity
