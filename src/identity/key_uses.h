// Keeps when an access key was used last, beside the key.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "store/identities.h"
#include "store/store.h"

namespace hallmark::identity {

// Safe to call from any thread. The store outlives the object and is closed before it goes.
class KeyUses {
 public:
  explicit KeyUses(store::Store& store) : store_(store) {}

  // Does not wait: the note is written soon, with those that come meanwhile. One that finds too
  // many others waiting is lost, and so is one that the store refuses.
  void note(std::string_view access_key_id, std::string_view service, Timestamp time);

 private:
  void write(std::vector<store::AccessKeyUse> uses);
  void write_waiting();

  store::Store& store_;
  Mutex mutex_;
  std::vector<store::AccessKeyUse> waiting_ GUARDED_BY(mutex_);
  bool writing_ GUARDED_BY(mutex_) = false;
};

}  // namespace hallmark::identity
