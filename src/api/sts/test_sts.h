// STS as its clients ask it. Only for tests.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "api/test_api.h"

namespace hallmark::api::test {

inline constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

class StsApiTest : public ApiTest {
 protected:
  auth::test::TestClient sts_client() const {
    auth::test::TestClient made_client = client();
    made_client.service = "sts";
    return made_client;
  }
  static http::Request unsigned_form(std::string body, std::string query = {}) {
    http::Request request = auth::test::unsigned_request(Method::post, "/", std::move(query));
    request.headers.add("Content-Type", form_type);
    request.body = std::move(body);
    return request;
  }
  Answer ask_as(const auth::test::TestClient& who, std::string body) {
    http::Request request = unsigned_form(std::move(body));
    auth::test::sign(request, who);
    return send(std::move(request));
  }
  Answer ask(std::string body) { return ask_as(sts_client(), std::move(body)); }
  // An action with its version.
  Answer call(std::string_view action, std::string_view more = "") {
    return ask(action_form(action, more));
  }
  static std::string action_form(std::string_view action, std::string_view more = "") {
    return fmt::format("Action={}&Version=2011-06-15{}", action, more);
  }
  // With temporary credentials of an answer.
  Answer call_with(const Answer& credentials, std::string_view action, std::string_view more = "") {
    auth::test::TestClient who = sts_client();
    who.access_key_id = element(credentials, "AccessKeyId");
    who.secret = element(credentials, "SecretAccessKey");
    http::Request request = unsigned_form(action_form(action, more));
    request.headers.add("X-Amz-Security-Token", element(credentials, "SessionToken"));
    auth::test::sign(request, who);
    return send(std::move(request));
  }
  // The text of the first element of that name.
  static std::string element(const Answer& answer, std::string_view name) {
    const std::string open = fmt::format("<{}>", name);
    const std::size_t begin = answer.body.find(open);
    const std::size_t end = answer.body.find(fmt::format("</{}>", name));
    if (begin == std::string::npos || end == std::string::npos) return "no " + std::string(name);
    return answer.body.substr(begin + open.size(), end - begin - open.size());
  }
  static std::string code(const Answer& answer) {
    return fmt::format("{} {}", answer.status, element(answer, "Code"));
  }
  static std::string message(const Answer& answer) { return element(answer, "Message"); }

  void add_role(std::string_view name, std::string_view trust) {
    const Uuid id = Uuid::v7(made.clock.now(), made.random);
    expect_done(made.store->write([&](store::Transaction& tx) {
      return store::insert_principal(tx, {.id = id,
                                          .account = made.account,
                                          .kind = store::PrincipalKind::role,
                                          .name = std::string(name),
                                          .unique_id = "AROA" + std::string(name),
                                          .created_at = made.clock.now(),
                                          .trust_policy = std::string(trust),
                                          .session_seconds_max = 7200});
    }));
  }

  static constexpr std::string_view role_parameters =
      "&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FBuilder&RoleSessionName=release-7";
  static constexpr std::string_view trust_the_account =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
      R"("Principal":{"AWS":"111122223333"}}]})";
  static constexpr std::string_view trust_the_pipeline =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
      R"("Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"gitlab.example.com"},)"
      R"("Condition":{"StringEquals":{"gitlab.example.com:aud":"hallmark"}}}]})";
};

}  // namespace hallmark::api::test
