// The outbox: events that are to be delivered, written in the transaction of what they tell. A row
// for each event and target, gone when it is delivered. Rows of one job go to a target in their
// order.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "model/job.h"
#include "store/store.h"

namespace hallmark::store {

enum class EventTarget { webhook = 0, standard_output = 1 };  // the numbers are stored

struct JobEvent {
  Uuid id;  // version 7, the same on every attempt: receivers tell repeats by it
  EventTarget target = EventTarget::webhook;
  model::AccountId account;  // who is told
  model::AccountId owner;    // of the job
  model::JobId job;
  model::JobStatus status = model::JobStatus::succeeded;
  Timestamp at;
};
struct ClaimedEvent {
  Result<JobEvent> event;  // corrupt: its row breaks its own rules
  int attempts = 0;        // this one counted
};
struct OutboxSize {
  std::int64_t rows = 0;  // counted up to the bound that was asked for
  std::optional<Timestamp> oldest_at;
};

Result<void> add_event(Transaction& tx, const JobEvent& event);

// Whether claim_event would find one: a look that writes nothing.
Result<bool> event_waits(Reader& rows, EventTarget target, Timestamp now);
// Takes the event whose time has come, until `lease_until`; counts an attempt. Nothing: none waits.
// One that cannot be read would be before all others for ever: it is removed, and told of.
Result<std::optional<ClaimedEvent>> claim_event(Transaction& tx, EventTarget target, Timestamp now,
                                                Timestamp lease_until);
// It is tried again at `not_before`. What is not there any more is fine, here and below.
Result<void> put_off_event(Transaction& tx, const JobEvent& event, Timestamp not_before);
Result<void> remove_event(Transaction& tx, const JobEvent& event);

Result<OutboxSize> measure_outbox(Reader& rows, EventTarget target, std::int64_t rows_max);

}  // namespace hallmark::store
