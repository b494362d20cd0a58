// ListSigningJobs of jobs.h.

#include <fmt/format.h>

#include "signing/jobs.h"
#include "signing/page_token.h"
#include "store/jobs.h"

namespace hallmark::signing {
namespace {

constexpr int hidden_after_months = 24;  // a completed job

std::string text_of_time(const std::optional<Timestamp>& time) {
  return time ? fmt::format("{}", unix_millis(*time)) : std::string();
}

std::string_view text_of_boolean(const std::optional<bool>& value) {
  if (!value) return {};
  return *value ? "true" : "false";
}

std::string binding_of(const model::AccountId& account, const ListSigningJobs& call) {
  const std::string after = text_of_time(call.expires_after);
  const std::string before = text_of_time(call.expires_before);
  return token_binding(std::vector<std::string_view>{
      account.view(), ListSigningJobs::action, call.status ? model::name_of(*call.status) : "",
      call.platform_id, text_of_boolean(call.revoked), call.invoker ? call.invoker->view() : "",
      call.requested_by, after, before});
}

store::JobFilter filter_of(const ListSigningJobs& call, Timestamp now) {
  return {.status = call.status,
          .platform_id = call.platform_id,
          .revoked = call.revoked,
          .invoker = call.invoker,
          .requested_by = call.requested_by,
          .expires_after = call.expires_after,
          .expires_before = call.expires_before,
          .completed_after = plus_months(now, -hidden_after_months)};
}

}  // namespace

std::vector<access::Need> ListSigningJobs::needs(const access::Principal&) const {
  return {{.action = std::string(action)}};
}

void ListSigningJobs::describe(JsonWriter& json) const {
  if (status) json.member("status", model::name_of(*status));
  if (!platform_id.empty()) json.member("platformId", platform_id);
  if (revoked) json.member("isRevoked", *revoked);
  if (invoker) json.member("jobInvoker", invoker->view());
  if (!requested_by.empty()) json.member("requestedBy", requested_by);
  if (expires_after) json.member("signatureExpiresAfter", to_rfc3339(*expires_after));
  if (expires_before) json.member("signatureExpiresBefore", to_rfc3339(*expires_before));
  json.member("maxResults", results_max);
}

Result<JobPage> Jobs::list(const access::Permitted<ListSigningJobs>& permitted) {
  const ListSigningJobs& call = permitted.call();
  const model::AccountId& account = permitted.caller().principal().account;
  const std::string binding = binding_of(account, call);
  std::optional<model::JobId> before;
  if (!call.page_token.empty()) {
    TRY(auto position, tokens_.open(call.page_token, binding));
    before = Uuid::parse(position);
  }
  const store::JobFilter filter = filter_of(call, clock_.now());
  TRY(auto found, store_.read([&](store::Reader& reader) {
    return store::list_jobs(reader, account, filter, before, std::size_t(call.results_max));
  }));
  JobPage page{std::move(found.jobs), {}};
  if (found.continue_before) {
    page.next_token = tokens_.seal(found.continue_before->text(), binding);
  }
  return page;
}

}  // namespace hallmark::signing
