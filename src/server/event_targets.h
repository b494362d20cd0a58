// The targets of events, as they are configured.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "events/delivery.h"
#include "server/configuration.h"

namespace hallmark::server {

// Invalid: the webhook's secret cannot be read, or is none.
Result<void> add_event_targets(const EventSettings& settings, const Clock& clock,
                               events::Delivery& delivery);

}  // namespace hallmark::server
