#include "http/places.h"

#include <algorithm>

#include "base/check.h"

namespace hallmark::http {
namespace {

constexpr std::size_t ipv6_network_bytes = 8;  // a /64

Places::Source source_of(const AddressBlock& address) {
  Places::Source source = address.bytes;
  if (!address.is_ipv4()) std::fill(source.begin() + ipv6_network_bytes, source.end(), 0);
  return source;
}

}  // namespace

void Places::set_bounds(std::size_t in_all, std::size_t of_each_source) {
  const MutexLock lock(mutex_);
  in_all_max_ = in_all;
  of_each_source_max_ = of_each_source;
}

Places::Outcome Places::take(const std::optional<AddressBlock>& address) {
  const MutexLock lock(mutex_);
  if (in_all_ >= in_all_max_) {
    ++refused_;
    return {.place = {}, .full = Full::all};
  }
  std::optional<Source> source;
  if (address) {
    source = source_of(*address);
    std::size_t& connections = of_source_[*source];
    if (connections >= of_each_source_max_) {
      ++refused_;
      return {.place = {}, .full = Full::of_source};
    }
    ++connections;
  }
  ++in_all_;
  ++taken_;
  Outcome outcome;
  outcome.place.emplace(*this, source);
  return outcome;
}

ServerCounts Places::counts() const {
  const MutexLock lock(mutex_);
  return {.open = in_all_, .accepted = taken_, .refused = refused_};
}

void Places::leave(const std::optional<Source>& source) {
  const MutexLock lock(mutex_);
  CHECK(in_all_ > 0);
  --in_all_;
  if (!source) return;
  const auto found = of_source_.find(*source);
  CHECK(found != of_source_.end());
  if (--found->second == 0) of_source_.erase(found);
}

}  // namespace hallmark::http
