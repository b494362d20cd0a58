#include <fmt/format.h>

#include "api/admin/members.h"
#include "api/admin/operations.h"
#include "base/printable.h"
#include "signing/restore_acceptance.h"

namespace hallmark::api {
namespace {

Result<signing::AcceptRestore> parse_accept(const Incoming& incoming, AdminServices&) {
  TRY(auto reason, read_text(incoming, "Reason"));
  if (reason.empty() || reason.size() > signing::acceptance_reason_bytes_max ||
      !is_printable(reason)) {
    return invalid(fmt::format("Reason must have 1 to {} printable characters.",
                               signing::acceptance_reason_bytes_max));
  }
  return signing::AcceptRestore{.reason = std::move(reason)};
}

void accept(AdminServices& services, access::Permitted<signing::AcceptRestore> permitted,
            Finish finish) {
  services.restores.accept(
      std::move(permitted),
      answer_by<std::string>(
          [](JsonWriter& json, const std::string& accepted) { json.member("Accepted", accepted); },
          std::move(finish)));
}

}  // namespace

constinit const AdminOperation accept_restore = admin_operation<parse_accept, accept>();

}  // namespace hallmark::api
