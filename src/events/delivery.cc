#include "events/delivery.h"

namespace hallmark::events {

void Delivery::add(std::unique_ptr<Target> target) {
  deliverers_.push_back(std::make_unique<Deliverer>(parts_, std::move(target)));
}

void Delivery::start() {
  for (const auto& deliverer : deliverers_) deliverer->start();
}

void Delivery::stop() {
  for (const auto& deliverer : deliverers_) deliverer->stop();
}

std::vector<store::JobEvent> Delivery::events_of_end(const model::Job& job) {
  std::vector<store::JobEvent> events;
  std::vector<model::AccountId> told = {job.owner};
  if (job.invoker != job.owner) told.push_back(job.invoker);
  const Timestamp at = job.completed_at.value_or(parts_.clock.now());
  for (const auto& deliverer : deliverers_) {
    if (!deliverer->accepts()) continue;
    for (const model::AccountId& account : told) {
      events.push_back({.id = Uuid::v7(at, parts_.random),
                        .target = deliverer->kind(),
                        .account = account,
                        .owner = job.owner,
                        .job = job.id,
                        .status = job.status,
                        .at = at});
    }
  }
  return events;
}

}  // namespace hallmark::events
