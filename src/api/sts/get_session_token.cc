#include <array>

#include "api/sts/operations.h"
#include "api/sts/parameters.h"

namespace hallmark::api {
namespace {

constexpr std::int64_t duration_seconds_max = 129'600;  // 36 hours
constexpr std::array<std::string_view, 2> refused = {"SerialNumber", "TokenCode"};

Result<identity::GetSessionToken> parse(const Incoming& incoming, Services&) {
  TRY(refuse_parameters(incoming.query, refused));
  TRY(const auto duration, read_duration(incoming.query, duration_seconds_max));
  return identity::GetSessionToken{duration};
}

void run(Services& services, access::Permitted<identity::GetSessionToken> permitted,
         Finish finish) {
  services.security_tokens.get_session_token(
      std::move(permitted),
      [finish = std::move(finish)](Result<identity::TemporaryCredentials> made) mutable {
        if (!made) return finish(std::move(made.error()));
        XmlWriter xml;
        write_credentials(xml, *made);
        finish(xml.take());
      });
}

}  // namespace

constinit const Operation get_session_token =
    operation<parse, run>(http::Method::post, "/", {.rate_max = sts_rate_max});

}  // namespace hallmark::api
