#include <fmt/format.h>

#include "api/admin/members.h"
#include "api/admin/operations.h"
#include "base/printable.h"
#include "signing/restore_acceptance.h"

namespace hallmark::api {
namespace {

Result<std::vector<std::int64_t>> read_numbers(const Incoming& incoming) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto member, body.get("Numbers"));
  TRY(const auto values, member.array());
  std::vector<std::int64_t> numbers;
  for (const JsonValue& value : values) {
    TRY(const std::int64_t number, value.integer());
    numbers.push_back(number);
  }
  return numbers;
}

Result<signing::AcceptRestore> parse_accept(const Incoming& incoming, AdminServices&) {
  TRY(auto numbers, read_numbers(incoming));
  TRY(auto reason, read_text(incoming, "Reason"));
  if (reason.empty() || reason.size() > signing::acceptance_reason_bytes_max ||
      !is_printable(reason)) {
    return invalid(fmt::format("Reason must have 1 to {} printable characters.",
                               signing::acceptance_reason_bytes_max));
  }
  return signing::AcceptRestore{.numbers = std::move(numbers), .reason = std::move(reason)};
}

void write_standstills(JsonWriter& json, const std::vector<store::Standstill>& standstills) {
  json.name("Standstills").begin_array();
  for (const store::Standstill& each : standstills) {
    json.begin_object().member("Number", each.number).member("Cause", each.cause);
    write_date(json, "NoticedAt", each.noticed_at);
    json.end_object();
  }
  json.end_array();
}

void accept(AdminServices& services, access::Permitted<signing::AcceptRestore> permitted,
            Finish finish) {
  services.restores.accept(std::move(permitted), answer_by<std::vector<store::Standstill>>(
                                                     write_standstills, std::move(finish)));
}

Result<signing::ListStandstills> parse_list(const Incoming&, AdminServices&) {
  return signing::ListStandstills{};
}
Result<std::string> list(AdminServices& services,
                         const access::Permitted<signing::ListStandstills>& permitted) {
  return answer_now(services.restores.list(permitted), write_standstills);
}

}  // namespace

constinit const AdminOperation accept_restore = admin_operation<parse_accept, accept>();
constinit const AdminOperation list_standstills = admin_operation<parse_list, list>();

}  // namespace hallmark::api
