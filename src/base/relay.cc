#include "base/relay.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/guarded.h"
#include "base/limits.h"

namespace hallmark {

Result<std::unique_ptr<Relay>> Relay::start(Sink& to) {
  auto relay = std::unique_ptr<Relay>(new Relay(to));
  const auto started = guarded([&] { relay->thread_ = std::thread([&r = *relay] { r.work(); }); });
  if (!started) return unavailable("a thread could not be started");
  return relay;
}

Relay::~Relay() {
  {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }
  end();
}

Result<void> Relay::write(ByteView bytes) {
  while (!bytes.empty()) {
    TRY(const MutableByteView into, room(bytes.size()));
    std::memcpy(into.data(), bytes.data(), into.size());
    filling_.used += into.size();
    bytes = bytes.subspan(into.size());
  }
  return {};
}

Result<void> Relay::read(const ReadAt& from, std::uint64_t offset, std::uint64_t length) {
  while (length > 0) {
    TRY(const MutableByteView into, room(length));
    TRY(from.read_at(offset, into));
    filling_.used += into.size();
    offset += into.size();
    length -= into.size();
  }
  return {};
}

// Where the next bytes go: at least one, at most `bytes_max`.
Result<MutableByteView> Relay::room(std::uint64_t bytes_max) {
  if (filling_.used == filling_.bytes.size()) TRY(hand_on());
  const std::size_t left = filling_.bytes.size() - filling_.used;
  return MutableByteView(filling_.bytes)
      .subspan(filling_.used, std::size_t(std::min<std::uint64_t>(left, bytes_max)));
}

Result<void> Relay::finish() {
  if (filling_.used > 0) TRY(hand_on());
  end();
  return outcome_;  // nobody else is left who would change it
}

// Queues the buffer at hand, if there is anything in it, and takes an empty one.
Result<void> Relay::hand_on() {
  std::unique_lock lock(mutex_);
  CHECK(!is_ended_);
  if (waiting_.size() >= buffers_waiting_max) {
    has_room_.wait(lock, [this] { return !outcome_ || waiting_.size() <= buffers_at_wake; });
  }
  if (!outcome_) return outcome_;
  if (filling_.used > 0) waiting_.push_back(std::exchange(filling_, {}));
  if (!spare_.empty()) {
    filling_ = std::move(spare_.back());
    spare_.pop_back();
  }
  const bool is_worth_waking = waiting_.size() >= buffers_at_wake;
  lock.unlock();
  if (is_worth_waking) has_work_.notify_one();
  filling_.bytes.resize(limits::copy_buffer_bytes);
  filling_.used = 0;
  return {};
}

void Relay::work() {
  while (auto buffer = next()) {
    auto outcome = guarded([&] { return to_.write(ByteView(buffer->bytes).first(buffer->used)); });
    if (!give_back(*std::move(buffer), std::move(outcome))) return;
  }
}

// Nothing: there will be no more.
std::optional<Relay::Buffer> Relay::next() {
  std::unique_lock lock(mutex_);
  if (waiting_.empty()) {
    has_work_.wait(lock, [this] { return is_ended_ || waiting_.size() >= buffers_at_wake; });
  }
  if (waiting_.empty()) return std::nullopt;
  Buffer buffer = std::move(waiting_.front());
  waiting_.pop_front();
  const bool is_worth_waking = waiting_.size() <= buffers_at_wake;
  lock.unlock();
  if (is_worth_waking) has_room_.notify_one();
  return buffer;
}

// Whether the work goes on.
bool Relay::give_back(Buffer buffer, Result<void> outcome) {
  const std::lock_guard lock(mutex_);
  if (outcome) {
    spare_.push_back(std::move(buffer));
    return true;
  }
  outcome_ = std::move(outcome);
  waiting_.clear();
  has_room_.notify_one();
  return false;
}

void Relay::end() {
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
  }
  has_work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Result<void> relayed(Sink& to, std::uint64_t bytes_expected,
                     const std::function<Result<void>(Sink& to)>& produce) {
  if (bytes_expected < relayed_bytes_min) return produce(to);
  TRY(const auto relay, Relay::start(to));
  TRY(produce(*relay));
  return relay->finish();
}

Result<void> relay_all(const ReadAt& from, Sink& to) {
  if (from.size() < relayed_bytes_min) return copy_range(from, 0, from.size(), to);
  TRY(const auto relay, Relay::start(to));
  TRY(relay->read(from, 0, from.size()));
  return relay->finish();
}

}  // namespace hallmark
