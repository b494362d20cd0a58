#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"

namespace hallmark::api {
namespace {

Result<signing::RemoveProfilePermission> parse(const Incoming& incoming, Services&) {
  TRY(auto name, model::ProfileName::parse(incoming.path[0]));
  std::string revision_id = incoming.query.get("revisionId");
  if (revision_id.empty()) return invalid("revisionId is required.");
  return signing::RemoveProfilePermission{.name = std::move(name),
                                          .statement_id = incoming.path[1],
                                          .revision_id = std::move(revision_id)};
}

void run(Services& services, access::Permitted<signing::RemoveProfilePermission> permitted,
         Finish finish) {
  services.permissions.remove(std::move(permitted), answer_revision(std::move(finish)));
}

}  // namespace

constinit const Operation remove_profile_permission = operation<parse, run>(
    http::Method::del, "/signing-profiles/{profileName}/permissions/{statementId}");

}  // namespace hallmark::api
