#include "api/admin/members.h"
#include "api/admin/operations.h"

namespace hallmark::api {
namespace {

Result<identity::CreateAccount> parse_create(const Incoming& incoming, AdminServices&) {
  identity::CreateAccount call;
  TRY(const auto body, incoming.body_object());
  TRY(const auto account, body.find_text("AccountId"));
  if (account) {
    TRY(call.account, model::AccountId::parse(*account));
  }
  return call;
}

void create(AdminServices& services, access::Permitted<identity::CreateAccount> permitted,
            Finish finish) {
  services.administration.create_account(
      std::move(permitted), answer_by<identity::CreatedAccount>(
                                [](JsonWriter& json, const identity::CreatedAccount& created) {
                                  json.member("AccountId", created.account.view());
                                  json.name("AccessKey").begin_object();
                                  json.member("UserName", "admin");
                                  write_new_key(json, created.admin);
                                  json.end_object();
                                },
                                std::move(finish)));
}

Result<identity::ListAccounts> parse_list(const Incoming&, AdminServices&) {
  return identity::ListAccounts{};
}

Result<std::string> list(AdminServices& services,
                         const access::Permitted<identity::ListAccounts>& permitted) {
  return answer_now(services.administration.list_accounts(permitted),
                    [](JsonWriter& json, const std::vector<model::AccountId>& accounts) {
                      json.name("Accounts").begin_array();
                      for (const auto& account : accounts) {
                        json.begin_object().member("Id", account.view()).end_object();
                      }
                      json.end_array();
                    });
}

}  // namespace

constinit const AdminOperation create_account = admin_operation<parse_create, create>();
constinit const AdminOperation list_accounts = admin_operation<parse_list, list>();

}  // namespace hallmark::api
