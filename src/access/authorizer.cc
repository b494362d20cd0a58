#include "access/authorizer.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "access/denial.h"
#include "access/resource_policy.h"
#include "access/sides.h"
#include "store/jobs.h"
#include "store/profiles.h"

namespace hallmark::access {
namespace {

// aws:PrincipalType as conditions see it, which is not what CloudTrail writes.
std::string_view type_of(const Principal& who) {
  switch (who.type) {
    case PrincipalType::root: return "Account";
    case PrincipalType::user: return "User";
    case PrincipalType::role: return "AssumedRole";
    case PrincipalType::machine_operator: return "MachineOperator";
    case PrincipalType::web_identity: return "Anonymous";
  }
  return "User";
}

constexpr std::size_t context_keys_usual = 16;  // those below, and a few of the resource

// The condition keys that every request has (IAM User Guide, "AWS global condition context keys").
Context global_context(const Principal& who, const RequestFacts& request) {
  Context context;
  context.reserve(context_keys_usual + request.claims.size());
  const auto add = [&](const char* key, std::string value) {
    context.emplace_back(key, std::vector<std::string>()).second.push_back(std::move(value));
  };
  add("aws:PrincipalType", std::string(type_of(who)));
  add("aws:SecureTransport", request.secure_transport ? "true" : "false");
  add("aws:CurrentTime", to_rfc3339(request.time));
  add("aws:EpochTime", fmt::format("{}", unix_seconds(request.time)));
  add("aws:UserAgent", request.user_agent);
  if (who.type != PrincipalType::web_identity) {
    add("aws:PrincipalArn", who.role_arn.empty() ? who.arn : who.role_arn);
    add("aws:PrincipalAccount", who.account.text());
    add("aws:userid", who.unique_id);
  }
  if (who.type == PrincipalType::user) add("aws:username", who.name);
  if (!request.source_ip.empty()) add("aws:SourceIp", request.source_ip);
  if (request.session) add("aws:TokenIssueTime", to_rfc3339(request.session->issued_at));
  context.insert(context.end(), request.claims.begin(), request.claims.end());
  return context;
}

// How a resource is judged: its name, whose it is, its policy and its condition keys.
struct Judged {
  std::string arn = "*";
  std::string account;
  std::optional<policy::Document> policy = {};
  Context context = {};
};

void add_tags(Context& context, const model::StringMap& tags) {
  for (const auto& [key, value] : tags) {
    context.push_back({"aws:ResourceTag/" + key, {value}});
  }
}

class Describer {
 public:
  Describer(const model::Home& home, const Principal& who, const Facts& facts)
      : home_(home), who_(who), facts_(facts) {}

  Result<Judged> operator()(const AnyResource&) const {
    return Judged{.arn = "*", .account = who_.account.text()};
  }
  Result<Judged> operator()(const ProfileResource& profile) const {
    Judged judged{.arn = model::profile_arn(home_, profile.account, profile.name),
                  .account = profile.account.text()};
    if (!facts_.profile) return judged;
    if (facts_.profile->account != profile.account || facts_.profile->name != profile.name) {
      return two_of_a_kind();
    }
    judged.context.push_back({"signer:ProfileVersion", {facts_.profile->version.text()}});
    add_tags(judged.context, facts_.profile->tags);
    TRY(judged.policy, resource_policy_of(home_, facts_.profile->permissions));
    return judged;
  }
  // A job is judged by the permissions of its profile, at the version that signed it.
  Result<Judged> operator()(const JobResource& job) const {
    const model::AccountId& owner =
        facts_.job ? facts_.job->owner : job.owner.value_or(who_.account);
    Judged judged{.arn = model::job_arn(home_, owner, job.id), .account = owner.text()};
    if (!facts_.job) return judged;
    if (facts_.job->id != job.id) return two_of_a_kind();
    judged.context.push_back({"signer:ProfileVersion", {facts_.job->profile_version.text()}});
    if (!facts_.profile) return judged;
    add_tags(judged.context, facts_.profile->tags);
    TRY(judged.policy, resource_policy_of(home_, facts_.profile->permissions));
    return judged;
  }
  Result<Judged> operator()(const ObjectResource& object) const {
    return Judged{.arn = model::object_arn(home_, object.bucket, object.key),
                  .account = who_.account.text()};
  }
  Result<Judged> operator()(const RoleResource& role) const {
    Judged judged{.arn = model::role_arn(home_, role.account, role.name),
                  .account = role.account.text()};
    if (!facts_.role) return judged;
    if (facts_.role->account != role.account || facts_.role->name != role.name) {
      return two_of_a_kind();
    }
    TRY(const auto trust,
        policy::Document::parse(facts_.role->trust_policy, policy::DocumentKind::resource));
    judged.policy = trust.bound_to(facts_.role->trusted_ids);
    return judged;
  }
  Result<Judged> operator()(const CertificateResource& certificate) const {
    Judged judged{.arn = certificate.id
                             ? model::certificate_arn(home_, certificate.account, *certificate.id)
                             : model::certificates_arn(home_, certificate.account),
                  .account = certificate.account.text()};
    if (facts_.certificate) add_tags(judged.context, facts_.certificate->tags);
    return judged;
  }
  Result<Judged> operator()(const NamedResource& named) const {
    return Judged{.arn = named.arn, .account = named.account.text()};
  }

 private:
  // Facts have room for one profile, one job, one role: a call that names two is a defect of ours.
  static Error two_of_a_kind() { return internal_error("a call names two resources of a kind"); }

  const model::Home& home_;
  const Principal& who_;
  const Facts& facts_;
};

// Reads what a resource is judged by. Without a default: a kind of resource that nobody reads would
// be judged without its tags and policy.
class Reading {
 public:
  Reading(store::Reader& rows, const Principal& who, Facts& facts)
      : rows_(rows), who_(who), facts_(facts) {}

  Result<void> operator()(const AnyResource&) { return {}; }
  Result<void> operator()(const ObjectResource&) { return {}; }
  Result<void> operator()(const NamedResource&) { return {}; }
  Result<void> operator()(const ProfileResource& profile) {
    return fill(facts_.profile, store::find_profile(rows_, profile.account, profile.name));
  }
  Result<void> operator()(const JobResource& job) {
    TRY(fill(facts_.job, job.owner ? store::find_job(rows_, *job.owner, job.id)
                                   : store::find_job_seen_by(rows_, who_.account, job.id)));
    if (!facts_.job) return {};
    return fill(facts_.profile,
                store::find_profile(rows_, facts_.job->owner, facts_.job->profile_name));
  }
  Result<void> operator()(const RoleResource& role) {
    return fill(facts_.role, store::find_principal_by_name(rows_, role.account,
                                                           store::PrincipalKind::role, role.name));
  }
  Result<void> operator()(const CertificateResource& certificate) {
    if (!certificate.id) return {};
    return fill(facts_.certificate,
                store::find_imported_certificate(rows_, certificate.account, *certificate.id));
  }

 private:
  // What is there stays: each need is judged by its own, or not at all (see Describer).
  template <class T>
  static Result<void> fill(std::optional<T>& slot, Result<std::optional<T>> found) {
    if (!found) return std::move(found.error());
    if (!slot) slot = *std::move(found);
    return {};
  }

  store::Reader& rows_;
  const Principal& who_;
  Facts& facts_;
};

bool needs_rows(const Need& need) {
  return !std::holds_alternative<AnyResource>(need.resource) &&
         !std::holds_alternative<ObjectResource>(need.resource) &&
         !std::holds_alternative<NamedResource>(need.resource);
}

// A holder of a token is named by it: there is no ARN.
std::string subject_of(const Principal& who) {
  return who.type == PrincipalType::web_identity ? who.unique_id : who.arn;
}

}  // namespace

std::string denial_of(const Principal& who, const Need& need, const Judgement& judgement) {
  return fmt::format("User: {} is not authorized to perform: {} on resource: {} {}",
                     subject_of(who), need.action, judgement.resource, judgement.why_not);
}

Result<void> Authorizer::judge_all(const Caller& caller, std::span<const Need> needs,
                                   const Facts& facts) const {
  for (const Need& need : needs) {
    TRY(const auto judgement, judge(caller.principal(), caller.request(), need, facts));
    if (!judgement.why_not.empty()) return denied(denial_of(caller.principal(), need, judgement));
  }
  return {};
}

Result<Facts> Authorizer::read_facts(const Principal& who, std::span<const Need> needs) const {
  if (std::ranges::none_of(needs, needs_rows)) return Facts{};
  return store_.read([&](store::Reader& rows) -> Result<Facts> {
    Facts facts;
    for (const Need& need : needs) TRY(std::visit(Reading(rows, who, facts), need.resource));
    return facts;
  });
}

Result<Judgement> Authorizer::explain(const Principal& who, const RequestFacts& request,
                                      const Need& need) const {
  TRY(const auto facts, read_facts(who, std::span(&need, 1)));
  return judge(who, request, need, facts);
}

Result<Judgement> Authorizer::judge(const Principal& who, const RequestFacts& request,
                                    const Need& need, const Facts& facts) const {
  TRY(auto judged, std::visit(Describer(home_, who, facts), need.resource));
  if (const auto* object = std::get_if<ObjectResource>(&need.resource)) {
    TRY(const auto owner, bucket_owners_.find_bucket_owner(object->bucket));
    // No policy opens a bucket of another account: the server's own rights could reach it.
    if (owner && *owner != who.account.view()) {
      return Judgement{{}, std::move(judged.arn), "because the bucket belongs to another account"};
    }
  }
  const policy::Policies policies{
      .identity = who.policies,
      .session = request.session ? request.session->policy : std::nullopt,
      .resource = std::move(judged.policy),
      .resource_account = judged.account,
      .sides = need.sides.value_or(sides_of(need.action))};
  Context context;  // most policies have no conditions
  if (policy::needs_context(policies)) {
    context = global_context(who, request);
    std::ranges::move(judged.context, std::back_inserter(context));
    context.insert(context.end(), need.context.begin(), need.context.end());
  }
  const bool anonymous = who.type == PrincipalType::web_identity;
  const policy::Question question{
      .action = need.action,
      .resource = judged.arn,
      .principal_arn = anonymous ? std::string_view() : who.arn,
      .principal_account = anonymous ? std::string_view() : who.account.view(),
      .principal_id = anonymous ? std::string_view() : who.unique_id,
      .federated_issuer = request.federated_issuer,
      .context = std::move(context)};
  Judgement judgement{policy::evaluate(policies, question), std::move(judged.arn), {}};
  judgement.why_not = policy::reason(judgement.evaluation, need.action);
  return judgement;
}

}  // namespace hallmark::access
