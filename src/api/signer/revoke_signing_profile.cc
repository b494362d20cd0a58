#include "api/fields.h"
#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

constexpr double unix_seconds_max = 253'402'300'799;  // the end of the year 9999

// Seconds since 1970, with a fraction or without.
Result<Timestamp> read_effective_time(const JsonObject& body) {
  TRY(auto member, body.get("effectiveTime"));
  TRY(const double seconds, member.number());
  if (seconds < 0 || seconds > unix_seconds_max) {
    return malformed("effectiveTime must be a number of seconds since 1970.");
  }
  return from_unix_millis(std::int64_t(seconds * 1000));
}

Result<signing::RevokeSigningProfile> parse(const Incoming& incoming, Services&) {
  TRY(auto name, model::ProfileName::parse(incoming.path[0]));
  TRY(auto body, incoming.body_object());
  TRY(auto version_text, body.get_text("profileVersion"));
  TRY(auto version, model::ProfileVersion::parse(version_text));
  TRY(auto reason, read_revocation_reason(body));
  TRY(auto effective_time, read_effective_time(body));
  return signing::RevokeSigningProfile{.name = std::move(name),
                                       .version = std::move(version),
                                       .reason = std::move(reason),
                                       .effective_time = effective_time};
}

void run(Services& services, access::Permitted<signing::RevokeSigningProfile> permitted,
         Finish finish) {
  services.profiles.revoke(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation revoke_signing_profile =
    operation<parse, run>(http::Method::put, "/signing-profiles/{profileName}/revoke");

}  // namespace hallmark::api
