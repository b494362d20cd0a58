#include <fmt/format.h>

#include "api/fields.h"
#include "api/signer/operations.h"
#include "base/encoding.h"

namespace hallmark::api {
namespace {

constexpr std::size_t bytes_beside_envelope = 1024;  // of an answer: more than it needs

Result<Bytes> read_payload(const JsonObject& body) {
  TRY(auto text, body.get_text("payload"));
  auto payload = from_base64(text);
  if (!payload) return invalid("payload must be base64.");
  if (!payload->empty() && payload->size() <= signing::payload_bytes_max) {
    return *std::move(payload);
  }
  return invalid(fmt::format("payload must have 1 to {} bytes.", signing::payload_bytes_max));
}

Result<void> check_format(const JsonObject& body) {
  TRY(auto format, body.get_text("payloadFormat"));
  if (format == signing::payload_format) return {};
  return invalid(fmt::format("payloadFormat must be {}.", signing::payload_format));
}

Result<signing::SignPayload> parse(const Incoming& incoming, Services& services) {
  TRY(auto body, incoming.body_object());
  TRY(auto name_text, body.get_text("profileName"));
  TRY(auto name, model::ProfileName::parse(name_text));
  TRY(auto owner_text, body.find_text("profileOwner"));
  TRY(auto owner, read_account(owner_text.value_or(""), "profileOwner"));
  TRY(check_format(body));
  TRY(auto payload, read_payload(body));
  return signing::SignPayload{.id = Uuid::v7(services.clock.now(), services.random),
                              .profile_name = std::move(name),
                              .profile_owner = std::move(owner),
                              .payload = std::move(payload)};
}

std::string render(const signing::SignedPayload& answer) {
  JsonWriter json(answer.envelope.size() / 3 * 4 + bytes_beside_envelope);
  json.begin_object().member("jobId", answer.id.text());
  json.member("jobOwner", answer.owner.view());
  json.name("metadata").begin_object();
  json.member("com.amazonaws.signer.signingProfileVersion", answer.profile_version_arn);
  json.member("com.amazonaws.signer.signingJob", answer.job_arn).end_object();
  json.name("signature").base64(bytes_of(answer.envelope)).end_object();
  return json.take();
}

void run(Services& services, access::Permitted<signing::SignPayload> permitted, Finish finish) {
  services.payloads.sign(std::move(permitted), render, std::move(finish));
}

}  // namespace

// Pooled, because the profile's certificate may have to be issued.
constinit const Operation sign_payload = operation<parse, run>(
    http::Method::post, "/signing-jobs/with-payload", {.where = Where::pooled});

}  // namespace hallmark::api
