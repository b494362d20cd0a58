#include "server/operations_page.h"

#include "base/address.h"

namespace hallmark::server {
namespace {

http::Response text(int status, std::string body) {
  http::Response response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

enum class Detail { names, reasons };

Detail detail_for(const http::Peer& peer) {
  const auto address = parse_address(peer.address);
  return address && is_loopback(*address) ? Detail::reasons : Detail::names;
}

http::Response render_readiness(const std::vector<Cause>& causes, Detail detail) {
  if (causes.empty()) return text(200, "ready\n");
  std::string body;
  for (const Cause& cause : causes) {
    body += cause.name;
    if (detail == Detail::reasons) body += ": " + cause.reason;
    body += '\n';
  }
  return text(503, std::move(body));
}

void run_on(WorkPool& thread, http::Reply reply, Task<http::Response()> page) {
  if (!thread.has_room()) return reply(text(503, "busy: too many ask at once\n"));
  thread.run([reply = std::move(reply), page = std::move(page)]() mutable { reply(page()); });
}

}  // namespace

void OperationsPages::handle(const http::Request& request, http::Reply reply) {
  if (request.method != http::Method::get) return reply(text(405, "only GET\n"));
  if (request.path == "/livez") return reply(text(200, "alive\n"));
  if (request.path == "/readyz") {
    return run_on(readiness_, std::move(reply), [this, detail = detail_for(request.peer)] {
      return render_readiness(parts_.health.causes(), detail);
    });
  }
  if (request.path == "/metrics") {
    return run_on(metrics_, std::move(reply), [this] { return text(200, render_metrics(parts_)); });
  }
  reply(text(404, "there are /livez, /readyz and /metrics\n"));
}

void OperationsPages::stop() {
  readiness_.stop();
  metrics_.stop();
}

}  // namespace hallmark::server
