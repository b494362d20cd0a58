#include "server/operations_page.h"

#include <future>

#include <gtest/gtest.h>

#include "api/errors.h"
#include "api/signer/operations.h"
#include "server/health_checks.h"
#include "server/test_installation.h"

namespace hallmark::server {
namespace {

using hallmark::test::value_of;

class OperationsPageTest : public testing::Test {
 protected:
  OperationsPageTest() {
    copies = std::make_unique<audit::LogCopies>(installation->store(),
                                                std::vector<std::unique_ptr<audit::LogSink>>(),
                                                audit::LogCopies::Need::wanted);
    reads = std::make_unique<audit::Reads>(installation->store(), installation->home(),
                                           audit::Recording::on);
    server = value_of(http::Server::listen({.threads = 1}, handler, refuse, installation->clock(),
                                           installation->random()));
    health.enter(Health::Phase::serving);
    pages.emplace(MetricsParts{.version = "1.2.3",
                               .started_at = installation->clock().now(),
                               .clock = installation->clock(),
                               .health = health,
                               .requests = meters,
                               .server = *server,
                               .pool = pool,
                               .token_pool = pool,
                               .object_pool = pool,
                               .store = installation->store(),
                               .delivery = delivery,
                               .keys = installation->key_meters(),
                               .objects = installation->object_meters(),
                               .audit_copies = *copies,
                               .audit_reads = *reads,
                               .tls = nullptr});
  }

  static std::unique_ptr<Installation> made(const DataDirectory& directory) {
    test::make_installation(directory);
    return value_of(Installation::open(directory, test::master_key()));
  }

  http::Response ask(std::string path, http::Method method = http::Method::get,
                     std::string peer = "127.0.0.1") {
    http::Request request;
    request.peer.address = std::move(peer);
    request.method = method;
    request.path = std::move(path);
    std::promise<http::Response> answered;
    pages->handle(request, http::Reply([&](Result<http::Response> response) {
                    answered.set_value(value_of(std::move(response)));
                  }));
    return answered.get_future().get();
  }

  hallmark::test::TemporaryFolder folder;
  const DataDirectory directory{folder.path() / "data"};
  const std::unique_ptr<Installation> installation = made(directory);
  http::Handler handler = [](http::Request, http::Reply) {};
  http::RefusalRenderer refuse = api::render_refusal;
  static constexpr const api::Protocol* protocols[] = {&api::signer_protocol};
  api::RequestMeters meters{protocols};
  std::unique_ptr<audit::LogCopies> copies;
  std::unique_ptr<audit::Reads> reads;
  WorkPool pool{1, 1};
  events::Delivery delivery{
      {installation->store(), installation->clock(), installation->random(), installation->home()}};
  std::unique_ptr<http::Server> server;
  Health health{
      {{"store", [this] { return check_store(installation->store(), installation->clock()); }},
       {"clock", [this] { return check_clock(installation->store(), installation->clock()); }},
       {"keys", [this] { return check_keys(installation->store(), installation->keys()); }}}};
  std::optional<OperationsPages> pages;
};

TEST_F(OperationsPageTest, ALiveProcessIsAlive) { EXPECT_EQ(ask("/livez").body, "alive\n"); }

TEST_F(OperationsPageTest, AHealthyServiceIsReady) { EXPECT_EQ(ask("/readyz").status, 200); }

TEST_F(OperationsPageTest, AStoreThatDoesNotAnswerIsNotReadyButAlive) {
  installation->store().close();
  const auto response = ask("/readyz");
  EXPECT_EQ(response.status, 503);
  EXPECT_TRUE(response.body.starts_with("store: ")) << response.body;
  EXPECT_EQ(ask("/livez").status, 200);
}

TEST_F(OperationsPageTest, OtherMachinesLearnTheCauseAndNoReason) {
  installation->store().close();
  for (const char* peer : {"192.0.2.7", "2001:db8::1", ""}) {
    EXPECT_EQ(ask("/readyz", http::Method::get, peer).body, "store\n") << peer;
  }
  EXPECT_NE(ask("/readyz", http::Method::get, "::1").body, "store\n");
}

TEST_F(OperationsPageTest, AServiceThatDrainsIsNotReady) {
  health.enter(Health::Phase::draining);
  EXPECT_EQ(ask("/readyz").body, "draining: the service is draining\n");
}

TEST_F(OperationsPageTest, MetricsAreOfTheTextFormat) {
  const auto response = ask("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"# TYPE hallmark_store_units_total counter\nhallmark_store_units_total ",
        "hallmark_build_info{version=\"1.2.3\"} 1\n", "hallmark_store_readable 1\n"}) {
    EXPECT_NE(response.body.find(line), std::string::npos) << line;
  }
}

TEST_F(OperationsPageTest, MetricsAreThereWithoutTheStore) {
  installation->store().close();
  EXPECT_NE(ask("/metrics").body.find("hallmark_store_readable 0\n"), std::string::npos);
}

TEST_F(OperationsPageTest, NothingElseIsThere) {
  for (const char* path : {"/", "/livez/", "/debug", "/signing-jobs", "/LIVEZ", ""}) {
    EXPECT_EQ(ask(path).status, 404) << path;
  }
}

TEST_F(OperationsPageTest, OnlyGetIsAnswered) {
  EXPECT_EQ(ask("/livez", http::Method::post).status, 405);
  EXPECT_EQ(ask("/metrics", http::Method::del).status, 405);
}

}  // namespace
}  // namespace hallmark::server
