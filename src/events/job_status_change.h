// An event as EventBridge shows it: "Signer Job Status Change" of the source aws.signer.
#pragma once

#include <string>

#include "model/arn.h"
#include "model/job.h"
#include "store/outbox.h"

namespace hallmark::events {

// One line of JSON. `job` is the event's own.
std::string render_event(const store::JobEvent& event, const model::Job& job,
                         const model::Home& home);

}  // namespace hallmark::events
