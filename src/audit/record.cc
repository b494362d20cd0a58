#include "audit/record.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "crypto/digest.h"

namespace hallmark::audit {
namespace {

constexpr std::size_t records_per_read = 1000;
constexpr std::size_t record_bytes_usual = 2048;  // most need no more room
constexpr std::string_view service = "signer.amazonaws.com";
// Of a command on the machine itself: where CloudTrail's own word would name AWS.
constexpr std::string_view local_source = "local";

// "signer:PutSigningProfile" → "signer.amazonaws.com" and "PutSigningProfile".
std::string event_source(std::string_view action) {
  return std::string(action.substr(0, action.find(':'))) + ".amazonaws.com";
}
std::string_view event_name(std::string_view action) { return action.substr(action.find(':') + 1); }

// RFC 9562 §5.8: ours, from what tells the record from all others, so that it needs no randomness.
std::string event_id(std::string_view facts) {
  const auto digest = crypto::sha256(bytes_of(facts));
  Uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = std::uint8_t((id.bytes[6] & 0x0f) | 0x80);  // version 8
  id.bytes[8] = std::uint8_t((id.bytes[8] & 0x3f) | 0x80);
  return id.text();
}

void write_elements(JsonWriter& json, const Elements& elements) {
  if (elements.empty()) {
    json.name("responseElements").raw("null");
    return;
  }
  json.name("responseElements").begin_object();
  for (const auto& [name, value] : elements) json.member(name, value);
  json.end_object();
}

// "CloudTrail userIdentity element": a session names what issued it.
void write_session(JsonWriter& json, const access::Principal& who, const access::Session& session) {
  json.name("sessionContext").begin_object();
  if (!who.role_arn.empty()) {
    const std::string_view arn = who.role_arn;
    json.name("sessionIssuer").begin_object().member("type", "Role");
    json.member("principalId", std::string_view(who.unique_id).substr(0, who.unique_id.find(':')));
    json.member("arn", arn).member("accountId", who.account.view());
    json.member("userName", arn.substr(arn.rfind('/') + 1)).end_object();
  }
  json.name("attributes").begin_object();
  json.member("creationDate", to_rfc3339(session.issued_at)).member("mfaAuthenticated", "false");
  json.end_object().end_object();
}

void write_identity(JsonWriter& json, const access::Principal& who,
                    const access::RequestFacts& request) {
  json.name("userIdentity").begin_object();
  json.member("type", access::name_of(who.type)).member("principalId", who.unique_id);
  if (who.type == access::PrincipalType::web_identity) {
    json.member("identityProvider", request.federated_issuer).end_object();
    return;
  }
  json.member("arn", who.arn).member("accountId", who.account.view());
  if (!request.access_key_id.empty()) json.member("accessKeyId", request.access_key_id);
  if (!who.name.empty()) json.member("userName", who.name);
  if (request.session) write_session(json, who, *request.session);
  json.end_object();
}

std::optional<std::string_view> account_in(const Elements& elements) {
  for (const auto& [name, value] : elements) {
    if (name == "jobOwner" || name == "accountId") return value;
  }
  return std::nullopt;
}

store::AuditRecord finish(std::string body) {
  store::AuditRecord record;
  record.body_hash = crypto::sha256(bytes_of(body));
  record.body = std::move(body);
  return record;
}

}  // namespace

store::AuditRecord internal::make_record(const access::Caller& caller, const model::Home& home,
                                         const Done& done) {
  const access::Principal& who = caller.principal();
  const access::RequestFacts& request = caller.request();
  JsonWriter json(record_bytes_usual);
  json.begin_object().member("eventVersion", "1.11");
  write_identity(json, who, request);
  json.member("eventTime", to_rfc3339(request.time))
      .member("eventSource", event_source(done.action));
  json.member("eventName", event_name(done.action)).member("awsRegion", home.region);
  json.member("sourceIPAddress",
              request.source_ip.empty() ? local_source : std::string_view(request.source_ip));
  json.member("userAgent", request.user_agent);
  json.name("requestParameters").raw(done.parameters_json);
  write_elements(json, done.response);
  json.member("requestID", request.request_id)
      .member("eventID", event_id(fmt::format("{} {}", request.request_id, done.action)));
  json.member("readOnly", done.effect == Effect::none).member("eventType", "AwsApiCall");
  json.member("managementEvent", true).member("recipientAccountId", done.recipient.view());
  json.member("eventCategory", "Management").end_object();
  return finish(json.take());
}

store::AuditRecord record_event(std::string_view name, Timestamp time, const model::Home& home,
                                const Elements& elements) {
  JsonWriter json;
  json.begin_object().member("eventVersion", "1.11");
  json.name("userIdentity").begin_object().member("type", "AWSService");
  json.member("invokedBy", service).end_object();
  json.member("eventTime", to_rfc3339(time)).member("eventSource", service);
  json.member("eventName", name).member("awsRegion", home.region);
  json.member("sourceIPAddress", service).member("userAgent", service);
  json.name("requestParameters").raw("null");
  write_elements(json, elements);
  std::string facts = fmt::format("{} {}", unix_millis(time), name);
  for (const auto& [element, value] : elements) facts += fmt::format("\n{} {}", element, value);
  json.member("eventID", event_id(facts)).member("readOnly", false);
  json.member("eventType", "AwsServiceEvent").member("managementEvent", true);
  if (const auto account = account_in(elements)) json.member("recipientAccountId", *account);
  json.member("eventCategory", "Management").end_object();
  return finish(json.take());
}

store::Hash link(const store::Hash& previous, const store::Hash& record) {
  std::array<std::uint8_t, 64> both;
  std::ranges::copy(previous, both.begin());
  std::ranges::copy(record, both.begin() + 32);
  return crypto::sha256(both);
}

Result<void> check_records(store::Store& store) {
  store::Hash expected = {};
  std::int64_t place = 0;
  for (;;) {
    TRY(auto rows, store.read([&](store::Reader& reader) {
      return store::list_audit(reader, place, records_per_read);
    }));
    if (rows.empty()) return {};
    for (const store::AuditRow& row : rows) {
      if (store::node_of(row.sequence) != store::node_of(place)) {  // each has its own chain
        place = store::audit_place(store::node_of(row.sequence), 0);
        expected = {};
      }
      expected = link(expected, crypto::sha256(bytes_of(row.body)));
      if (row.sequence != ++place || row.link != expected) {
        return corrupt(
            fmt::format("audit record {} is not what was written", store::sequence_of(place)));
      }
    }
  }
}

}  // namespace hallmark::audit
