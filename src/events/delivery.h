// All deliverers of a service, one for each target that is configured; none: nothing is written
// into the outbox.
#pragma once

#include <memory>
#include <vector>

#include "events/deliverer.h"
#include "model/job.h"
#include "store/outbox.h"

namespace hallmark::events {

// Any thread, but start and stop.
class Delivery {
 public:
  // What the parts name outlives it.
  explicit Delivery(const DelivererParts& parts) : parts_(parts) {}

  void add(std::unique_ptr<Target> target);  // before start
  void start();
  void stop();

  // What is to be written into the outbox in the transaction that ends this job: one for its owner
  // and one for its invoker where that is another account, for each target that has room.
  std::vector<store::JobEvent> events_of_end(const model::Job& job);
  const std::vector<std::unique_ptr<Deliverer>>& deliverers() const { return deliverers_; }

 private:
  const DelivererParts parts_;
  std::vector<std::unique_ptr<Deliverer>> deliverers_;
};

}  // namespace hallmark::events
