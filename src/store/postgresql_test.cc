// What is PostgreSQL's own: several nodes, and connections that break.
#include "store/postgresql.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "model/test_profile.h"
#include "store/change_counts.h"
#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/postgresql_cluster_test.h"
#include "store/settings.h"

namespace hallmark::store {
namespace {

TEST(PostgresqlServer, IsInstalled) {
  if (!has_postgresql()) GTEST_SKIP() << "no PostgreSQL: nothing of that engine was tested";
}

using Session = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

class Nodes : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_postgresql()) GTEST_SKIP();
    url_ = postgresql_url(folder_.path());
  }
  std::unique_ptr<Store> open(const std::string& node) { return open_at(url_, node); }
  static std::unique_ptr<Store> open_at(const std::string& url, const std::string& node) {
    auto opened = open_postgresql({.url = url, .node = node}, test_link);
    EXPECT_TRUE(opened) << describe(opened.error());
    CHECK(opened.has_value());
    return *std::move(opened);
  }

  // What an operator could type.
  std::string sql(const std::string& text) {
    const Session session(PQconnectdb(url_.c_str()), PQfinish);
    const Answer answer(PQexec(session.get(), text.c_str()), PQclear);
    EXPECT_TRUE(PQresultStatus(answer.get()) == PGRES_TUPLES_OK ||
                PQresultStatus(answer.get()) == PGRES_COMMAND_OK)
        << PQerrorMessage(session.get());
    return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
  }
  // Ends all sessions of this test's stores, as a restart of the server does.
  void end_sessions() {
    sql("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
        "WHERE application_name = current_schema() AND pid <> pg_backend_pid()");
  }

  static Work setting(std::string name) {
    return [name = std::move(name)](Transaction& tx) { return insert_setting(tx, name, "v"); };
  }
  static Work record(std::uint8_t hash) {
    return [hash](Transaction& tx) {
      return append_audit(tx, {.body = "record", .body_hash = hash_of(hash)});
    };
  }
  static bool holds(Store& store, const std::string& name) {
    const auto found = store.read([&](Reader& rows) { return find_setting(rows, name); });
    EXPECT_TRUE(found) << describe(found.error());
    return found && found->has_value();
  }
  static std::vector<std::int64_t> places(Store& store) {
    const auto rows = store.read([](Reader& reader) { return list_audit(reader, 0, 100); });
    std::vector<std::int64_t> found;
    for (const auto& row : *rows) found.push_back(row.sequence);
    return found;
  }
  using Places = std::vector<std::int64_t>;

  TemporaryFolder folder_;
  std::string url_;
};

TEST_F(Nodes, SeeEachOthersRowsAtOnce) {
  const auto one = open("one");
  const auto two = open("two");
  ASSERT_TRUE(one->write(setting("a")));
  EXPECT_TRUE(holds(*two, "a"));
  EXPECT_EQ(two->write(setting("a")).error().kind, ErrorKind::conflict);
}

TEST_F(Nodes, CountTheChangesOfAll) {
  const auto one = open("one");
  const auto two = open("two");
  const auto count = [&] {
    return *two->read([](Reader& rows) { return find_change_count(rows, Topic::identities); });
  };
  EXPECT_EQ(count(), 0);
  for (Store* store : {one.get(), two.get()}) {
    ASSERT_TRUE(store->write([](Transaction& tx) { return count_change(tx, Topic::identities); }));
  }
  EXPECT_EQ(count(), 2);
  EXPECT_FALSE(one->write([](Transaction& tx) -> Result<void> {
    TRY(count_change(tx, Topic::identities));
    return denied("no");
  }));
  EXPECT_EQ(count(), 2);
}

TEST_F(Nodes, RememberWhatTheyReadUntilOneOfThemChangesIt) {
  const auto one = open("one");
  const auto two = open("two");
  model::Profile profile = model::test::profile_named("Release");
  ASSERT_TRUE(one->write([&](Transaction& tx) { return insert_profile(tx, profile); }));
  const auto read_platform = [&](Store& store) {
    const auto found =
        store.read([&](Reader& rows) { return find_profile(rows, profile.account, profile.name); });
    EXPECT_TRUE(found && *found);
    return found && *found ? (*found)->platform_id : "";
  };
  EXPECT_EQ(read_platform(*two), profile.platform_id);
  sql("UPDATE profiles SET platform_id = 'uncounted'");
  EXPECT_EQ(read_platform(*two), profile.platform_id);
  profile.status = model::ProfileStatus::canceled;
  ASSERT_TRUE(one->write([&](Transaction& tx) { return update_status(tx, profile); }));
  EXPECT_EQ(read_platform(*two), "uncounted");
  EXPECT_EQ(read_platform(*one), "uncounted");
}

TEST_F(Nodes, CountOnlyTheChangesThatAreCommitted) {
  const auto store = open("one");
  model::Profile profile = model::test::profile_named("Release");
  ASSERT_TRUE(store->write([&](Transaction& tx) { return insert_profile(tx, profile); }));
  const auto count = [&] {
    return *store->read([](Reader& rows) { return find_change_count(rows, Topic::profile_rows); });
  };
  EXPECT_EQ(count(), 0);
  profile.revision = 7;  // which it does not have
  EXPECT_FALSE(store->write([&](Transaction& tx) { return update_tags(tx, profile); }));
  EXPECT_EQ(count(), 0);
  profile.revision = 0;
  ASSERT_TRUE(store->write([&](Transaction& tx) { return update_tags(tx, profile); }));
  EXPECT_EQ(count(), 1);
}

TEST_F(Nodes, OpenAnEmptyDatabaseAtTheSameTime) {
  std::vector<std::future<std::unique_ptr<Store>>> opening;
  for (int i = 0; i < 4; ++i) {
    opening.push_back(
        std::async(std::launch::async, [&, i] { return open("node" + std::to_string(i)); }));
  }
  for (auto& opened : opening) EXPECT_TRUE(opened.get()->write(record(1)));
  EXPECT_EQ(sql("SELECT count(*) FROM nodes"), "4");
}

TEST_F(Nodes, HaveAuditChainsOfTheirOwn) {
  auto one = open("one");
  const auto two = open("two");
  ASSERT_TRUE(one->write(record(1)));
  ASSERT_TRUE(two->write(record(2)));
  ASSERT_TRUE(one->write(record(3)));
  EXPECT_EQ(places(*two), (Places{audit_place(0, 1), audit_place(0, 2), audit_place(1, 1)}));
  EXPECT_TRUE(two->check());
  one->close();
  one = open("one");
  ASSERT_TRUE(one->write(record(4)));
  EXPECT_TRUE(two->check());
  sql("DELETE FROM audit WHERE sequence = " + std::to_string(audit_place(0, 2)));
  EXPECT_EQ(two->check().error().message, "Audit record 2 is missing.");
}

TEST_F(Nodes, OfTheSameNameAreRefusedToTheEarlierOne) {
  const auto earlier = open("one");
  ASSERT_TRUE(earlier->write(record(1)));
  const auto later = open("one");
  EXPECT_EQ(earlier->write(record(2)).error().kind, ErrorKind::unavailable);
  ASSERT_TRUE(later->write(record(3)));
  EXPECT_EQ(earlier->write(record(4)).error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(later->check());
  EXPECT_EQ(places(*later), (Places{1, 2}));
}

// A group of two nodes that each lock what the other wants next.
TEST_F(Nodes, ThatWaitForEachOtherBothGetThrough) {
  const auto one = open("one");
  const auto two = open("two");
  ASSERT_TRUE(one->write([](Transaction& tx) -> Result<void> {
    TRY(insert_setting(tx, "x", "0"));
    return insert_setting(tx, "y", "0");
  }));
  std::atomic<int> inside = 0;
  const auto crossing = [&](bool forward) {
    return [&inside, forward, first = true](Transaction& tx) mutable -> Result<void> {
      constexpr Sql raise = "UPDATE settings SET value = (value::bigint + 1)::text WHERE name = $1";
      TRY(execute(tx, raise, std::string_view(forward ? "x" : "y")));
      if (std::exchange(first, false)) {
        ++inside;
        while (inside < 2) std::this_thread::yield();
      }
      TRY(execute(tx, raise, std::string_view(forward ? "y" : "x")));
      return {};
    };
  };
  auto other = std::async(std::launch::async, [&] { return two->write(crossing(false)); });
  EXPECT_TRUE(one->write(crossing(true)));
  EXPECT_TRUE(other.get());
  EXPECT_EQ(sql("SELECT string_agg(value, ',') FROM settings"), "2,2");
}

TEST_F(Nodes, ConnectAgainAfterTheServerEndedTheirSessions) {
  const auto store = open("one");
  ASSERT_TRUE(store->write(record(1)));
  EXPECT_FALSE(holds(*store, "a"));
  end_sessions();
  EXPECT_FALSE(holds(*store, "a"));
  EXPECT_TRUE(store->write(record(2)));
  EXPECT_TRUE(store->check());
  EXPECT_EQ(places(*store), (Places{1, 2}));
}

TEST_F(Nodes, RunAUnitAgainWhoseSessionEndedMeanwhile) {
  const auto store = open("one");
  int runs = 0;
  EXPECT_TRUE(store->write([&](Transaction& tx) -> Result<void> {
    TRY(append_audit(tx, {.body = "r", .body_hash = hash_of(1)}));
    if (++runs == 1) end_sessions();
    return insert_setting(tx, "a", "v");
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(places(*store), (Places{1}));
  EXPECT_TRUE(store->check());
}

// Stands between a store and the server, and breaks connections at a COMMIT.
class Proxy {
 public:
  enum class Cut { nothing, before_commit, after_commit };

  explicit Proxy(const std::filesystem::path& folder)
      : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_un address = address_of(folder);
    CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK(::listen(listener_, 16) == 0);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Proxy() {
    thread_.request_stop();
    thread_.join();
    relays_.clear();
    ::close(listener_);
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::atomic<Cut> cut = Cut::nothing;  // of the next COMMIT

 private:
  // As a whole statement: a BEGIN names an isolation level that contains the word.
  static constexpr std::string_view commit{"COMMIT\0", 7};

  static sockaddr_un address_of(const std::filesystem::path& folder) {
    sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
    (folder / ".s.PGSQL.5432").string().copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd ready = {.fd = listener_, .events = POLLIN, .revents = 0};
      if (::poll(&ready, 1, 20) != 1) continue;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      relays_.emplace_back([this, client](const std::stop_token& end) { relay(client, end); });
    }
  }

  void relay(int client, const std::stop_token& stop) {
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(postgresql_cluster());
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      while (!stop.stop_requested() && pass(client, server)) continue;
    }
    ::close(client);
    ::close(server);
  }

  bool pass(int client, int server) {
    std::array<pollfd, 2> ready = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), 20) <= 0) return true;
    std::array<char, 65536> bytes;
    for (const auto& [from, events, revents] : ready) {
      if (revents == 0) continue;
      const ssize_t count = ::recv(from, bytes.data(), bytes.size(), 0);
      if (count <= 0) return false;
      const std::string_view text(bytes.data(), std::size_t(count));
      const bool commits = from == client && text.find(commit) != text.npos;
      const Cut how = commits ? cut.exchange(Cut::nothing) : Cut::nothing;
      if (how == Cut::before_commit) return false;
      const int to = from == client ? server : client;
      if (::send(to, text.data(), text.size(), MSG_NOSIGNAL) != count) return false;
      if (how == Cut::after_commit) return await_answer(server);
    }
    return true;
  }

  // The commit is done when the server has answered; its answer is dropped.
  static bool await_answer(int server) {
    pollfd ready = {.fd = server, .events = POLLIN, .revents = 0};
    ::poll(&ready, 1, 10'000);
    return false;
  }

  const int listener_;
  std::vector<std::jthread> relays_;
  std::jthread thread_;
};

class CutConnections : public Nodes {
 protected:
  void SetUp() override {
    Nodes::SetUp();
    if (IsSkipped()) return;
    proxy_ = std::make_unique<Proxy>(folder_.path());
    std::string url = url_;
    const std::string host = postgresql_cluster().string();
    url.replace(url.find(host), host.size(), folder_.path().string());
    store_ = open_at(url, "one");
  }
  void TearDown() override {
    store_.reset();
    proxy_.reset();
  }
  std::unique_ptr<Proxy> proxy_;
  std::unique_ptr<Store> store_;
};

TEST_F(CutConnections, AfterTheCommitAreACommit) {
  int runs = 0;
  for (std::uint8_t i = 0; i < 20; ++i) {
    proxy_->cut = Proxy::Cut::after_commit;
    const auto written = store_->write([&](Transaction& tx) -> Result<void> {
      ++runs;
      TRY(insert_setting(tx, std::to_string(i), "v"));
      return append_audit(tx, {.body = "r", .body_hash = hash_of(i)});
    });
    EXPECT_TRUE(written) << describe(written.error());
  }
  EXPECT_EQ(runs, 20);
  EXPECT_EQ(places(*store_).size(), 20u);
  EXPECT_TRUE(store_->check());
}

TEST_F(CutConnections, BeforeTheCommitMeanThatTheUnitIsRunAgain) {
  int runs = 0;
  for (std::uint8_t i = 0; i < 20; ++i) {
    proxy_->cut = Proxy::Cut::before_commit;
    const auto written = store_->write([&](Transaction& tx) -> Result<void> {
      ++runs;
      TRY(insert_setting(tx, std::to_string(i), "v"));
      return append_audit(tx, {.body = "r", .body_hash = hash_of(i)});
    });
    EXPECT_TRUE(written) << describe(written.error());
  }
  EXPECT_EQ(runs, 40);
  EXPECT_EQ(places(*store_).size(), 20u);
  EXPECT_TRUE(store_->check());
}

}  // namespace
}  // namespace hallmark::store
