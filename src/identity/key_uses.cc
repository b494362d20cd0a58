#include "identity/key_uses.h"

#include <string>
#include <utility>

#include "base/log.h"

namespace hallmark::identity {
namespace {

constexpr std::size_t waiting_max = 1000;  // and so in one transaction

}  // namespace

void KeyUses::note(std::string_view access_key_id, std::string_view service, Timestamp time) {
  store::AccessKeyUse use{std::string(access_key_id), time, std::string(service)};
  {
    const MutexLock lock(mutex_);
    if (writing_) {
      if (waiting_.size() < waiting_max) waiting_.push_back(std::move(use));
      return;
    }
    writing_ = true;
  }
  write({std::move(use)});
}

void KeyUses::write(std::vector<store::AccessKeyUse> uses) {
  store_.write(store::Work([uses = std::move(uses)](store::Transaction& tx) -> Result<void> {
                 for (const auto& use : uses) TRY(store::note_access_key_use(tx, use));
                 return {};
               }),
               store::Done([this](Result<void> outcome) {
                 if (!outcome) {
                   log::error("the last use of access keys was not written",
                              {{"error", describe(outcome.error())}});
                 }
                 write_waiting();
               }));
}

void KeyUses::write_waiting() {
  std::vector<store::AccessKeyUse> uses;
  {
    const MutexLock lock(mutex_);
    writing_ = !waiting_.empty();
    if (!writing_) return;
    uses.swap(waiting_);
  }
  write(std::move(uses));
}

}  // namespace hallmark::identity
