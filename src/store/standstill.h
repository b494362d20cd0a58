// Rows of standstills: since when nothing is signed, because the store may have lost what happened
// last, until an operator accepts that. They stay, as the store's history.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

struct Standstill {
  std::int64_t number = 0;  // 1, 2, 3, …: that of the epoch which begins when it is accepted
  std::string cause;        // for people
  Timestamp noticed_at;
};

// Where the store is in its history.
struct Standing {
  std::int64_t epoch = 0;  // the number of the newest standstill that was accepted; 0: none
  std::optional<Standstill> standstill = {};  // the newest that nobody has accepted
};
Result<Standing> find_standing(Reader& rows);

// As many as an operator could look at.
inline constexpr int standstills_listed_max = 100;
// Those that nobody has accepted, the oldest first.
Result<std::vector<Standstill>> list_open_standstills(Reader& rows);

// Conflict: another node has noticed it too.
Result<void> insert_standstill(Transaction& tx, const Standstill& standstill);

struct Acceptance {
  std::int64_t last = 0;  // the number of the last that the operator has looked at
  Timestamp time;
  std::string reason;  // in the operator's words
};
// Of all to that number that nobody has accepted. Not found: there is none.
Result<void> accept_standstills(Transaction& tx, const Acceptance& acceptance);

}  // namespace hallmark::store
