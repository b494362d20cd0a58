#include "store/postgresql_channel.h"

#include <poll.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/log.h"

namespace hallmark::store {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_deadline = 6s;  // libpq's own connect_timeout counts for each host alone
// The server gives a statement up before we give the server up (see session_script).
constexpr auto answer_deadline = 20s;

constexpr int binary = 1;

// A lock that another node holds longer than this is that of a node that stands still, whose
// session the server ends then. synchronous_commit may be stricter than `on`, never laxer.
constexpr char session_script[] =
    "SET client_min_messages = warning; "
    "SET statement_timeout = '15s'; "
    "SET lock_timeout = '8s'; "
    "SET idle_in_transaction_session_timeout = '5s'; "
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') IN ('off', 'local')";

int wait_millis(std::chrono::steady_clock::time_point deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return int(std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::milliseconds>(left).count() + 1));
}

// Whether the socket became ready; an interrupted wait counts as ready.
bool wait_for(int socket, short events, std::chrono::steady_clock::time_point deadline) {
  pollfd ready = {.fd = socket, .events = events, .revents = 0};
  const int count = ::poll(&ready, 1, wait_millis(deadline));
  return count > 0 || (count < 0 && errno == EINTR);
}

// Without its end of line.
std::string message_of(PGconn* session) {
  std::string text = PQerrorMessage(session);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<PostgresqlSession> connect(const PostgresqlUrl& url) {
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : url.options()) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  PostgresqlSession session(PQconnectStartParams(names.data(), values.data(), 0));
  if (session == nullptr) return unavailable("PostgreSQL: out of memory");
  const auto deadline = std::chrono::steady_clock::now() + connect_deadline;
  auto state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED || PQstatus(session.get()) == CONNECTION_BAD) {
      return unavailable("PostgreSQL: " + message_of(session.get()));
    }
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!wait_for(PQsocket(session.get()), events, deadline)) {
      return unavailable("PostgreSQL: no connection in time");
    }
    state = PQconnectPoll(session.get());
  }
  return session;
}

// Of a session that the server ends: it shuts down, crashed, or will not have us any longer.
bool ends_session(std::string_view state) {
  return state.empty() || state.starts_with("08") || state.starts_with("57P") || state == "25P03";
}

std::string_view field(const PGresult* answer, int code) {
  const char* text = PQresultErrorField(answer, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// How many a statement wrote.
std::string_view rows_of(PGresult* answer) { return PQcmdTuples(answer); }

Error error_by_state(std::string_view state, std::string detail) {
  const auto with_detail = [&](Error error) {
    error.detail = std::move(detail);
    return error;
  };
  if (state == "23505") return with_detail(conflict("It is there already."));
  if (state == "23503") return with_detail(not_found("What it refers to is not there."));
  if (state == "22021" || state == "22P05") {
    return with_detail(invalid("A text holds characters that cannot be stored."));
  }
  if (state.starts_with("40")) {
    return with_detail(conflict("The transaction met another one."));
  }
  if (state.starts_with("XX001") || state.starts_with("XX002")) {
    return with_detail(corrupt("The store is damaged."));
  }
  // Short of something, waited too long, or read-only for a while (a failover).
  for (const std::string_view temporary : {"53", "55", "57", "25006", "25P0"}) {
    if (state.starts_with(temporary)) return unavailable(std::move(detail));
  }
  return internal_error(std::move(detail));
}

}  // namespace

void PostgresqlValues::set_integer(int parameter, std::int64_t value) {
  std::string bytes(8, '\0');
  auto rest = std::uint64_t(value);
  for (std::size_t i = bytes.size(); i-- > 0; rest >>= 8) bytes[i] = char(rest & 0xff);
  set(parameter, std::move(bytes));
}

PostgresqlValues::View PostgresqlValues::view() const {
  View view;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    view.values.push_back(present_[i] != 0 ? held_[i].c_str() : nullptr);
    view.lengths.push_back(int(held_[i].size()));
    view.formats.push_back(binary);
  }
  return view;
}

Result<std::unique_ptr<PostgresqlChannel>> PostgresqlChannel::open(const PostgresqlUrl& url) {
  TRY(auto session, connect(url));
  if (PQsetnonblocking(session.get(), 1) != 0 || PQenterPipelineMode(session.get()) != 1) {
    return internal_error("PostgreSQL: " + message_of(session.get()));
  }
  PQsetNoticeProcessor(
      session.get(), [](void*, const char*) {}, nullptr);  // else on stderr
  auto channel = std::make_unique<PostgresqlChannel>(std::move(session));
  TRY(channel->run_script(session_script));
  return channel;
}

Result<void> PostgresqlChannel::defer(const char* sql, Wanted wanted) {
  return defer(sql, PostgresqlValues(0), wanted);
}

Result<void> PostgresqlChannel::defer(const char* sql, const PostgresqlValues& values,
                                      Wanted wanted) {
  if (!is_alive()) return lost("no session");
  const auto view = values.view();
  const int sent =
      PQsendQueryParams(session_.get(), sql, int(values.count()), nullptr, view.values.data(),
                        view.lengths.data(), view.formats.data(), binary);
  return queued(sent, {.kind = Expected::Kind::control, .wanted = wanted});
}

Result<void> PostgresqlChannel::defer_prepare(const std::string& name, const std::string& sql,
                                              bool* prepared) {
  if (!is_alive()) return lost("no session");
  const int sent = PQsendPrepare(session_.get(), name.c_str(), sql.c_str(), 0, nullptr);
  return queued(sent, {.kind = Expected::Kind::prepare, .prepared = prepared});
}

Result<PostgresqlAnswer> PostgresqlChannel::run(const std::string& name,
                                                const PostgresqlValues& values) {
  TRY(send_prepared(name, values, {.kind = Expected::Kind::rows}));
  TRY(end_of_batch());
  return collect();
}

Result<void> PostgresqlChannel::post(const std::string& name, const PostgresqlValues& values) {
  return send_prepared(name, values,
                       {.kind = Expected::Kind::control, .wanted = Wanted::presumed_row});
}

Result<void> PostgresqlChannel::send_prepared(const std::string& name,
                                              const PostgresqlValues& values, Expected expected) {
  if (!is_alive()) return lost("no session");
  const auto view = values.view();
  const int sent =
      PQsendQueryPrepared(session_.get(), name.c_str(), int(values.count()), view.values.data(),
                          view.lengths.data(), view.formats.data(), binary);
  return queued(sent, expected);
}

Result<void> PostgresqlChannel::settle() {
  if (!is_alive()) return lost("no session");
  if (expected_.empty()) return {};
  TRY(end_of_batch());
  const auto collected = collect();
  if (!collected) return collected.error();
  return {};
}

Result<void> PostgresqlChannel::send() {
  if (!is_alive()) return lost("no session");
  return end_of_batch();
}

Result<void> PostgresqlChannel::run_script(const std::string& script) {
  TRY(settle());
  if (PQexitPipelineMode(session_.get()) != 1 || PQsendQuery(session_.get(), script.c_str()) != 1) {
    return lost("script");
  }
  Result<void> outcome;
  const auto deadline = std::chrono::steady_clock::now() + answer_deadline;
  for (;;) {
    TRY(const auto answer, next_answer(deadline));
    if (answer == nullptr) break;
    const auto status = PQresultStatus(answer.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || !outcome) continue;
    outcome = error_of(answer.get());
  }
  if (PQenterPipelineMode(session_.get()) != 1) return lost("pipeline");
  return outcome;
}

void PostgresqlChannel::listen() {
  if (!is_alive()) return;
  static_cast<void>(collect());  // of what was sent and not waited for
  if (!is_alive()) return;
  // Between batches the server says nothing but that it ends: a message, then the end itself.
  for (int read = 0; read < 2; ++read) {
    if (PQconsumeInput(session_.get()) == 1 && !PQisBusy(session_.get()) &&
        PQstatus(session_.get()) != CONNECTION_BAD) {
      continue;
    }
    static_cast<void>(lost("ended by the server"));
    return;
  }
}

Result<void> PostgresqlChannel::queued(int sent, Expected expected) {
  if (sent != 1) return lost("send");
  expected_.push_back(expected);
  return {};
}

Result<void> PostgresqlChannel::end_of_batch() {
  if (PQpipelineSync(session_.get()) != 1) return lost("send");
  expected_.push_back({.kind = Expected::Kind::end});
  return {};
}

Result<PostgresqlAnswer> PostgresqlChannel::collect() {
  PostgresqlAnswer rows;
  Result<void> outcome;
  const auto deadline = std::chrono::steady_clock::now() + answer_deadline;
  while (!expected_.empty()) {
    const Expected expected = expected_.front();
    TRY(auto answer, next_answer(deadline));
    if (answer == nullptr) return lost("an answer is missing");
    expected_.pop_front();
    if (expected.kind == Expected::Kind::end) {
      if (PQresultStatus(answer.get()) != PGRES_PIPELINE_SYNC) return lost("out of step");
      continue;
    }
    auto judged = judge(expected, answer, rows);
    if (!judged && outcome) outcome = std::move(judged);
    if (!is_alive()) return outcome.error();
    TRY(const auto separator, next_answer(deadline));
    if (separator != nullptr) return lost("out of step");
  }
  if (!outcome) return std::move(outcome.error());
  return rows;
}

Result<void> PostgresqlChannel::judge(const Expected& expected, PostgresqlAnswer& answer,
                                      PostgresqlAnswer& rows) {
  const auto status = PQresultStatus(answer.get());
  if (status == PGRES_PIPELINE_ABORTED) return unavailable("PostgreSQL: an earlier step failed");
  if (expected.wanted == Wanted::presumed_row) return judge_presumed(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return error_of(answer.get());
  if (expected.prepared != nullptr) *expected.prepared = true;
  const std::string_view tag = PQcmdStatus(answer.get());
  switch (expected.wanted) {
    case Wanted::nothing:
    case Wanted::presumed_row: break;
    case Wanted::own_row:
      if (rows_of(answer.get()) != "1") {
        return unavailable("another process has taken this node's place in the database");
      }
      break;
    case Wanted::committed:
      // COMMIT of a failed transaction says ROLLBACK, without an error.
      if (tag != "COMMIT") return conflict("The transaction was rolled back.");
      break;
  }
  if (expected.kind == Expected::Kind::rows) rows = std::move(answer);
  return {};
}

// Whose fault it is shows when the units are run again.
Result<void> PostgresqlChannel::judge_presumed(PGresult* answer) {
  Error why = conflict("A row was presumed to be written.");
  if (PQresultStatus(answer) == PGRES_COMMAND_OK) {
    if (rows_of(answer) == "1") return {};
  } else {
    Error failure = error_of(answer);
    if (!is_alive()) return failure;
    why.detail = std::move(failure.detail);
  }
  must_roll_back_ = true;
  return why;
}

Result<PostgresqlAnswer> PostgresqlChannel::next_answer(Deadline deadline) {
  TRY(wait_for_answer(deadline));
  return PostgresqlAnswer(PQgetResult(session_.get()));
}

Result<void> PostgresqlChannel::wait_for_answer(Deadline deadline) {
  for (;;) {
    const int unsent = PQflush(session_.get());
    if (unsent < 0) return lost("send");
    if (!PQisBusy(session_.get())) return {};
    const short events = unsent > 0 ? short(POLLIN | POLLOUT) : short(POLLIN);
    if (!wait_for(PQsocket(session_.get()), events, deadline)) return lost("no answer in time");
    if (PQconsumeInput(session_.get()) != 1) return lost("receive");
  }
}

// Only the primary message: the details repeat values.
Error PostgresqlChannel::error_of(const PGresult* answer) {
  const std::string state(field(answer, PG_DIAG_SQLSTATE));
  std::string detail =
      fmt::format("PostgreSQL {}: {}", state, field(answer, PG_DIAG_MESSAGE_PRIMARY));
  if (ends_session(state)) return lost(detail);
  if (state.starts_with("40")) must_roll_back_ = true;
  return error_by_state(state, std::move(detail));
}

Error PostgresqlChannel::lost(std::string_view what) {
  std::string detail(what);
  if (session_ != nullptr) detail += ": " + message_of(session_.get());
  session_.reset();
  expected_.clear();
  return unavailable("PostgreSQL: " + detail);
}

}  // namespace hallmark::store
