#include <array>

#include "api/sts/operations.h"
#include "api/sts/parameters.h"

namespace hallmark::api {
namespace {

constexpr std::array<std::string_view, 2> refused = {"PolicyArns", "ProviderId"};

// WebIdentityToken is read already: it is who the caller is.
Result<identity::AssumeRoleWithWebIdentity> parse(const Incoming& incoming, Services& services) {
  TRY(refuse_parameters(incoming.query, refused));
  TRY(auto role, read_role_parameters(incoming.query, services.authorizer.home()));
  return identity::AssumeRoleWithWebIdentity{.role = std::move(role.role),
                                             .role_arn = std::move(role.role_arn),
                                             .session_name = std::move(role.session_name),
                                             .policy = std::move(role.policy),
                                             .duration_seconds = role.duration_seconds};
}

void run(Services& services, access::Permitted<identity::AssumeRoleWithWebIdentity> permitted,
         Finish finish) {
  services.security_tokens.assume_role_with_web_identity(
      std::move(permitted),
      [finish = std::move(finish)](Result<identity::WebIdentityRole> assumed) mutable {
        if (!assumed) return finish(std::move(assumed.error()));
        XmlWriter xml;
        xml.element("SubjectFromWebIdentityToken", assumed->subject);
        xml.element("Audience", assumed->audience).element("Provider", assumed->provider);
        write_assumed_role(xml, assumed->role);
        finish(xml.take());
      });
}

}  // namespace

constinit const Operation assume_role_with_web_identity =
    operation<parse, run>(http::Method::post, "/", {.rate_max = sts_rate_max});

}  // namespace hallmark::api
