#include "api/fields.h"
#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

Result<signing::ListProfilePermissions> parse(const Incoming& incoming, Services&) {
  TRY(auto name, model::ProfileName::parse(incoming.path[0]));
  // A policy fits into one page, so no token was ever given.
  if (!incoming.query.get("nextToken").empty()) return invalid("nextToken is not valid.");
  return signing::ListProfilePermissions{std::move(name)};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::ListProfilePermissions>& permitted) {
  TRY(const auto listed, services.permissions.list(permitted));
  JsonWriter json;
  json.begin_object().member("revisionId", listed.permissions.revision_id);
  json.member("policySizeBytes", std::int64_t(listed.policy_bytes));
  json.name("permissions").begin_array();
  for (const model::Permission& permission : listed.permissions.statements) {
    json.begin_object().member("action", permission.action);
    json.member("principal", permission.principal);
    json.member("statementId", permission.statement_id);
    if (!permission.profile_version.empty()) {
      json.member("profileVersion", permission.profile_version);
    }
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace

constinit const Operation list_profile_permissions =
    operation<parse, run>(http::Method::get, "/signing-profiles/{profileName}/permissions");

}  // namespace hallmark::api
