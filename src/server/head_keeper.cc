#include "server/head_keeper.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/head.h"

namespace hallmark::server {
namespace {

std::string doubt_of(store::HeadFate fate, const store::Head& head) {
  const std::int64_t sequence = store::sequence_of(head.place);
  if (fate == store::HeadFate::lost) {
    return fmt::format("The store ends before audit record {}, which it had once.", sequence);
  }
  return fmt::format("The store has another audit record {} than it had once.", sequence);
}

}  // namespace

Result<std::optional<std::string>> find_doubt(store::Reader& rows, const store::Standing& standing,
                                              const WitnessedHead& witnessed) {
  std::optional<std::string> doubt;
  // What was lost has been accepted since it was witnessed.
  if (witnessed.epoch < standing.epoch) return doubt;
  TRY(const auto fate, store::find_fate(rows, witnessed.head));
  if (fate != store::HeadFate::kept) {
    doubt = doubt_of(fate, witnessed.head);
  } else if (witnessed.epoch > standing.epoch) {
    doubt = "The store is older than its last acceptance.";
  }
  return doubt;
}

Result<void> HeadKeeper::begin(std::vector<std::filesystem::path> files, History history) {
  files_ = std::move(files);
  Found found;
  if (history == History::goes_on) found = read_files();
  found_ = std::move(found.heads);
  TRY(Seen seen, compare(found_));
  if (!seen.doubt) seen.doubt = found.doubt;
  // One that has not written yet has nothing that could be lost.
  const bool is_new = history == History::begins || store::sequence_of(seen.now.head.place) == 0;
  // Nor has one that stands still: `hallmark restore` makes none, and has said why.
  const bool is_expected = is_new || seen.standing.standstill;
  if (!found.missing.empty() && !seen.doubt && !is_expected) {
    log::warning(
        "a head file is missing: if the store was put back to an earlier state, that may go "
        "unnoticed this time; it is written anew",
        {{"file", found.missing}});
  }
  TRY(judge(seen));
  parts_.store.set_witness([this](const store::Head& head) { note(head); });
  return {};
}

HeadKeeper::Found HeadKeeper::read_files() const {
  Found found;
  for (const std::filesystem::path& path : files_) {
    if (auto witnessed = read_head_file(path)) {
      found.heads.push_back(*witnessed);
    } else if (witnessed.error().kind != ErrorKind::not_found) {
      found.doubt = fmt::format("The head file {} is not what was written.", path.string());
      log::warning("a head file is of no use",
                   {{"file", path.string()}, {"reason", describe(witnessed.error())}});
    } else {
      found.missing = path.string();
    }
  }
  return found;
}

Result<void> HeadKeeper::look() {
  std::vector<WitnessedHead> with = found_;
  {
    // Before the store is read, so that the snapshot holds at least what was seen here.
    const MutexLock lock(mutex_);
    if (last_) with.push_back(*last_);
  }
  TRY(const Seen seen, compare(with));
  return judge(seen);
}

Result<HeadKeeper::Seen> HeadKeeper::compare(const std::vector<WitnessedHead>& with) {
  return parts_.store.read([&](store::Reader& rows) -> Result<Seen> {
    Seen seen;
    TRY(seen.standing, store::find_standing(rows));
    TRY(seen.now.head, store::find_head(rows, parts_.store.node_number()));
    seen.now.epoch = seen.standing.epoch;
    for (const WitnessedHead& witnessed : with) {
      TRY(auto doubt, find_doubt(rows, seen.standing, witnessed));
      if (!doubt) continue;
      seen.doubt = std::move(doubt);
      seen.doubt_epoch = std::max(seen.doubt_epoch, witnessed.epoch);
    }
    return seen;
  });
}

Result<void> HeadKeeper::judge(const Seen& seen) {
  const auto& open = seen.standing.standstill;
  Result<void> noticed;  // that it could not be written down does not open anything
  if (seen.doubt && (!open || open->number <= seen.doubt_epoch)) noticed = stand_still(seen);
  const MutexLock lock(mutex_);
  const bool stood_still = standstill_.has_value();
  standstill_ = open ? open->cause : seen.doubt;
  if (standstill_) {
    if (!stood_still) {
      log::error("nothing is signed until `hallmark accept-restore` ends it",
                 {{"cause", *standstill_}});
    }
    return noticed;  // the files are what shows it, and stay
  }
  if (stood_still) log::info("the store is accepted as it is; signing goes on");
  const bool is_overtaken =
      last_ && last_->epoch == seen.now.epoch && last_->head.place > seen.now.head.place;
  if (!is_overtaken) last_ = seen.now;
  const bool is_old = parts_.clock.now() - written_at_ >= head_file_interval;
  const bool begins_epoch = !written_ || written_->epoch != last_->epoch;
  return is_old || begins_epoch ? refresh(*last_) : Result<void>();
}

Result<void> HeadKeeper::stand_still(const Seen& seen) {
  const auto& open = seen.standing.standstill;
  const Timestamp now = parts_.clock.now();
  const store::Standstill standstill{
      .number = std::max({seen.standing.epoch, seen.doubt_epoch, open ? open->number : 0}) + 1,
      .cause = *seen.doubt,
      .noticed_at = now};
  const auto record =
      audit::record_event("SuspectRollback", now, parts_.home, {{"cause", standstill.cause}});
  auto noticed = parts_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(store::insert_standstill(tx, standstill));
    return store::append_audit(tx, record);
  });
  // Another node was first.
  if (!noticed && noticed.error().kind == ErrorKind::conflict) return {};
  return noticed;
}

Result<void> HeadKeeper::write_now() {
  TRY(look());
  const MutexLock lock(mutex_);
  if (standstill_ || !last_) return {};
  return refresh(*last_);
}

// On the writer's thread. A revocation is in effect even where it cannot be witnessed, so that is
// for the log.
void HeadKeeper::note(const store::Head& head) {
  const MutexLock lock(mutex_);
  if (standstill_ || !last_) return;
  last_ = WitnessedHead{.epoch = last_->epoch, .head = head};
  if (auto written = refresh(*last_); !written) {
    log::error("a revocation could not be witnessed: nobody would notice its loss",
               {{"error", describe(written.error())}});
  }
}

Result<void> HeadKeeper::refresh(const WitnessedHead& now) {
  written_at_ = parts_.clock.now();
  if (written_ == now) return {};
  Result<void> outcome;  // what can be written is, whatever became of the others
  for (const std::filesystem::path& path : files_) {
    auto written = write_head_file(path, now);
    if (!written) outcome = std::move(written);
  }
  if (outcome) written_ = now;
  return outcome;
}

std::optional<std::string> HeadKeeper::standstill() const {
  const MutexLock lock(mutex_);
  return standstill_;
}

}  // namespace hallmark::server
