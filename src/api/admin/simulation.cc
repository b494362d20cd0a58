#include "api/admin/members.h"
#include "api/admin/operations.h"

namespace hallmark::api {
namespace {

Result<access::Context> read_context(const JsonObject& body) {
  access::Context context;
  const auto entries = body.find("ContextEntries");
  if (!entries) return context;
  TRY(const auto values, entries->array());
  for (const JsonValue& value : values) {
    TRY(const auto entry, value.object());
    TRY(const auto key, entry.get_text("ContextKeyName"));
    TRY(const auto listed, entry.get("ContextKeyValues"));
    TRY(const auto texts, listed.array());
    std::vector<std::string> of_key;
    for (const JsonValue& each : texts) {
      TRY(const auto text, each.text());
      of_key.emplace_back(text);
    }
    context.emplace_back(std::string(key), std::move(of_key));
  }
  return context;
}

Result<identity::SimulatePrincipalPolicy> parse(const Incoming& incoming, AdminServices& services) {
  TRY(auto who, read_any_target(incoming, services));
  TRY(auto asked, read_text(incoming, "ActionName"));
  TRY(auto resource, read_text(incoming, "ResourceArn"));
  TRY(const auto body, incoming.body_object());
  TRY(auto context, read_context(body));
  TRY(const auto session, body.find_text("SessionPolicy"));
  return identity::SimulatePrincipalPolicy{.who = std::move(who),
                                           .asked = std::move(asked),
                                           .resource = std::move(resource),
                                           .context = std::move(context),
                                           .session_policy = std::string(session.value_or(""))};
}

std::string_view name_of(policy::Decision decision) {
  switch (decision) {
    case policy::Decision::implicit_deny: return "implicitDeny";
    case policy::Decision::explicit_deny: return "explicitDeny";
    case policy::Decision::allowed: return "allowed";
  }
  return "implicitDeny";
}

std::string_view name_of(policy::PolicyType type) {
  switch (type) {
    case policy::PolicyType::identity: return "identity-based policy";
    case policy::PolicyType::session: return "session policy";
    case policy::PolicyType::resource: return "resource-based policy";
    case policy::PolicyType::trust: return "trust policy";
  }
  return "identity-based policy";
}

Result<std::string> run(AdminServices& services,
                        const access::Permitted<identity::SimulatePrincipalPolicy>& permitted) {
  return answer_now(services.administration.simulate(permitted),
                    [&](JsonWriter& json, const identity::Simulation& simulation) {
                      const policy::Evaluation& evaluation = simulation.judgement.evaluation;
                      json.member("EvalActionName", permitted.call().asked);
                      json.member("EvalResourceName", simulation.judgement.resource);
                      json.member("EvalDecision", name_of(evaluation.decision));
                      json.member("PolicyType", name_of(evaluation.policy_type));
                      if (evaluation.matched) {
                        json.member("StatementIndex", std::int64_t(evaluation.matched->statement));
                        json.member("StatementId", evaluation.matched->sid);
                      }
                      if (!simulation.policy_name.empty())
                        json.member("PolicyName", simulation.policy_name);
                      if (!simulation.sentence.empty()) json.member("Message", simulation.sentence);
                    });
}

}  // namespace

constinit const AdminOperation simulate_principal_policy = admin_operation<parse, run>();

}  // namespace hallmark::api
