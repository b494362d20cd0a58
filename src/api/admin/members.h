// Members that several operations of administrators have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/admin/admin_router.h"

namespace hallmark::api {

using store::PrincipalKind;

// AccountId; the caller's when it is left out.
Result<model::AccountId> read_account(const Incoming& incoming);
// UserName or RoleName, as the kind wants it.
Result<identity::Target> read_target(const Incoming& incoming, const AdminServices& services,
                                     PrincipalKind kind);
// UserName or RoleName or neither, which is the root.
Result<identity::Target> read_any_target(const Incoming& incoming, const AdminServices& services);
Result<std::string> read_text(const Incoming& incoming, std::string_view name);

// {}
Then<void> answer_nothing(Finish finish);
void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts);
void write_date(JsonWriter& json, std::string_view name, Timestamp time);  // RFC 3339
// The members of an access key, without the braces.
void write_new_key(JsonWriter& json, const identity::NewAccessKey& key);

// What answers a value by `write`, void(JsonWriter&, const T&), which writes members.
template <class T, class Write>
Then<T> answer_by(Write write, Finish finish) {
  return [write, finish = std::move(finish)](Result<T> outcome) mutable {
    if (!outcome) return finish(std::move(outcome.error()));
    JsonWriter json;
    json.begin_object();
    write(json, *outcome);
    json.end_object();
    finish(json.take());
  };
}

// The same for what is at hand.
template <class T, class Write>
Result<std::string> answer_now(const Result<T>& outcome, Write write) {
  if (!outcome) return outcome.error();
  JsonWriter json;
  json.begin_object();
  write(json, *outcome);
  json.end_object();
  return json.take();
}

}  // namespace hallmark::api
