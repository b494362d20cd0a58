#include "cli/signed_payload.h"

#include "base/encoding.h"

namespace hallmark::cli {
namespace {

constexpr std::string_view payload_format = "application/vnd.cncf.notary.payload.v1+json";

}  // namespace

Result<std::string> find_platform_id(const ApiClient& client, const ProfileName& profile) {
  ApiRequest request{.path = "/signing-profiles/" + percent_encode(profile.name)};
  if (!profile.owner.empty()) request.query = {{"profileOwner", profile.owner}};
  TRY(const auto answer, client.call(request));
  TRY(const auto object, answer.root().object());
  TRY(const auto platform, object.get_text("platformId"));
  return std::string(platform);
}

Result<PayloadSignature> sign_payload(const ApiClient& client, const ProfileName& profile,
                                      ByteView payload) {
  JsonWriter body;
  body.begin_object().member("profileName", profile.name);
  if (!profile.owner.empty()) body.member("profileOwner", profile.owner);
  body.member("payloadFormat", payload_format);
  body.member("payload", to_base64(payload)).end_object();
  TRY(const auto answer, client.call({.method = http::Method::post,
                                      .path = "/signing-jobs/with-payload",
                                      .body = body.take()}));
  TRY(const auto object, answer.root().object());
  TRY(const auto base64, object.get_text("signature"));
  auto envelope = from_base64(base64);
  if (!envelope) return corrupt("The server's answer is no signature.");
  TRY(const auto job_id, object.get_text("jobId"));
  return PayloadSignature{std::string(job_id), *std::move(envelope)};
}

}  // namespace hallmark::cli
