// Places: how many connections a listener has, in all and of each address. Private to http.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/address.h"
#include "base/mutex.h"
#include "http/server.h"

namespace hallmark::http {

// Any thread. Outlives its places.
class Places {
 public:
  // An IPv6 host has a whole /64 to choose its addresses from: these count as one.
  using Source = std::array<std::uint8_t, 16>;

  // One connection's place, given back when it goes.
  class Place {
   public:
    Place(Places& places, std::optional<Source> source) : places_(&places), source_(source) {}
    ~Place() {
      if (places_ != nullptr) places_->leave(source_);
    }
    Place(Place&& other) noexcept
        : places_(std::exchange(other.places_, nullptr)), source_(other.source_) {}
    Place& operator=(Place&&) = delete;

   private:
    Places* places_;
    std::optional<Source> source_;
  };

  enum class Full { all, of_source };
  struct Outcome {
    std::optional<Place> place;
    Full full = Full::all;  // without a place
  };

  Places() = default;
  // Before the first take().
  void set_bounds(std::size_t in_all, std::size_t of_each_source);

  // For a connection of `address`, which counts for itself; nothing: in all only.
  Outcome take(const std::optional<AddressBlock>& address);
  ServerCounts counts() const;

 private:
  void leave(const std::optional<Source>& source);

  mutable Mutex mutex_;
  std::size_t in_all_max_ GUARDED_BY(mutex_) = 0;
  std::size_t of_each_source_max_ GUARDED_BY(mutex_) = 0;
  std::size_t in_all_ GUARDED_BY(mutex_) = 0;
  std::uint64_t taken_ GUARDED_BY(mutex_) = 0;
  std::uint64_t refused_ GUARDED_BY(mutex_) = 0;
  std::map<Source, std::size_t> of_source_ GUARDED_BY(mutex_);
};
using Place = Places::Place;

}  // namespace hallmark::http
