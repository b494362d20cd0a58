#include "audit/log_copies.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/log_line.h"
#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::audit {

LogCopy::LogCopy(store::Store& store, std::unique_ptr<LogSink> sink)
    : store_(store), sink_(std::move(sink)), chains_(store) {}

void LogCopy::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void LogCopy::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  const auto last = guarded([&]() -> Result<void> {
    for (bool more = true; more;) {
      TRY(more, step());
    }
    return keep_cursor();
  });
  if (!last) {
    log::error("a copy of the audit log is not up to date",
               {{"sink", std::string(name())}, {"error", describe(last.error())}});
  }
}

void LogCopy::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    busy_since_ = Steady::now().time_since_epoch().count();
    const auto outcome = guarded([&] { return step(); });
    busy_since_ = 0;
    note(outcome);
    if (outcome && *outcome) continue;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, copy_poll, [] { return false; });
  }
}

void LogCopy::note(const Result<bool>& outcome) {
  if (outcome) {
    if (failing_since_.exchange(0) != 0) {
      log::info("a copy of the audit log works again", {{"sink", std::string(name())}});
    }
    if (!has_worked_.exchange(true)) tell_first_step();
    return;
  }
  ++failures_;
  is_open_ = false;
  if (failing_since_ != 0) return;
  failing_since_ = Steady::now().time_since_epoch().count();
  tell_first_step();
  log::error("a copy of the audit log fails",
             {{"sink", std::string(name())}, {"error", describe(outcome.error())}});
}

void LogCopy::tell_first_step() {
  { const std::lock_guard lock(mutex_); }  // who waits has looked, or waits already
  wake_.notify_all();
}

void LogCopy::wait_for_first_step(Steady::time_point deadline) {
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, deadline, [this] { return has_worked_ || failing_since_ != 0; });
}

bool LogCopy::is_sound() const {
  const auto is_longer = [](Steady::rep since, Steady::duration most) {
    return since != 0 && Steady::now().time_since_epoch() - Steady::duration(since) > most;
  };
  return has_worked_ && !is_longer(failing_since_, sink_failing_max) &&
         !is_longer(busy_since_, sink_busy_max) && lag_ <= sink_lag_records_max;
}

Result<bool> LogCopy::step() {
  auto copied = copy_lines();
  TRY(measure_lag());  // also of a sink that fails
  TRY(const std::size_t lines, std::move(copied));
  if (Steady::now() - kept_at_ >= cursor_interval) TRY(keep_cursor());
  return lines >= copy_records_per_write;  // else those to come are gathered for a while
}

// How many.
Result<std::size_t> LogCopy::copy_lines() {
  if (!is_open_ || !sink_->is_current()) TRY(open());
  ahead_ = cursor_;
  ahead_previous_ = previous_;
  TRY(const auto lines, take_lines());
  if (lines.empty()) return 0;
  TRY(sink_->write(lines));
  cursor_ = ahead_;
  previous_ = ahead_previous_;
  return lines.size();
}

Result<void> LogCopy::measure_lag() {
  TRY(const auto end,
      store_.read([&](store::Reader& rows) { return store::find_audit_end(rows, node_); }));
  lag_ = end.sequence - store::sequence_of(cursor_.record);
  return {};
}

// From where the sink says, or the store; before the records that may be lost with what they were
// written to.
Result<void> LogCopy::open() {
  is_open_ = false;
  TRY(node_, store_.write([](store::Transaction& tx) -> Result<std::int64_t> {
    return store::this_node(tx);
  }));
  TRY(kept_, store_.read([&](store::Reader& rows) {
    return store::find_audit_cursor(rows, node_, sink_->name());
  }));
  if (cursor_.record < kept_.record) cursor_ = kept_;
  TRY(const auto last, sink_->open());
  if (last && (!last->is_readable || store::node_of(last->place) == node_)) {
    TRY(const bool is_ours, is_in_store(*last));
    if (is_ours) {
      cursor_.record = last->place;
    } else {
      TRY(begin_anew(*last));
    }
  }
  const std::int64_t first_in_doubt =
      std::max(store::audit_place(node_, 0), cursor_.record - sink_->records_in_doubt());
  arrived_ = std::min(cursor_.record, std::max(arrived_, first_in_doubt));
  TRY(go_to(arrived_));
  is_open_ = true;
  return {};
}

// The next record is the one after this place.
Result<void> LogCopy::go_to(std::int64_t place) {
  cursor_.record = place;
  cursor_.checkpoint = std::min(cursor_.checkpoint, place);
  previous_ = {};
  if (store::sequence_of(place) == 0) return {};
  TRY(const auto record, find_record(place));
  if (!record) {
    return corrupt(fmt::format("the audit log lacks the last record of its copy, {}",
                               store::sequence_of(place)));
  }
  previous_ = record->link;
  return {};
}

Result<std::optional<store::AuditRow>> LogCopy::find_record(std::int64_t place) {
  TRY(auto rows,
      store_.read([&](store::Reader& reader) { return store::list_audit(reader, place - 1, 1); }));
  if (rows.empty() || rows.front().sequence != place) return std::optional<store::AuditRow>();
  return std::optional(std::move(rows.front()));
}

Result<bool> LogCopy::is_in_store(const LastRecord& last) {
  if (!last.is_readable) return false;
  TRY(const auto record, find_record(last.place));
  return record && record->link == last.link;
}

// Where the store says that the copy was both had the same, unless the copy was changed there too.
Result<void> LogCopy::begin_anew(const LastRecord& last) {
  log::error(
      "a copy of the audit log has another last record than the store: it is set aside, and a new "
      "one begins",
      {{"sink", std::string(name())},
       {"record", fmt::format("{}", store::sequence_of(last.place))},
       {"begins_after", fmt::format("{}", store::sequence_of(kept_.record))}});
  ++failures_;
  cursor_ = kept_;
  TRY(sink_->set_aside());
  TRY(sink_->open());
  return {};
}

Result<std::vector<std::string>> LogCopy::take_lines() {
  TRY(const auto rows, store_.read([&](store::Reader& reader) {
    return store::list_audit(reader, ahead_.record, copy_records_per_write);
  }));
  std::vector<std::string> lines;
  for (const store::AuditRow& row : rows) {
    if (store::node_of(row.sequence) != node_) break;
    lines.push_back(text_of(line_of(row, ahead_previous_), sink_->line_bytes_max()));
    ahead_previous_ = row.link;
    ahead_.record = row.sequence;
  }
  TRY(take_checkpoints(ahead_.record, lines));
  return lines;
}

// Those of the records that the sink has, or has with these lines.
Result<void> LogCopy::take_checkpoints(std::int64_t up_to, std::vector<std::string>& lines) {
  TRY(const auto checkpoints, store_.read([&](store::Reader& rows) {
    return store::list_checkpoints(rows, ahead_.checkpoint, copy_records_per_write);
  }));
  for (const store::AuditCheckpoint& checkpoint : checkpoints) {
    if (checkpoint.place > up_to) break;
    TRY(const auto* const chain, chains_.find(checkpoint.certificate));
    lines.push_back(text_of(CheckpointLine{checkpoint, *chain}));
    ahead_.checkpoint = checkpoint.place;
  }
  return {};
}

Result<void> LogCopy::keep_cursor() {
  kept_at_ = Steady::now();
  if (cursor_.record == kept_.record && cursor_.checkpoint == kept_.checkpoint) return {};
  TRY(store_.write(
      [&](store::Transaction& tx) { return store::put_audit_cursor(tx, sink_->name(), cursor_); }));
  kept_ = cursor_;
  return {};
}

LogCopies::LogCopies(store::Store& store, std::vector<std::unique_ptr<LogSink>> sinks, Need need)
    : need_(need) {
  for (auto& sink : sinks) copies_.push_back(std::make_unique<LogCopy>(store, std::move(sink)));
}

void LogCopies::start() {
  for (const auto& copy : copies_) copy->start();
  if (need_ == Need::wanted) return;
  const auto deadline = std::chrono::steady_clock::now() + copies_start_wait;
  for (const auto& copy : copies_) copy->wait_for_first_step(deadline);
  if (!is_open()) {
    log::error(
        "a copy of the audit log that is required does not work: nothing is signed, revoked "
        "or granted until it does");
  }
}

void LogCopies::stop() {
  for (const auto& copy : copies_) copy->stop();
}

std::vector<std::string_view> LogCopies::closing() const {
  std::vector<std::string_view> names;
  if (need_ == Need::wanted) return names;
  for (const auto& copy : copies_) {
    if (!copy->is_sound()) names.push_back(copy->name());
  }
  return names;
}

}  // namespace hallmark::audit
