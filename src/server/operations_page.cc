#include "server/operations_page.h"

#include <fmt/format.h>

#include "store/settings.h"

namespace hallmark::server {
namespace {

http::Response text(int status, std::string body) {
  http::Response response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

http::Response ready(const OperationsParts& parts) {
  const auto found = parts.store.read(
      [](store::Reader& reader) { return store::find_setting(reader, "account"); });
  if (!found || !*found) return text(503, "the store does not answer\n");
  if (!parts.keys.check()) return text(503, "the keys' token does not answer\n");
  return text(200, "ready\n");
}

http::Response metrics(const store::Store& store) {
  const store::Counters counters = store.counters();
  return text(200,
              fmt::format("# HELP hallmark_store_units_total Units of work committed.\n"
                          "# TYPE hallmark_store_units_total counter\n"
                          "hallmark_store_units_total {}\n"
                          "# HELP hallmark_store_groups_total Commits, each of a group of units.\n"
                          "# TYPE hallmark_store_groups_total counter\n"
                          "hallmark_store_groups_total {}\n",
                          counters.units, counters.groups));
}

}  // namespace

http::Response answer_operations_request(const http::Request& request,
                                         const OperationsParts& parts) {
  if (request.method != http::Method::get) return text(405, "only GET\n");
  if (request.path == "/livez") return text(200, "alive\n");
  if (request.path == "/readyz") return ready(parts);
  if (request.path == "/metrics") return metrics(parts.store);
  return text(404, "there are /livez, /readyz and /metrics\n");
}

}  // namespace hallmark::server
