// Any bytes, read as the query of a list: every filter that any of them has.
#include <cstddef>
#include <cstdint>

#include "api/fields.h"
#include "api/signer/query_time.h"
#include "base/bytes.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using namespace hallmark::api;
  const std::string_view text = text_of({data, size});
  if (!Query::check_count(text)) return 0;
  const auto query = Query::parse(text);
  if (!query) return 0;
  const auto results_max = read_results_max(*query);
  CHECK(!results_max || (*results_max >= 1 && *results_max <= 25));
  (void)read_boolean(*query, "isRevoked");
  (void)read_boolean(*query, "includeCanceled");
  (void)read_time(*query, "signatureExpiresAfter");
  (void)read_account(query->get("jobInvoker"), "jobInvoker");
  (void)read_job_id(query->get("jobId"));
  (void)query->list("statuses");
  return 0;
}
