#include "api/sts/operations.h"
#include "api/sts/xml.h"
#include "identity/sts.h"

namespace hallmark::api {
namespace {

Result<identity::GetCallerIdentity> parse(const Incoming&, Services&) {
  return identity::GetCallerIdentity{};
}

Result<std::string> run(Services& services,
                        const access::Permitted<identity::GetCallerIdentity>& permitted) {
  const auto identity = services.security_tokens.get_caller_identity(permitted);
  XmlWriter xml;
  xml.element("Arn", identity.arn).element("UserId", identity.user_id);
  xml.element("Account", identity.account);
  return xml.take();
}

}  // namespace

constinit const Operation get_caller_identity = operation<parse, run>(http::Method::post, "/");

}  // namespace hallmark::api
