#include "server/health.h"

#include <fmt/format.h>

#include "base/guarded.h"
#include "base/log.h"
#include "base/operator_words.h"

namespace hallmark::server {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 2s;     // with a check, before it is the cause itself
constexpr auto kept_for = 500ms;  // what the checks found

std::string name_of_phase(Health::Phase phase) {
  return phase == Health::Phase::starting ? "starting" : "draining";
}

// Says it in the log when it begins and when it is over, and not at each probe.
void log_changes(const std::vector<Cause>& before, const std::vector<Cause>& now) {
  if (before.empty() && !now.empty()) {
    log::warning("not ready", {{"cause", now.front().name}, {"reason", now.front().reason}});
  }
  if (!before.empty() && now.empty()) log::info("ready again");
}

}  // namespace

void Health::enter(Phase phase) {
  const std::lock_guard lock(mutex_);
  phase_ = phase;
}

std::vector<Cause> Health::causes() {
  std::unique_lock lock(mutex_);
  if (phase_ != Phase::serving) {
    return {{name_of_phase(phase_), fmt::format("the service is {}", name_of_phase(phase_))}};
  }
  const Time asked = std::chrono::steady_clock::now();
  if (finished_ + kept_for > asked) return found_;
  if (running_.empty()) {
    thread_.run([this] { run_checks(); });
    running_ = "checks";  // until the first begins
    began_ = asked;
  }
  changed_.wait_until(lock, began_ + patience, [&] { return finished_ >= asked; });
  if (finished_ >= asked) return found_;
  const auto waited = std::chrono::steady_clock::now() - began_;
  return {{running_.empty() ? "checks" : std::string(running_),
           fmt::format("no answer for {} s",
                       std::chrono::duration_cast<std::chrono::seconds>(waited).count())}};
}

// Whatever happens, those who wait are told, and the next to ask has the checks run again.
void Health::run_checks() {
  std::vector<Cause> causes;
  const auto ran = guarded([&] { causes = find_causes(); });
  if (!ran) log::error("the checks of readiness failed", {{"error", describe(ran.error())}});
  const std::lock_guard lock(mutex_);
  running_ = {};
  if (ran) {
    log_changes(found_, causes);
    found_ = std::move(causes);
    finished_ = std::chrono::steady_clock::now();
  }
  changed_.notify_all();
}

std::vector<Cause> Health::find_causes() {
  std::vector<Cause> causes;
  for (const Check& check : checks_) {
    {
      const std::lock_guard lock(mutex_);
      running_ = check.name;
      began_ = std::chrono::steady_clock::now();
    }
    const auto fine = guarded([&] { return check.run(); });
    if (!fine) causes.push_back({std::string(check.name), words_of(fine.error())});
  }
  return causes;
}

}  // namespace hallmark::server
