#include "store/postgresql.h"

#include <array>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>

#include "base/log.h"
#include "store/change_counts.h"
#include "store/postgresql_channel.h"
#include "store/postgresql_statement.h"
#include "store/postgresql_units.h"
#include "store/row_memory.h"

namespace hallmark::store {
namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

// After a failed attempt to connect, others fail at once for a while, so that no thread piles up
// before a database that is away.
constexpr auto reconnect_pause_first = 50ms;
constexpr auto reconnect_pause_max = 1s;
// How long the fate of a group is asked for, when the connection broke while it was committed.
constexpr auto fate_wait_max = 25s;
constexpr auto fate_pause = 200ms;

// What a script's words in braces are here (see Connection::run_script).
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> script_words = {{
    {"{integer}", "BIGINT"},
    {"{text}", "TEXT COLLATE \"C\""},  // compares bytes, as the code does
    {"{bytes}", "BYTEA"},
    {"{table}", ""},
    {"{clustered}", ""},
}};

constexpr char schema_lock[] = "SELECT pg_advisory_xact_lock(5209299284)";
constexpr char mark_sql[] =
    "UPDATE nodes SET group_number = $3, "
    "heartbeat_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint "
    "WHERE number = $1 AND incarnation = $2";
constexpr Sql now_sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
constexpr Sql counts_sql = "SELECT topic, number FROM change_counts";
constexpr Sql join_sql =
    "INSERT INTO nodes (number, name, incarnation, group_number, heartbeat_at, joined_at) "
    "SELECT COALESCE(MAX(number), -1) + 1, $1, 1, 0, $2, $2 FROM nodes "
    "ON CONFLICT (name) DO UPDATE SET incarnation = nodes.incarnation + 1, heartbeat_at = $2 "
    "RETURNING number, incarnation, group_number";
// Waits until an earlier session of this node has ended, one way or the other.
constexpr Sql fate_sql =
    "SELECT group_number FROM nodes WHERE number = $1 AND incarnation = $2 FOR UPDATE";

Topic topic_of(std::size_t row_kind) {
  switch (RowKind(row_kind)) {
    case RowKind::profile: return Topic::profile_rows;
    case RowKind::signature: return Topic::signature_rows;
    case RowKind::ended_job: return Topic::ended_job_rows;
  }
  return Topic::profile_rows;
}

// Who this process is among the nodes.
struct Node {
  std::int64_t number = 0;
  std::int64_t incarnation = 0;
  std::int64_t group_number = 0;  // of the last group that was begun
};

class PostgresqlConnection final : public Connection {
 public:
  explicit PostgresqlConnection(const PostgresqlUrl& url) : url_(url) {}

  // Of all connections that read; null for the one that writes. Once, before it is used.
  void set_memory(std::shared_ptr<RowMemory> memory) { memory_ = std::move(memory); }

  Result<void> connect();

  Result<Statement*> prepare(Sql sql) override;
  Result<void> begin_read() override;
  Result<Begun> begin_write(Pace pace) override;
  Result<void> commit() override;
  void rollback() override;
  bool in_transaction() override;
  Result<void> savepoint() override { return units_->start(); }
  Result<void> release_savepoint() override { return units_->finish(); }
  Result<void> rollback_to_savepoint() override { return units_->undo(); }
  Result<const Recollection*> recollection() override;
  void mark_changed(RowKind kind) override { changed_[std::size_t(kind)] = true; }
  bool is_shared() const override { return true; }
  Result<void> begin_schema_change() override;
  Result<std::int64_t> join(std::string_view name) override;
  Result<void> run_script(std::string_view script) override;
  Result<std::optional<ChangeCounts>> change_counts() override;
  Result<std::optional<Timestamp>> shared_time() override;
  void tidy() override {}
  Result<void> check_structure() override { return {}; }  // the server's own business

 private:
  Result<void> ready();
  Result<Statement*> prepare_alone(Sql sql);
  Result<void> begin(const char* sql);
  Result<void> count_changes();
  Result<void> find_fate();
  Result<bool> ask_fate();

  const PostgresqlUrl& url_;
  std::unique_ptr<PostgresqlChannel> channel_;
  std::unique_ptr<PostgresqlUnits> units_;  // of the channel, as the statements are
  std::unordered_map<const char*, std::unique_ptr<PostgresqlStatement>> statements_;
  bool open_ = false;            // a transaction
  bool snapshot_waits_ = false;  // it is begun by the first statement that needs it
  std::shared_ptr<RowMemory> memory_;
  std::optional<Recollection> known_;  // since the read began
  RowKinds changed_ = {};              // since the group began
  bool fresh_ = true;  // since the last group another session of this node may have written
  Node node_;
  SteadyTime no_attempt_before_ = {};
  std::chrono::milliseconds pause_ = reconnect_pause_first;
};

Result<void> PostgresqlConnection::connect() {
  const auto now = std::chrono::steady_clock::now();
  if (now < no_attempt_before_) return unavailable("PostgreSQL: away");
  statements_.clear();
  units_.reset();
  channel_.reset();
  open_ = false;
  fresh_ = true;
  auto opened = PostgresqlChannel::open(url_);
  if (!opened) {
    no_attempt_before_ = std::chrono::steady_clock::now() + pause_;
    pause_ = std::min<std::chrono::milliseconds>(2 * pause_, reconnect_pause_max);
    return std::move(opened.error());
  }
  pause_ = reconnect_pause_first;
  channel_ = *std::move(opened);
  units_ = std::make_unique<PostgresqlUnits>(*channel_);
  return {};
}

// Connected, and in no transaction.
Result<void> PostgresqlConnection::ready() {
  if (open_) rollback();
  if (channel_ != nullptr) channel_->listen();
  if (channel_ != nullptr && channel_->is_alive()) return {};
  return connect();
}

Result<Statement*> PostgresqlConnection::prepare(Sql sql) {
  if (snapshot_waits_) {
    TRY(begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    snapshot_waits_ = false;
  }
  return prepare_alone(sql);
}

// Not in the snapshot of a read, unless that has begun.
Result<Statement*> PostgresqlConnection::prepare_alone(Sql sql) {
  auto& cached = statements_[sql.text()];
  if (cached == nullptr) {
    cached = std::make_unique<PostgresqlStatement>(PostgresqlStatement::Session{*channel_, *units_},
                                                   fmt::format("s{}", statements_.size()), sql);
  }
  CHECK(!cached->in_use());
  cached->take();
  return cached.get();
}

Result<void> PostgresqlConnection::begin(const char* sql) {
  TRY(ready());
  TRY(channel_->defer(sql));
  open_ = true;
  return {};
}

// What is told from memory, or needs no snapshot, costs none.
Result<void> PostgresqlConnection::begin_read() {
  known_.reset();
  snapshot_waits_ = true;
  return {};
}

Result<const Recollection*> PostgresqlConnection::recollection() {
  if (memory_ == nullptr) return nullptr;
  if (!known_) {
    TRY(const auto counts, change_counts());
    known_.emplace(Recollection{*memory_, {}});
    for (std::size_t kind = 0; kind < row_kinds; ++kind) {
      known_->numbers[kind] = 2 * std::uint64_t(counts->at(std::size_t(topic_of(kind))));
    }
  }
  return &*known_;
}

Result<std::optional<ChangeCounts>> PostgresqlConnection::change_counts() {
  if (!open_) TRY(ready());
  TRY(Statement * statement, prepare_alone(counts_sql));
  Query query(*statement);
  ChangeCounts counts = {};
  for (;;) {
    TRY(const bool more, query.next());
    if (!more) return std::optional(counts);
    const auto topic = std::uint64_t(query.integer(0));
    if (topic < counts.size()) counts[topic] = query.integer(1);
  }
}

Result<Connection::Begun> PostgresqlConnection::begin_write(Pace pace) {
  TRY(begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
  units_->begin(pace);
  changed_ = {};
  PostgresqlValues mark(3);
  mark.set_integer(1, node_.number);
  mark.set_integer(2, node_.incarnation);
  mark.set_integer(3, ++node_.group_number);
  TRY(channel_->defer(mark_sql, mark, PostgresqlChannel::Wanted::own_row));
  return std::exchange(fresh_, false) ? Begun::anew : Begun::going_on;
}

Result<void> PostgresqlConnection::begin_schema_change() {
  TRY(begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
  TRY(channel_->defer(schema_lock));
  return channel_->settle();
}

// Just before the COMMIT, so that other nodes' changes of the kind wait for no more than that.
Result<void> PostgresqlConnection::count_changes() {
  for (std::size_t kind = 0; kind < row_kinds; ++kind) {
    if (!changed_[kind]) continue;
    PostgresqlValues values(1);
    values.set_integer(1, std::int64_t(topic_of(kind)));
    TRY(channel_->defer(count_change_sql, values, PostgresqlChannel::Wanted::nothing));
  }
  return {};
}

Result<void> PostgresqlConnection::commit() {
  auto settled = count_changes();
  if (settled) settled = units_->settle();
  if (!settled) {
    const bool again = !channel_->is_alive() || channel_->must_roll_back();
    rollback();
    if (again) return conflict("The group was rolled back.");
    return settled;
  }
  auto committed = channel_->defer("COMMIT", PostgresqlChannel::Wanted::committed);
  if (committed) committed = channel_->settle();
  if (committed) {
    open_ = false;
    return {};
  }
  if (!channel_->is_alive()) return find_fate();
  rollback();
  return committed;
}

void PostgresqlConnection::rollback() {
  snapshot_waits_ = false;
  if (!open_) return;
  open_ = false;
  channel_->rolled_back();
  units_->begin(Pace::looking);
  // Not waited for: what follows does. A session that is lost has rolled back by itself.
  if (channel_->defer("ROLLBACK")) static_cast<void>(channel_->send());
}

bool PostgresqlConnection::in_transaction() {
  return open_ && channel_->is_alive() && !channel_->must_roll_back();
}

// The connection broke after COMMIT was sent: asks a new one until the answer is known.
Result<void> PostgresqlConnection::find_fate() {
  open_ = false;
  const auto deadline = std::chrono::steady_clock::now() + fate_wait_max;
  for (;;) {
    auto kept = ask_fate();
    if (kept && *kept) return {};
    if (kept) return conflict("The connection was lost before the commit.");
    if (std::chrono::steady_clock::now() > deadline) {
      log::error("a commit has an unknown outcome", {{"error", describe(kept.error())}});
      return unavailable("the database went away during a commit: " + kept.error().detail);
    }
    std::this_thread::sleep_for(fate_pause);
  }
}

Result<bool> PostgresqlConnection::ask_fate() {
  TRY(begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
  Reader rows(*this);
  TRY(Query query, ask(rows, fate_sql, node_.number, node_.incarnation));
  TRY(const bool found, query.next());
  const bool kept = found && query.integer(0) == node_.group_number;
  rollback();
  if (!found) return unavailable("another process has taken this node's place in the database");
  return kept;
}

Result<std::int64_t> PostgresqlConnection::join(std::string_view name) {
  TRY(const auto now, shared_time());
  TRY(begin_schema_change());
  {
    Reader rows(*this);
    TRY(Query query, ask(rows, join_sql, name, *now));
    TRY(const bool found, query.next());
    CHECK(found);
    node_ = {.number = query.integer(0),
             .incarnation = query.integer(1),
             .group_number = query.integer(2)};
  }
  TRY(channel_->defer("COMMIT", PostgresqlChannel::Wanted::committed));
  TRY(channel_->settle());
  open_ = false;
  return node_.number;
}

Result<void> PostgresqlConnection::run_script(std::string_view script) {
  std::string sql(script);
  for (const auto& [word, replacement] : script_words) {
    for (auto at = sql.find(word); at != std::string::npos; at = sql.find(word, at)) {
      sql.replace(at, word.size(), replacement);
    }
  }
  return channel_->run_script(sql);
}

Result<std::optional<Timestamp>> PostgresqlConnection::shared_time() {
  Reader rows(*this);
  TRY(Query query, ask(rows, now_sql));
  TRY(const bool found, query.next());
  CHECK(found);
  return std::optional(query.time(0));
}

class PostgresqlDriver final : public Driver {
 public:
  PostgresqlDriver(const PostgresqlUrl& url, std::string node)
      : url_(url), node_(std::move(node)) {}

  bool is_shared() const override { return true; }
  std::string_view node() const override { return node_; }
  Result<std::unique_ptr<Connection>> open_writer() override { return open(nullptr); }
  Result<std::unique_ptr<Connection>> open_reader() override { return open(memory_); }

 private:
  Result<std::unique_ptr<Connection>> open(std::shared_ptr<RowMemory> memory) {
    auto connection = std::make_unique<PostgresqlConnection>(url_);
    connection->set_memory(std::move(memory));
    TRY(connection->connect());
    return std::unique_ptr<Connection>(std::move(connection));
  }

  const PostgresqlUrl url_;
  const std::string node_;
  // Shared with the connections, which may outlive the driver.
  const std::shared_ptr<RowMemory> memory_ = std::make_shared<RowMemory>();
};

}  // namespace

std::unique_ptr<Driver> postgresql_driver(const PostgresqlUrl& url, std::string node) {
  return std::make_unique<PostgresqlDriver>(url, std::move(node));
}

}  // namespace hallmark::store
