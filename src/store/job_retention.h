// Rows of signing jobs as the sweeper walks over them: by primary key, owner by owner, oldest
// first.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/job.h"
#include "store/store.h"

namespace hallmark::store {

// The owner of jobs that comes after this one; nothing for `after`: the first.
Result<std::optional<model::AccountId>> find_next_owner(
    Reader& rows, const std::optional<model::AccountId>& after);

// What decides how long a job is kept.
struct KeptJob {
  model::JobId id;
  model::JobStatus status = model::JobStatus::in_progress;
  std::optional<Timestamp> completed_at;
  std::optional<Timestamp> signature_expires_at;
};

// Ids from `from` on, without it, to before `to`.
struct JobStretch {
  model::JobId after;
  model::JobId to;
};

// The owner's jobs in the stretch, at most `count`, oldest first.
Result<std::vector<KeptJob>> list_kept_jobs(Reader& rows, const model::AccountId& owner,
                                            const JobStretch& stretch, std::size_t count);

// How many went: a job in progress stays, whoever names it.
Result<std::size_t> remove_jobs(Transaction& tx, const model::AccountId& owner,
                                std::span<const model::JobId> ids);

}  // namespace hallmark::store
