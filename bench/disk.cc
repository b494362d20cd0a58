#include "bench/disk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "crypto/random.h"
#include "crypto/signer.h"

namespace hallmark::bench {
namespace {

constexpr off_t page_bytes = 4096;
constexpr off_t log_pages = 4096;  // 16 MiB, written over and over
constexpr std::uint8_t digest[48] = {1, 2, 3};

class NamelessFile {
 public:
  explicit NamelessFile(const std::string& folder)
      : descriptor_(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {}
  ~NamelessFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;

  Result<void> write(off_t page) {
    if (::pwrite(descriptor_, page_.data(), page_.size(), page * page_bytes) != page_bytes)
      return system_error("pwrite", errno);
    return {};
  }
  Result<void> sync() {
    if (::fdatasync(descriptor_) != 0) return system_error("fdatasync", errno);
    return {};
  }

 private:
  const int descriptor_;
  const std::array<char, page_bytes> page_ = {};
};

using Clock = std::chrono::steady_clock;

// When each signature is asked for.
class Arrivals {
 public:
  explicit Arrivals(double rate) : has_rate_(rate > 0), gap_(has_rate_ ? rate : 1) {}

  // Waits for the next one.
  Clock::time_point next(Clock::time_point now) {
    if (!has_rate_) return now;
    due_ +=
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(gap_(random_)));
    std::this_thread::sleep_until(due_);
    return due_;
  }

 private:
  const bool has_rate_;
  Clock::time_point due_ = Clock::now();
  std::minstd_rand random_{1};
  std::exponential_distribution<double> gap_;  // seconds between two
};

}  // namespace

Result<std::vector<double>> measure_durable_signatures(const DurableOptions& options) {
  crypto::SystemRandom random;
  TRY(auto key, crypto::generate_private_key(crypto::KeyKind::p384, random));
  TRY(auto signer, crypto::software_signer(key, random));
  // Without it the kernel may wake us 50 µs after one is due.
  if (::prctl(PR_SET_TIMERSLACK, 1UL) != 0) return system_error("prctl", errno);
  NamelessFile file(options.folder);
  for (off_t page = 0; page < log_pages; ++page) TRY(file.write(page));
  TRY(file.sync());

  std::vector<double> times;
  Arrivals arrivals(options.rate);
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  auto now = Clock::now();
  for (auto asked = arrivals.next(now); asked < end; asked = arrivals.next(now)) {
    TRY(auto signature, signer->sign_digest(crypto::SignatureAlgorithm::ecdsa_sha384, digest));
    TRY(file.write(off_t(times.size()) % log_pages));
    TRY(file.sync());
    now = Clock::now();
    times.push_back(std::chrono::duration<double, std::micro>(now - asked).count());
  }
  std::ranges::sort(times);
  return times;
}

}  // namespace hallmark::bench
