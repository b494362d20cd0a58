#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"

namespace hallmark::api {
namespace {

Result<std::string> read_profile_version(const JsonObject& body) {
  TRY(auto text, body.find_text("profileVersion"));
  if (!text) return std::string();
  TRY(auto version, model::ProfileVersion::parse(*text));
  return version.text();
}

Result<signing::AddProfilePermission> parse(const Incoming& incoming, Services&) {
  TRY(auto name, model::ProfileName::parse(incoming.path[0]));
  TRY(auto body, incoming.body_object());
  TRY(auto action, body.get_text("action"));
  TRY(auto principal, body.get_text("principal"));
  TRY(auto version, read_profile_version(body));
  TRY(auto revision_id, body.find_text("revisionId"));
  TRY(auto statement_id, body.get_text("statementId"));
  // Terraform sends an empty revisionId with the first permission.
  return signing::AddProfilePermission{.name = std::move(name),
                                       .permission = {.statement_id = std::string(statement_id),
                                                      .action = std::string(action),
                                                      .principal = std::string(principal),
                                                      .profile_version = std::move(version)},
                                       .revision_id = std::string(revision_id.value_or(""))};
}

void run(Services& services, access::Permitted<signing::AddProfilePermission> permitted,
         Finish finish) {
  services.permissions.add(std::move(permitted), answer_revision(std::move(finish)));
}

}  // namespace

constinit const Operation add_profile_permission =
    operation<parse, run>(http::Method::post, "/signing-profiles/{profileName}/permissions");

}  // namespace hallmark::api
