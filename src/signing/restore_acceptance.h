// An operator accepts a store that was restored or put back to an earlier state, so that signing
// goes on (store/standstill.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/task.h"
#include "model/arn.h"
#include "store/standstill.h"
#include "store/store.h"

namespace hallmark::signing {

inline constexpr std::size_t acceptance_reason_bytes_max = 500;

struct AcceptRestore {
  static constexpr std::string_view action = "hallmark:AcceptRestore";
  static constexpr bool restricts = true;

  std::vector<std::int64_t> numbers;  // of all that are listed: the operator has seen them
  std::string reason;                 // printable, 1 to acceptance_reason_bytes_max

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// What there is to accept.
struct ListStandstills {
  static constexpr std::string_view action = "hallmark:ListStandstills";

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// Safe to call from any thread. What the constructor takes outlives the object.
class RestoreAcceptance {
 public:
  RestoreAcceptance(store::Store& store, const Clock& clock, model::Home home)
      : store_(store), clock_(clock), home_(std::move(home)) {}

  // Those that nobody has accepted, the oldest first.
  Result<std::vector<store::Standstill>> list(const access::Permitted<ListStandstills>& permitted);

  // Durable and audited before `then` gets what was accepted. What was not listed, being noticed
  // later or beyond store::standstills_listed_max, stands still further. Not found: nothing stands
  // still. Invalid: the numbers are not those of the list.
  void accept(access::Permitted<AcceptRestore> permitted,
              Then<std::vector<store::Standstill>> then);

 private:
  store::Store& store_;
  const Clock& clock_;
  const model::Home home_;
};

}  // namespace hallmark::signing
