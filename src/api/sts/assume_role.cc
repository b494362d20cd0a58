#include <array>

#include "api/fields.h"
#include "api/sts/operations.h"
#include "api/sts/parameters.h"

namespace hallmark::api {
namespace {

constexpr std::array<std::string_view, 7> refused = {
    "PolicyArns",   "Tags",      "TransitiveTagKeys", "ProvidedContexts",
    "SerialNumber", "TokenCode", "SourceIdentity"};

Result<identity::AssumeRole> parse(const Incoming& incoming, Services& services) {
  TRY(refuse_parameters(incoming.query, refused));
  TRY(auto role, read_role_parameters(incoming.query, services.authorizer.home()));
  TRY(auto external_id, optional_text<identity::ExternalId>(incoming.query.get("ExternalId")));
  return identity::AssumeRole{.role = std::move(role.role),
                              .role_arn = std::move(role.role_arn),
                              .session_name = std::move(role.session_name),
                              .policy = std::move(role.policy),
                              .duration_seconds = role.duration_seconds,
                              .external_id = std::move(external_id)};
}

void run(Services& services, access::Permitted<identity::AssumeRole> permitted, Finish finish) {
  services.security_tokens.assume_role(
      std::move(permitted),
      [finish = std::move(finish)](Result<identity::AssumedRole> assumed) mutable {
        if (!assumed) return finish(std::move(assumed.error()));
        XmlWriter xml;
        write_assumed_role(xml, *assumed);
        finish(xml.take());
      });
}

}  // namespace

constinit const Operation assume_role =
    operation<parse, run>(http::Method::post, "/", {.rate_max = sts_rate_max});

}  // namespace hallmark::api
