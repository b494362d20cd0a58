#include "api/admin/members.h"

#include "identity/names.h"

namespace hallmark::api {
namespace {

std::string_view member_of(PrincipalKind kind) {
  return kind == PrincipalKind::role ? "RoleName" : "UserName";
}

}  // namespace

Result<model::AccountId> read_account(const Incoming& incoming) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto account, body.find_text("AccountId"));
  if (!account) return incoming.caller.principal().account;
  return model::AccountId::parse(*account);
}

Result<identity::Target> read_target(const Incoming& incoming, const AdminServices& services,
                                     PrincipalKind kind) {
  TRY(auto account, read_account(incoming));
  std::string name;
  if (kind != PrincipalKind::root) {
    TRY(const auto text, read_text(incoming, member_of(kind)));
    TRY(const auto parsed, identity::PrincipalName::parse(text));
    name = parsed.text();
  }
  return identity::Target::of(services.authorizer.home(),
                              {std::move(account), kind, std::move(name)});
}

Result<identity::Target> read_any_target(const Incoming& incoming, const AdminServices& services) {
  TRY(const auto body, incoming.body_object());
  const bool user = body.find("UserName").has_value();
  const bool role = body.find("RoleName").has_value();
  if (user && role) return invalid("UserName and RoleName must not stand beside each other.");
  if (user) return read_target(incoming, services, PrincipalKind::user);
  return read_target(incoming, services, role ? PrincipalKind::role : PrincipalKind::root);
}

Result<std::string> read_text(const Incoming& incoming, std::string_view name) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto text, body.get_text(name));
  return std::string(text);
}

Then<void> answer_nothing(Finish finish) {
  return [finish = std::move(finish)](Result<void> outcome) mutable {
    if (!outcome) return finish(std::move(outcome.error()));
    finish(std::string("{}"));
  };
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.name(name).begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

void write_date(JsonWriter& json, std::string_view name, Timestamp time) {
  json.member(name, to_rfc3339(std::chrono::floor<std::chrono::seconds>(time)));
}

void write_new_key(JsonWriter& json, const identity::NewAccessKey& key) {
  json.member("AccessKeyId", key.id).member("SecretAccessKey", text_of(key.secret.reveal()));
}

}  // namespace hallmark::api
