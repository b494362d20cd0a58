#include "access/authorizer.h"

#include <fmt/format.h>

#include "policy/evaluation.h"
#include "store/profiles.h"

namespace hallmark::access {
namespace {

using Context = std::vector<std::pair<std::string, std::vector<std::string>>>;

// The condition keys that every request has (IAM User Guide, "AWS global condition context keys").
Context global_context(const Caller& caller) {
  const Principal& who = caller.principal();
  const RequestFacts& request = caller.request();
  Context context = {
      {"aws:PrincipalArn", {who.arn}},
      {"aws:PrincipalAccount", {who.account.text()}},
      {"aws:PrincipalType", {who.type == PrincipalType::root ? "Account" : "User"}},
      {"aws:userid", {who.unique_id}},
      {"aws:SourceIp", {request.source_ip}},
      {"aws:SecureTransport", {request.secure_transport ? "true" : "false"}},
      {"aws:CurrentTime", {to_rfc3339(request.time)}},
      {"aws:EpochTime", {fmt::format("{}", unix_seconds(request.time))}},
      {"aws:UserAgent", {request.user_agent}},
  };
  if (!who.name.empty()) context.emplace_back("aws:username", std::vector{who.name});
  return context;
}

void add_profile(Context& context, const model::Profile& profile) {
  context.emplace_back("signer:ProfileVersion", std::vector{profile.version.text()});
  for (const auto& [key, value] : profile.tags) {
    context.emplace_back("aws:ResourceTag/" + key, std::vector{value});
  }
}

Error not_authorized(const Principal& who, const Need& need, std::string_view why) {
  return denied(fmt::format("User: {} is not authorized to perform: {} on resource: {} {}", who.arn,
                            need.action, need.resource, why));
}

}  // namespace

Result<Facts> Authorizer::judge(const Caller& caller, const std::vector<Need>& needs) const {
  const Principal& who = caller.principal();
  Facts facts;
  for (const Need& need : needs) {
    Context context = global_context(caller);
    context.insert(context.end(), need.context.begin(), need.context.end());
    std::string owner = need.account ? need.account->text() : who.account.text();
    if (need.profile) {
      TRY(facts.profile, store_.read([&](store::Reader& reader) {
        return store::find_profile(reader, need.profile->account, need.profile->name);
      }));
      if (facts.profile) add_profile(context, *facts.profile);
    }
    if (!need.bucket.empty()) {
      TRY(auto bucket_owner, bucket_owners_.find_bucket_owner(need.bucket));
      // No policy opens a bucket of another account: the server's own rights could reach it.
      if (bucket_owner && *bucket_owner != who.account.view()) {
        return not_authorized(who, need, "because the bucket belongs to another account");
      }
    }
    const policy::Question question{.action = need.action,
                                    .resource = need.resource,
                                    .principal_arn = who.arn,
                                    .principal_account = who.account.view(),
                                    .context = std::move(context)};
    const policy::Policies policies{
        .identity = who.policies, .session = {}, .resource = {}, .resource_account = owner};
    const policy::Evaluation evaluation = policy::evaluate(policies, question);
    if (!evaluation.is_allowed()) {
      return not_authorized(who, need, policy::reason(evaluation, need.action));
    }
  }
  return facts;
}

}  // namespace hallmark::access
