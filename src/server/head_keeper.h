// Notices a store that was put back to an earlier state: a backup, a copy of its files, a database
// that lost what it had acknowledged. What was revoked since then would be good again. So how far
// the store has come is kept in head files outside of it, written after every revocation before
// anybody is told, and compared at each start and while the service runs. A store that is not as
// far stands still (store/standstill.h) on all its nodes, until an operator accepts it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "model/arn.h"
#include "server/head_file.h"
#include "store/standstill.h"
#include "store/store.h"

namespace hallmark::server {

// How old the head files may be when nothing was revoked since.
inline constexpr auto head_file_interval = std::chrono::seconds(60);

// Why a store that stands so is not what was witnessed, in words for people; nothing: it is, or
// more, or the loss was accepted.
Result<std::optional<std::string>> find_doubt(store::Reader& rows, const store::Standing& standing,
                                              const WitnessedHead& witnessed);

// Safe to call from any thread. What the constructor takes outlives the object, but for the store,
// which is closed first.
class HeadKeeper {
 public:
  struct Parts {
    store::Store& store;
    const Clock& clock;
    const model::Home& home;
  };
  explicit HeadKeeper(const Parts& parts) : parts_(parts) {}
  HeadKeeper(const HeadKeeper&) = delete;
  HeadKeeper& operator=(const HeadKeeper&) = delete;

  // Of a store that was just made: there is nothing to compare it with.
  enum class History { begins, goes_on };
  // Compares the store with the files, writes them, and becomes the store's witness. Once. A file
  // that is missing is warned of, since nothing would be noticed then; one that is not what was
  // written is a doubt. An error: a file cannot be written, or the store does not answer.
  Result<void> begin(std::vector<std::filesystem::path> files, History history);

  // Compares the store with what this process saw last, looks whether it stands still, and
  // refreshes the files when they are old. To be called every second or so while the service runs.
  Result<void> look();

  // Refreshes the files now. For when the service stops.
  Result<void> write_now();

  // Why the store stands still, as of the last look; nothing: it does not.
  std::optional<std::string> standstill() const;

 private:
  struct Seen {
    store::Standing standing;
    WitnessedHead now;
    std::optional<std::string> doubt;  // why it is not as far as it was
    std::int64_t doubt_epoch = 0;      // of what was witnessed
  };
  Result<Seen> compare(const std::vector<WitnessedHead>& with);
  Result<void> judge(const Seen& seen);
  Result<void> stand_still(const Seen& seen);
  struct Found {
    std::vector<WitnessedHead> heads;
    std::optional<std::string> doubt;
    std::string missing;  // one that is not there; empty: all are
  };
  Found read_files() const;
  void note(const store::Head& head);
  Result<void> refresh(const WitnessedHead& now) REQUIRES_LOCK(mutex_);

  const Parts parts_;
  // Both set before other threads come.
  std::vector<std::filesystem::path> files_;
  std::vector<WitnessedHead> found_;  // in them at the start: compared with until it is accepted
  mutable Mutex mutex_;
  std::optional<WitnessedHead> last_ GUARDED_BY(mutex_);  // what was seen of the store
  std::optional<WitnessedHead> written_ GUARDED_BY(mutex_);
  Timestamp written_at_ GUARDED_BY(mutex_) = {};
  std::optional<std::string> standstill_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::server
