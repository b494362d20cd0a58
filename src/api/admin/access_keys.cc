#include "api/admin/members.h"
#include "api/admin/operations.h"

namespace hallmark::api {
namespace {

Result<std::optional<identity::ChosenKey>> read_chosen(const JsonObject& body) {
  TRY(const auto id, body.find_text("AccessKeyId"));
  TRY(const auto secret, body.find_text("SecretAccessKey"));
  if (!id && !secret) return std::optional<identity::ChosenKey>();
  if (!id || !secret) return invalid("AccessKeyId and SecretAccessKey are given both or not.");
  TRY(auto parsed, identity::AccessKeyId::parse(*id));
  return std::optional(identity::ChosenKey{std::move(parsed), Secret(bytes_of(*secret))});
}

Result<identity::CreateAccessKey> parse_create(const Incoming& incoming, AdminServices& services) {
  TRY(auto owner, read_any_target(incoming, services));
  TRY(const auto body, incoming.body_object());
  TRY(auto chosen, read_chosen(body));
  return identity::CreateAccessKey{std::move(owner), std::move(chosen)};
}
void run_create(AdminServices& services, access::Permitted<identity::CreateAccessKey> permitted,
                Finish finish) {
  const std::string user = permitted.call().owner.place.name;
  services.administration.create_access_key(
      std::move(permitted),
      answer_by<identity::CreatedAccessKey>(
          [user](JsonWriter& json, const identity::CreatedAccessKey& created) {
            json.name("AccessKey").begin_object();
            if (!user.empty()) json.member("UserName", user);
            json.member("Status", identity::name_of(identity::KeyStatus::active));
            write_new_key(json, created.key);
            write_date(json, "CreateDate", created.created_at);
            json.end_object();
          },
          std::move(finish)));
}

Result<identity::UpdateAccessKey> parse_update(const Incoming& incoming, AdminServices& services) {
  TRY(auto owner, read_any_target(incoming, services));
  TRY(auto id, read_text(incoming, "AccessKeyId"));
  TRY(const auto status, read_text(incoming, "Status"));
  for (const auto known : {identity::KeyStatus::active, identity::KeyStatus::inactive}) {
    if (status != identity::name_of(known)) continue;
    return identity::UpdateAccessKey{std::move(owner), std::move(id), known};
  }
  return invalid("Status must be one of [Active, Inactive].");
}
void run_update(AdminServices& services, access::Permitted<identity::UpdateAccessKey> permitted,
                Finish finish) {
  services.administration.update_access_key(std::move(permitted),
                                            answer_nothing(std::move(finish)));
}

Result<identity::DeleteAccessKey> parse_delete(const Incoming& incoming, AdminServices& services) {
  TRY(auto owner, read_any_target(incoming, services));
  TRY(auto id, read_text(incoming, "AccessKeyId"));
  return identity::DeleteAccessKey{std::move(owner), std::move(id)};
}
void run_delete(AdminServices& services, access::Permitted<identity::DeleteAccessKey> permitted,
                Finish finish) {
  services.administration.delete_access_key(std::move(permitted),
                                            answer_nothing(std::move(finish)));
}

Result<identity::ListAccessKeys> parse_list(const Incoming& incoming, AdminServices& services) {
  TRY(auto owner, read_any_target(incoming, services));
  return identity::ListAccessKeys{std::move(owner)};
}
Result<std::string> run_list(AdminServices& services,
                             const access::Permitted<identity::ListAccessKeys>& permitted) {
  return answer_now(services.administration.list_access_keys(permitted),
                    [](JsonWriter& json, const std::vector<store::AccessKeyRow>& keys) {
                      json.name("AccessKeyMetadata").begin_array();
                      for (const store::AccessKeyRow& key : keys) {
                        json.begin_object().member("AccessKeyId", key.id);
                        json.member("Status", key.active ? "Active" : "Inactive");
                        write_date(json, "CreateDate", key.created_at);
                        if (key.last_used_at) {
                          json.name("AccessKeyLastUsed").begin_object();
                          write_date(json, "LastUsedDate", *key.last_used_at);
                          json.member("ServiceName", key.last_used_service).end_object();
                        }
                        json.end_object();
                      }
                      json.end_array();
                    });
}

}  // namespace

constinit const AdminOperation create_access_key = admin_operation<parse_create, run_create>();
constinit const AdminOperation update_access_key = admin_operation<parse_update, run_update>();
constinit const AdminOperation delete_access_key = admin_operation<parse_delete, run_delete>();
constinit const AdminOperation list_access_keys = admin_operation<parse_list, run_list>();

}  // namespace hallmark::api
